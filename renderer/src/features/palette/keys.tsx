import { Modal } from '@mantine/core';
import { overlay, useExternal } from '#renderer/lib';

const isMac = navigator.platform.startsWith('Mac');

/** @param keys e.g. `mod K`; @returns as they are written on this system */
export function keysOf(keys: string): string {
  return isMac
    ? keys.replace('mod ', '⌘').replace('shift ', '⇧')
    : keys.replace('mod ', 'Ctrl ').replace('shift ', 'Shift ');
}

const KEYS: readonly (readonly [string, string])[] = [
  ['mod K', 'Commands and sessions'],
  ['mod O', 'Choose files to upload'],
  ['F6', 'Next area of the window'],
  ['shift F6', 'Area before'],
  ['↑ ↓', 'Move in a list; letters jump to a name'],
  ['Enter', 'Open: the rows of a file, a folder, a column'],
  ['Space', 'Pause, resume or try a file again; mark in the picker'],
  ['Del', 'Cancel a transfer; delete a session (asks first)'],
  ['Esc', 'Close the details or a dialog'],
  ['?', 'This list'],
];

export function KeysDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'keys') return null;
  return (
    <Modal opened onClose={() => overlay.set(null)} title="Keyboard shortcuts" size={440}>
      <dl className="keys-list">
        {KEYS.map(([keys, effect]) => (
          <div key={keys}>
            <dt>
              <kbd className="keys">{keysOf(keys)}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
