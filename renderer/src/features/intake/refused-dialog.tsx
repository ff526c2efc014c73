import { Button, Modal } from '@mantine/core';
import { formatCount } from '#shared/lib';
import { ErrorNote, Middle } from '#renderer/components';
import { overlay, useExternal } from '#renderer/lib';
import './refused-dialog.css';

const SHOWN = 200;

/** Which files were not taken, why, and what to do about each. */
export function RefusedDialog() {
  const open = useExternal(overlay);
  const close = () => overlay.set(null);
  if (open?.kind !== 'refused') return null;
  const { refused, total, added } = open;
  const title = total === 1 ? 'One file was not taken' : `${formatCount(total)} files were not taken`;
  return (
    <Modal opened onClose={close} title={title} size={560}>
      <p className="dim">
        {added === 0
          ? 'Nothing was uploaded.'
          : `The other ${added === 1 ? 'one was' : `${formatCount(added)} were`} taken.`}
      </p>
      <ul className="refused">
        {refused.slice(0, SHOWN).map(({ name, error }) => (
          <li key={`${name}:${error.code}`}>
            <h3>
              <Middle text={name} />
            </h3>
            <ErrorNote report={error} />
          </li>
        ))}
      </ul>
      {total > SHOWN && <p className="dim">and {formatCount(total - SHOWN)} more.</p>}
      <div className="dialog-actions">
        <Button onClick={close}>Close</Button>
      </div>
    </Modal>
  );
}
