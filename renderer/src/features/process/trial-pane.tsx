import { Loader } from '@mantine/core';
import type { RecipePreview } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { ErrorNote, Loading } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import type { DraftStore } from './draft/index.ts';
import { Overview, RowsPane, sampleWords, SqlPane, StepChanges, type Tried } from './preview/index.ts';
import { stepTitle, unfinishedReason } from './steps/index.ts';
import type { TriedRecipe } from './use-recipe.ts';

export const PANES = ['changes', 'rows', 'sql'] as const;
export type Pane = (typeof PANES)[number];

interface Props {
  readonly pane: Pane;
  readonly store: DraftStore;
  readonly tried: TriedRecipe;
}

/** What the recipe, or the step that is open, does to the first rows. */
export function TrialPane({ pane, store, tried }: Props) {
  const { whole, upTo } = tried;
  const shown = pane === 'rows' ? upTo : whole;
  if (shown.report !== null) return <Failed tried={shown} />;
  if (shown.preview === null) return <Loading label="Trying the recipe" />;
  return (
    <div className="tryout" data-stale={shown.asking || undefined}>
      <Head tried={shown} preview={shown.preview} />
      <Body pane={pane} store={store} tried={tried} preview={shown.preview} />
    </div>
  );
}

function Failed({ tried: { report, again } }: { readonly tried: Tried }) {
  return report === null ? null : (
    <div className="tryout">
      <ErrorNote report={report} onRetry={again} />
    </div>
  );
}

function Head({ tried, preview }: { readonly tried: Tried; readonly preview: RecipePreview }) {
  return (
    <p className="tryout-head dim">
      <span>{sampleWords(preview.sampled, preview.whole)}</span>
      {tried.asking && (
        <span className="tryout-asking" role="status">
          <Loader size={12} /> Trying…
        </span>
      )}
    </p>
  );
}

function Body({ pane, store, tried, preview }: Props & { readonly preview: RecipePreview }) {
  const { now } = useExternal(store);
  const chosen = useExternal(store.chosen);
  const open = now.steps.find(({ id }) => id === chosen);
  const place = tried.whole.ids.indexOf(chosen ?? '');
  const step = preview.steps[place];
  switch (pane) {
    case 'rows':
      return (
        <>
          <h2>{open === undefined ? 'The rows that come out' : `After: ${stepTitle(open.step)}`}</h2>
          <RowsPane preview={preview} />
        </>
      );
    case 'sql':
      if (step !== undefined && open !== undefined)
        return <SqlPane sql={step.sql} of={`Step ${step.step}: ${step.sentence}`} />;
      return (
        <SqlPane
          sql={preview.steps
            .map(({ step: number, sentence, sql }) => `-- ${number}. ${sentence}\n${sql}`)
            .join('\n\n')}
          of="Every step, as it was tried; the SQL of a run is kept with it."
        />
      );
    case 'changes': {
      if (open === undefined)
        return (
          <Overview steps={preview.steps} onChoose={(at) => store.chosen.set(tried.whole.ids[at] ?? null)} />
        );
      const note = open.step['note'];
      if (step !== undefined)
        return <StepChanges step={step} note={typeof note === 'string' ? note : null} />;
      return <Untried open={open} preview={preview} asking={tried.whole.asking} />;
    }
    default:
      return assertNever(pane);
  }
}

/** Why there is nothing to show of a step. */
function Untried({
  open,
  preview,
  asking,
}: {
  readonly open: { readonly step: Parameters<typeof stepTitle>[0]; readonly off: boolean };
  readonly preview: RecipePreview;
  readonly asking: boolean;
}) {
  const lack = unfinishedReason(open.step);
  return (
    <div className="changes">
      <h2>{stepTitle(open.step)}</h2>
      {open.off ? (
        <p className="dim">It is switched off: nothing is done by it.</p>
      ) : lack !== null ? (
        <p>{lack}</p>
      ) : asking ? null : preview.problem !== null ? (
        <p>
          {preview.problem.error.message} {preview.problem.error.hint}
        </p>
      ) : (
        <p className="dim">A step before it is not complete, so it was not tried.</p>
      )}
    </div>
  );
}
