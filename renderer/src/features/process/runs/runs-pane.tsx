import { ErrorNote, Loading } from '#renderer/components';
import { toReport } from '#renderer/lib';
import type { useRuns } from '#renderer/state';
import { RunDetails } from './run-details.tsx';
import { RunRow } from './run-row.tsx';

interface Props {
  readonly runs: ReturnType<typeof useRuns>;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

/** All runs of the session, newest first, or one of them. */
export function RunsPane({ runs, chosen, onChoose }: Props) {
  if (chosen !== null) return <RunDetails id={chosen} onClose={() => onChoose(null)} />;
  return (
    <div className="runs">
      {runs.error !== null && <ErrorNote report={toReport(runs.error)} onRetry={runs.reload} />}
      {runs.loading && runs.records.length === 0 && <Loading label="Reading the runs" rows={3} />}
      {!runs.loading && runs.error === null && runs.records.length === 0 && (
        <p className="dim">
          None yet. Press Run: what it does is shown here step by step, with what became of every row.
        </p>
      )}
      <ul>
        {runs.records.map(({ id }) => (
          <RunRow key={id} id={id} onChoose={() => onChoose(id)} />
        ))}
      </ul>
    </div>
  );
}
