/** How long the browser may take to begin reading what it is to save. */
const READ_MS = 60_000;

/** Gives a text to the browser, or to the desktop's dialog, to be saved under a name. */
export function saveFile(
  name: string,
  type: 'text/html' | 'application/json' | 'text/csv' | 'text/plain',
  text: string,
): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** The same for what is more than text. */
export function saveBlob(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}
