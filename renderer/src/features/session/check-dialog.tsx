import { Button, Modal } from '@mantine/core';
import { type Difference, type FileCheck, type Session, type Verification } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { counted, ErrorNote, Loading, Middle, StateGlyph, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';

/** Asks the store about every file of a session again, and says what came out. Closing it stops asking. */
export function CheckDialog({
  session: { id, files },
  onClose,
}: {
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const { client } = useWorkbench();
  const { answer, ask } = useQuestion((signal) => client.sessions.verify({ id }, { signal }), [client, id], {
    atOnce: true,
  });
  return (
    <Modal opened onClose={onClose} title="Check again" size={640}>
      <div className="check" aria-live="polite">
        {answer.kind === 'asking' && (
          <Loading label={`Asking the bucket about ${counted(files.done, 'file')}`} rows={3} />
        )}
        {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
        {answer.kind === 'answered' && <Outcome {...answer.value} />}
      </div>
      <div className="dialog-actions">
        <Button variant="default" onClick={onClose} data-autofocus>
          {answer.kind === 'asking' ? 'Stop' : 'Close'}
        </Button>
      </div>
    </Modal>
  );
}

function Outcome({
  verification,
  checks,
}: {
  readonly verification: Verification;
  readonly checks: readonly FileCheck[];
}) {
  const { files, agree, neverArrived } = verification;
  const isGood = agree === files;
  return (
    <>
      <p className="check-verdict">
        <StateGlyph kind={isGood ? 'done' : 'failed'} />
        {sentence(verification)}
      </p>
      {neverArrived > 0 && (
        <p className="dim">{counted(neverArrived, 'file')} never arrived, so there is nothing to check.</p>
      )}
      <p className="dim">
        The bucket was asked for size, ETag, version and its own checksum of each. To read all bytes again,
        save the manifest and run <span className="mono">sluice verify --deep</span>.
      </p>
      {checks.length > 0 && (
        // Reached by Tab so that it can be scrolled without a mouse.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ol className="check-list" tabIndex={0} aria-label="Files that do not agree">
          {checks.map((check) => (
            <Line key={check.key} check={check} />
          ))}
        </ol>
      )}
      {checks.length < files - agree && (
        <p className="dim">{counted(files - agree - checks.length, 'more file')} like these.</p>
      )}
    </>
  );
}

function sentence({ files, agree, differ, unchecked }: Verification): string {
  if (files === 0) return 'Nothing arrived yet, so there is nothing to check.';
  if (agree === files) {
    return files === 1
      ? 'The file is there as it was proven.'
      : `All ${counted(files, 'file')} are there as they were proven.`;
  }
  if (files === 1)
    return differ === 1 ? 'The file is not as it was proven.' : 'The file could not be checked.';
  const parts = [
    ...(differ === 0 ? [] : [`${counted(differ, 'file')} ${differ === 1 ? 'differs' : 'differ'}`]),
    ...(unchecked === 0 ? [] : [`${counted(unchecked, 'file')} could not be checked`]),
  ];
  return `Of ${counted(files, 'file')}, ${parts.join(' and ')}.`;
}

function Line({ check }: { readonly check: FileCheck }) {
  return (
    <li>
      <Middle text={check.path} title={check.key} />
      {check.outcome === 'differs' &&
        check.differences.map((difference) => (
          <div key={difference.what} className="dim check-difference">
            {words(difference)}
          </div>
        ))}
      {check.outcome === 'unchecked' && (
        <div className="dim check-difference">Could not be checked: {check.error.message}</div>
      )}
    </li>
  );
}

function words({ what, expected, found }: Difference): string {
  switch (what) {
    case 'object':
      return 'The object is not there any more.';
    case 'file':
      return found === 'missing' ? 'The file is not there.' : `It is ${found}, and not ${expected}.`;
    case 'size':
      return `It has ${Number(found).toLocaleString('en-US')} bytes instead of ${Number(expected).toLocaleString('en-US')}.`;
    case 'etag':
      return `It was replaced: its ETag is ${found} instead of ${expected}.`;
    case 'version':
      return `Another version stands there: ${found} instead of ${expected}.`;
    case 'crc32':
      return `Its content is other: CRC-32 ${found} instead of ${expected}.`;
    case 'sha256':
      return `Its content is other: SHA-256 ${found} instead of ${expected}.`;
    default:
      return assertNever(what);
  }
}
