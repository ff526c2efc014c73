import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Run, type RunCounts } from '#shared/domain';
import { formatBytes, formatCount, formatDuration } from '#shared/lib';
import {
  attempt,
  CopyButton,
  Details,
  ErrorNote,
  Fact,
  Facts,
  FORMAT_WORDS,
  runWord,
  Section,
  When,
} from '#renderer/components';
import { useRun, useWorkbench } from '#renderer/state';
import { OutputsOfRun } from './outputs-of-run.tsx';
import { isRunning, Stages } from './run-row.tsx';
import { StepTable } from './step-table.tsx';

export function RunDetails({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const run = useRun(id);
  const { client } = useWorkbench();
  if (run === undefined) return null;
  const { state, recipe, formats, createdAt, finishedAt, counts, progress, transferId, inputs, options } =
    run;
  const again = () =>
    attempt(() => client.runs.start({ transferId, recipe, inputs, formats: [...formats], options }));
  return (
    <Details title="Run" label={`Run of ${recipe.name} on ${run.sourceName}`} onClose={onClose}>
      <Section title="Now">
        <Facts>
          <Fact name="State">{runWord(state)}</Fact>
          {progress !== null && isRunning(run) && (
            <Fact name="So far" number>
              {formatBytes(progress.committed)} of {formatBytes(progress.total)}
            </Fact>
          )}
          {progress !== null && progress.secondsLeft !== null && isRunning(run) && (
            <Fact name="Left" number>
              {formatDuration(progress.secondsLeft)}
            </Fact>
          )}
          <Fact name="Recipe">{recipe.name}</Fact>
          <Fact name="Target column">{recipe.target ?? 'none'}</Fact>
          <Fact name="Writes">{formats.map((format) => FORMAT_WORDS[format]).join(', ')}</Fact>
          <Fact name="Started" number>
            <When at={createdAt} />
          </Fact>
          {finishedAt !== null && (
            <Fact name="Took" number>
              {formatDuration((finishedAt - createdAt) / 1000)}
            </Fact>
          )}
        </Facts>
        {isRunning(run) && (
          <>
            <Stages run={run} />
            <div className="details-actions">
              <Button variant="default" onClick={() => attempt(() => client.runs.cancel({ id }))}>
                Cancel the run
              </Button>
            </div>
          </>
        )}
        {isRunning(run) && (
          <p className="dim details-if">If Sluice is closed now, the run begins anew when it starts again.</p>
        )}
        {state.kind === 'failed' && (
          <div className="details-note">
            <ErrorNote report={state.error} onRetry={again} />
          </div>
        )}
        {state.kind === 'cancelled' && (
          <div className="details-actions">
            <Button variant="default" onClick={again}>
              Run it again
            </Button>
          </div>
        )}
      </Section>
      {state.kind === 'done' && <OutputsOfRun run={run} />}
      {counts !== null && <Counts counts={counts} />}
      {counts !== null && counts.steps.length > 0 && <StepTable run={run} steps={counts.steps} />}
      {run.sql !== null && <Sql run={run} sql={run.sql} />}
    </Details>
  );
}

/** What became of the rows: the sum must be seen to come out. */
function Counts({ counts }: { readonly counts: RunCounts }) {
  const { rowsIn, rowsOut, duplicates, removed, added, rejected, misfits } = counts;
  const columns = Object.entries(misfits).filter(([, count]) => count > 0);
  return (
    <Section title="What became of the rows">
      <Facts>
        <Fact name="Rows in" number>
          {formatCount(rowsIn)}
        </Fact>
        <Fact name="Exact duplicates" number>
          {duplicates === 0 ? '0' : `− ${formatCount(duplicates)}`}
        </Fact>
        {removed > 0 && (
          <Fact name="Taken out by other steps" number>
            − {formatCount(removed)}
          </Fact>
        )}
        {added > 0 && (
          <Fact name="Added by steps" number>
            + {formatCount(added)}
          </Fact>
        )}
        <Fact name="Rows out" number>
          <b>{formatCount(rowsOut)}</b>
        </Fact>
        <Fact name="Rejected lines" number>
          {formatCount(rejected)}
        </Fact>
      </Facts>
      {columns.length > 0 && (
        <>
          <p className="dim details-if">Values that did not fit their column and became null:</p>
          <Facts>
            {columns.map(([name, count]) => (
              <Fact key={name} name={name} number>
                {formatCount(count)}
              </Fact>
            ))}
          </Facts>
        </>
      )}
    </Section>
  );
}

function Sql({ run, sql }: { readonly run: Run; readonly sql: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title="SQL">
      <div className="details-actions run-sql-head">
        <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide the SQL' : 'Show the SQL it ran'}
        </Button>
        <CopyButton text={sql} label={`Copy the SQL of ${run.recipe.name}`} />
      </div>
      {open && <pre className="run-sql mono">{sql}</pre>}
    </Section>
  );
}
