import { Button, Modal } from '@mantine/core';
import { type OnExistingFile } from '#shared/domain';
import { counted, Middle } from '#renderer/components';
import { overlay, useExternal } from '#renderer/lib';
import './downloads.css';

/** Names that are said; the rest is counted. */
const SAID = 5;

const CHOICES: readonly {
  readonly existing: OnExistingFile;
  readonly label: string;
  readonly what: string;
}[] = [
  { existing: 'rename', label: 'Keep both', what: 'The new file is called “name (2)”.' },
  {
    existing: 'skip',
    label: 'Skip those that are the same',
    what: 'A file with other content stays too, and its download says so.',
  },
  { existing: 'replace', label: 'Replace', what: 'The old file stays until the new one is proven.' },
];

/** What is to become of files that stand where downloads would go. */
export function InTheWayDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'in-the-way') return null;
  const { count, names, onChosen } = open;
  const close = () => overlay.set(null);
  const more = count - Math.min(names.length, SAID);
  return (
    <Modal opened onClose={close} title={`Already there: ${counted(count, 'file')}`} size={440}>
      <ul className="in-the-way">
        {names.slice(0, SAID).map((name) => (
          <li key={name}>
            <Middle text={name} />
          </li>
        ))}
        {more > 0 && <li className="dim">and {more.toLocaleString('en-US')} more</li>}
      </ul>
      <div className="in-the-way-choices">
        {CHOICES.map(({ existing, label, what }, index) => (
          <div key={existing}>
            <Button
              variant="default"
              fullWidth
              data-autofocus={index === 0 ? true : undefined}
              onClick={() => {
                close();
                onChosen(existing);
              }}
            >
              {label}
            </Button>
            <p className="dim">{what}</p>
          </div>
        ))}
      </div>
      <div className="dialog-actions">
        <Button variant="subtle" color="gray" onClick={close}>
          Cancel
        </Button>
      </div>
    </Modal>
  );
}
