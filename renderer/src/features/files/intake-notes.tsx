import { Button } from '@mantine/core';
import { type Session } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { attempt, counted } from '#renderer/components';
import { overlay } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

const SHOWN = 200;

/** What came of the folders of a session: still being looked through, not taken, left out by choice. */
export function IntakeNotes({ session }: { readonly session: Session }) {
  const { client } = useWorkbench();
  const { id, scanning, refused, leftOut, files } = session;
  const left = [
    said(leftOut.hidden, 'hidden', 'hidden'),
    said(leftOut.systemFiles, 'of the system', 'of the system'),
    said(leftOut.links, 'link', 'links'),
  ].flat();
  const show = () =>
    attempt(async () => {
      const { total, refused: list } = await client.sessions.refused({ id, offset: 0, limit: SHOWN });
      overlay.set({ kind: 'refused', refused: list, total, added: files.total });
    });
  return (
    <>
      {scanning !== null && (
        <span className="dim files-note">Looking for more: {counted(scanning.found, 'file')} found</span>
      )}
      {refused > 0 && (
        <Button variant="subtle" color="red" className="files-note" onClick={show}>
          {formatCount(refused)} not taken
        </Button>
      )}
      {left.length > 0 && (
        <span
          className="dim files-note"
          title="By choice: the folder options say what is taken. What is below a folder is not counted."
        >
          Left out: {left.join(', ')}
        </span>
      )}
    </>
  );
}

const said = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? one : many}`];
