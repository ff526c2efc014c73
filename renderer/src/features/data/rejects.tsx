import { IconCircleCheck } from '@tabler/icons-react';
import { formatCount } from '#shared/lib';
import { Empty, ErrorNote, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { Asking } from './asking.tsx';

const LIMIT = 200;

/** Lines that could not be cut into rows: where they are, why, and their very text. */
export function Rejects({ transferId }: { readonly transferId: string }) {
  const { client } = useWorkbench();
  const { answer, ask, cancel } = useQuestion(
    (signal) => client.tables.rejects({ transferId, offset: 0, limit: LIMIT }, { signal }),
    [client, transferId],
    { atOnce: true },
  );
  if (answer.kind === 'failed') {
    return (
      <div className="panel-note">
        <ErrorNote report={answer.report} onRetry={ask} />
      </div>
    );
  }
  if (answer.kind === 'asking') {
    return <Asking what="Looking for lines that are no rows" since={answer.since} onCancel={cancel} />;
  }
  if (answer.kind === 'idle') return <Empty title="Not looked for">Choose “Rejected lines” again.</Empty>;
  if (answer.value.rejects.length === 0) {
    return (
      <Empty icon={<IconCircleCheck size={32} stroke={1.5} />} title="No line was rejected">
        Every line of this file could be read as a row.
      </Empty>
    );
  }
  return (
    // Scrolled by keyboard as well.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="rejects" tabIndex={0} role="region" aria-label="Rejected lines">
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              Line
            </th>
            <th scope="col">Why</th>
            <th scope="col">Column</th>
            <th scope="col">Text of the line</th>
          </tr>
        </thead>
        <tbody>
          {answer.value.rejects.map(({ line, byte, column, reason, raw }) => (
            <tr key={`${line}:${byte}`}>
              <td className="number" title={`at byte ${formatCount(byte)}`}>
                {formatCount(line)}
              </td>
              <td>{reason}</td>
              <td>{column ?? '–'}</td>
              <td className="mono rejects-raw">{raw}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.value.total > LIMIT && <p className="dim rejects-more">The first {LIMIT} are shown.</p>}
    </div>
  );
}
