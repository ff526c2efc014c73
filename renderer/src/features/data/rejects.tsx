import { Button } from '@mantine/core';
import { IconCheck, IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useCallback } from 'react';
import { type RejectsPage } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { type Answer, counted, Empty, ErrorNote, useAction } from '#renderer/components';
import { saveFile } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { Asking } from './asking.tsx';
import { type Rejected } from './fix-form.tsx';

/** Lines that are listed at most. */
export const MOST_LINES = 1000;

interface Props {
  readonly transferId: string;
  readonly answer: Answer<RejectsPage>;
  readonly shown: number;
  readonly onMore: () => void;
  readonly onAsk: () => void;
  readonly onCancel: () => void;
  readonly chosen: number | null;
  readonly onFix: (line: Rejected) => void;
  /** Fixes came or went. */
  readonly onChanged: () => void;
}

/** Lines that could not be cut into rows: where they are, why, their very text, and what can be done about them. */
export function Rejects(props: Props) {
  const { transferId, answer, shown, onMore, onAsk, onCancel, chosen, onFix, onChanged } = props;
  const { client } = useWorkbench();
  const unfix = useAction(
    useCallback(
      async (byte: number) => {
        await client.tables.unfix({ transferId, byte });
        onChanged();
      },
      [client, transferId, onChanged],
    ),
  );
  const save = useAction(
    useCallback(
      async (as: 'csv' | 'lines') => {
        const { name, text } = await client.tables.exportRejects({ transferId, as });
        saveFile(name, as === 'csv' ? 'text/csv' : 'text/plain', text);
      },
      [client, transferId],
    ),
  );
  if (answer.kind === 'failed') {
    return (
      <div className="panel-note">
        <ErrorNote report={answer.report} onRetry={onAsk} />
      </div>
    );
  }
  if (answer.kind === 'asking') {
    return <Asking what="Looking for lines that are no rows" since={answer.since} onCancel={onCancel} />;
  }
  if (answer.kind === 'idle') {
    return (
      <Empty title="Not looked for" actions={<Button onClick={onAsk}>Look for rejected lines</Button>}>
        The whole file is read for that.
      </Empty>
    );
  }
  const { total, kept, fixed, rejects, lost } = answer.value;
  if (total === 0 && lost.length === 0) {
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
      <div className="rejects-sum">
        <p>
          <b>{counted(total - fixed, 'rejected line')}</b>
          {fixed > 0 && `, ${formatCount(fixed)} fixed and part of the table`}
          {kept < total && (
            <span className="dim"> · the first {formatCount(kept)} were kept with their text</span>
          )}
        </p>
        <span className="toolbar-gap" />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={save.busy}
          onClick={() => save.run('csv')}
        >
          Save as CSV
        </Button>
        <Button variant="default" loading={save.busy} onClick={() => save.run('lines')}>
          Save the lines
        </Button>
      </div>
      {lost.length > 0 && (
        <div className="rejects-lost" role="status">
          {counted(lost.length, 'fix', 'fixes')} no longer apply: the file, or how it is read, has changed.
          They are not part of the table.
          {lost.map(({ byte }) => (
            <Button key={byte} variant="subtle" size="compact-xs" onClick={() => unfix.run(byte)}>
              Forget the one at byte {formatCount(byte)}
            </Button>
          ))}
        </div>
      )}
      {rejects.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col" className="number">
                Line
              </th>
              <th scope="col">Why</th>
              <th scope="col">Text of the line</th>
              <th scope="col">
                <span className="unseen">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rejects.map((reject) => {
              const { line, byte, reason, raw } = reject;
              return (
                <tr key={byte} data-chosen={chosen === byte || undefined}>
                  <td className="number" title={`at byte ${formatCount(byte)}`}>
                    {formatCount(line)}
                  </td>
                  <td>
                    {reject.fixed === null ? (
                      reason
                    ) : (
                      <span className="rejects-fixed">
                        <IconCheck size={14} aria-hidden="true" /> Fixed
                      </span>
                    )}
                  </td>
                  <td className="mono rejects-raw">{raw}</td>
                  <td className="rejects-do">
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={`Fix line ${formatCount(line)}`}
                      onClick={() => onFix(reject)}
                    >
                      {reject.fixed === null ? 'Fix' : 'Change'}
                    </Button>
                    {reject.fixed !== null && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        aria-label={`Reject line ${formatCount(line)} again`}
                        onClick={() => unfix.run(byte)}
                      >
                        Undo
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {shown < kept && (
        <div className="rejects-more">
          {shown < MOST_LINES && (
            <Button variant="default" onClick={onMore}>
              Show more
            </Button>
          )}
          <span className="dim">
            {formatCount(shown)} of {formatCount(kept)}
            {shown >= MOST_LINES && ' are listed; save them to see all'}
          </span>
        </div>
      )}
    </div>
  );
}
