import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useState } from 'react';
import { type Custody, type Session } from '#shared/domain';
import { tell, useAction } from '#renderer/components';
import { useWorkbench } from '#renderer/state';

const NOTHING: Custody = { caseNumber: '', examiner: '', note: '' };

/** Whose evidence the files of a session are. */
export function CustodyDialog({
  session: { id, custody },
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const { client } = useWorkbench();
  const [fields, setFields] = useState<Custody>(custody ?? NOTHING);
  const { run, busy } = useAction(
    useCallback(async () => {
      const isEmpty = Object.values(fields).every((text) => text.trim() === '');
      await client.sessions.setCustody({ id, custody: isEmpty ? null : fields });
      onClose();
      tell(isEmpty ? 'The case was taken off this session.' : 'The case was noted.');
    }, [client, id, fields, onClose]),
  );
  const set = (change: Partial<Custody>) => setFields({ ...fields, ...change });
  const keep = (event: FormEvent) => {
    event.preventDefault();
    run();
  };
  return (
    <Modal opened onClose={onClose} title="Case and examiner" size={440}>
      <form className="custody-form" onSubmit={keep}>
        <p className="dim">They go into the manifest of this session and on the pages of its receipts.</p>
        <TextInput
          label="Case number"
          maxLength={200}
          value={fields.caseNumber}
          data-autofocus
          onChange={(event) => set({ caseNumber: event.currentTarget.value })}
        />
        <TextInput
          label="Examiner"
          maxLength={200}
          value={fields.examiner}
          onChange={(event) => set({ examiner: event.currentTarget.value })}
        />
        <Textarea
          label="Note"
          maxLength={4000}
          autosize
          minRows={3}
          maxRows={10}
          value={fields.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
