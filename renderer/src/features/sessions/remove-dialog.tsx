import { Button, Modal } from '@mantine/core';
import { useCallback } from 'react';
import { type Session } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { counted, tell, useAction } from '#renderer/components';
import { goHome, overlay, route, useExternal } from '#renderer/lib';
import { useSession, useWorkbench } from '#renderer/state';

/** The one question Sluice asks before it acts: this cannot be undone. */
export function RemoveDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'remove-session') return null;
  return <Ask id={open.id} />;
}

function Ask({ id }: { readonly id: string }) {
  const { client } = useWorkbench();
  const session = useSession(id);
  const isDownload = session?.folder !== null && session !== undefined;
  const remove = useCallback(async () => {
    await client.sessions.remove({ id });
    overlay.set(null);
    const here = route.get();
    if (here.kind === 'session' && here.id === id) goHome();
    tell(isDownload ? 'The download was taken off the list.' : 'The session and its objects were deleted.');
  }, [client, id, isDownload]);
  const { run, busy } = useAction(remove);
  const close = () => overlay.set(null);
  if (session === undefined) return null;
  if (session.folder !== null)
    return <AskDownload session={session} busy={busy} onRemove={run} onClose={close} />;
  const { title, files, bytes, outputs, bucket, prefix } = session;
  return (
    <Modal opened onClose={close} title="Delete this session?" size={440}>
      <p>
        “{title}” has {counted(files.total, 'file')} ({formatBytes(bytes.total)}) and{' '}
        {counted(outputs, 'result')}. All of it is deleted from the bucket, and what is still on its way is
        stopped. The files you uploaded from stay where they are.
      </p>
      <p className="mono dim remove-place">
        s3://{bucket}/{prefix}/
      </p>
      <p>This cannot be undone.</p>
      <div className="dialog-actions">
        <Button variant="default" onClick={close} data-autofocus>
          Keep it
        </Button>
        <Button color="red.9" loading={busy} onClick={run}>
          Delete it
        </Button>
      </div>
    </Modal>
  );
}

function AskDownload({
  session: { title, folder },
  busy,
  onRemove,
  onClose,
}: {
  readonly session: Session;
  readonly busy: boolean;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title="Take this download off the list?" size={440}>
      <p>
        Files of “{title}” that came stay where they are, and so do the objects in the bucket. What is still
        on its way is stopped, and its unfinished files are deleted.
      </p>
      <p className="mono dim remove-place">{folder}</p>
      <div className="dialog-actions">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button color="red.9" loading={busy} onClick={onRemove}>
          Take it off
        </Button>
      </div>
    </Modal>
  );
}
