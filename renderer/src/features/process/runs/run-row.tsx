import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type Run } from '#shared/domain';
import { formatCount, formatDuration } from '#shared/lib';
import { attempt, FORMAT_WORDS, Middle, RUN_GLYPHS, runWord, StateGlyph, When } from '#renderer/components';
import { goSession } from '#renderer/lib';
import { useRun, useWorkbench } from '#renderer/state';

const STEPS = ['fetching', 'loading', 'transforming', 'writing', 'checking', 'uploading'] as const;

export const isRunning = ({ state: { kind } }: Run): boolean =>
  kind !== 'done' && kind !== 'failed' && kind !== 'cancelled';

/** How much of the stage under way is done, 0 to 1; null where that is not known. */
export const shareOf = ({ progress }: Run): number | null =>
  progress === null || progress.total === 0 ? null : progress.committed / progress.total;

interface Props {
  readonly id: string;
  readonly onChoose: () => void;
}

export function RunRow({ id, onChoose }: Props) {
  const run = useRun(id);
  const { client } = useWorkbench();
  if (run === undefined) return null;
  const { state, recipe, sourceName, formats, createdAt, counts, progress } = run;
  const left = progress?.secondsLeft ?? null;
  const share = shareOf(run);
  return (
    <li className="run">
      <button type="button" className="run-main" onClick={onChoose}>
        <StateGlyph kind={RUN_GLYPHS[state.kind]} />
        <span className="run-text">
          <span className="run-title">
            <b>{recipe.name}</b>
            <Middle text={sourceName} />
          </span>
          <span className="dim run-line">
            {isRunning(run) ? (
              <>
                {runWord(state)}
                {share !== null && ` ${Math.floor(share * 100)} %`}
                {left !== null && `, ${formatDuration(left)} left`}
              </>
            ) : (
              <>
                {state.kind === 'failed' ? state.error.message : runWord(state)}
                {counts !== null &&
                  state.kind === 'done' &&
                  `: ${formatCount(counts.rowsIn)} rows in, ${formatCount(counts.rowsOut)} out`}
              </>
            )}
          </span>
        </span>
        <span className="dim run-when">
          {formats.map((format) => FORMAT_WORDS[format]).join(', ')}
          <When at={createdAt} />
        </span>
      </button>
      {isRunning(run) && (
        <ActionIcon
          aria-label={`Cancel the run on ${sourceName}`}
          title="Cancel"
          onClick={() => attempt(() => client.runs.cancel({ id }))}
        >
          <IconX size={16} />
        </ActionIcon>
      )}
      {state.kind === 'done' && (
        <Button variant="subtle" onClick={() => goSession(run.sessionId, 'results')}>
          Results
        </Button>
      )}
      {isRunning(run) && <Stages run={run} />}
    </li>
  );
}

/** Stages as segments; the one under way fills as far as is known. */
export function Stages({ run }: { readonly run: Run }) {
  const share = shareOf(run);
  const at = STEPS.findIndex((kind) => kind === run.state.kind);
  return (
    <div className="stages" aria-hidden="true">
      {STEPS.map((kind, index) => (
        <span key={kind}>
          <i style={{ transform: `scaleX(${index < at ? 1 : index === at ? (share ?? 0.5) : 0})` }} />
        </span>
      ))}
    </div>
  );
}
