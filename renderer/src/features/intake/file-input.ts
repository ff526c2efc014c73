/** The browser's own dialog. Must be called in answer to a click or a key. */
export function openFileInput(folder: boolean, onChosen: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  input.hidden = true;
  input.setAttribute('aria-hidden', 'true');
  input.addEventListener('change', () => {
    onChosen([...(input.files ?? [])]);
    input.remove();
  });
  input.addEventListener('cancel', () => input.remove());
  document.body.append(input);
  input.click();
}
