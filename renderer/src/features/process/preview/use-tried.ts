import { useEffect, useState } from 'react';
import type { Recipe, RecipePreview } from '#shared/domain';
import type { ErrorReport } from '#shared/errors';
import { isCancelled, toReport } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

/** What is to be tried: a recipe on the first rows of a file. */
export interface Trial {
  readonly transferId: string;
  readonly recipe: Recipe;
  /** Other files, by the names the recipe has for them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the page knows the steps of the recipe by. */
  readonly ids: readonly string[];
}

interface Answer {
  readonly preview: RecipePreview;
  readonly ids: readonly string[];
}

export interface Tried {
  /** The last answer; of an earlier trial while `asking`. */
  readonly preview: RecipePreview | null;
  /** Of the steps that were tried. */
  readonly ids: readonly string[];
  readonly report: ErrorReport | null;
  readonly asking: boolean;
  readonly again: () => void;
}

/** Answers of a while ago, so that taking something back shows at once. */
export type Answers = Map<string, Answer>;
const MOST_ANSWERS = 60;
/** Writing must not ask at every letter. */
const TYPING_MS = 250;

const keyOf = ({ transferId, recipe: { target, steps }, inputs, ids }: Trial): string =>
  JSON.stringify([transferId, target, steps, inputs, ids]);

/**
 * Tries a recipe, a moment after it was last changed; what is no longer wanted is cancelled all the way down.
 * @param trial null asks nothing
 */
export function useTried(trial: Trial | null, answers: Answers): Tried {
  const { client } = useWorkbench();
  const key = trial === null ? null : keyOf(trial);
  const [turn, setTurn] = useState(0);
  const [settled, setSettled] = useState<{
    readonly key: string | null;
    readonly answer: Answer | null;
    readonly report: ErrorReport | null;
  }>({ key: null, answer: null, report: null });

  useEffect(() => {
    if (trial === null || key === null || answers.has(key)) return undefined;
    const control = new AbortController();
    const timer = setTimeout(() => {
      const { ids, ...asked } = trial;
      client.runs.previewSteps(asked, { signal: control.signal }).then(
        (preview) => {
          if (control.signal.aborted) return;
          if (answers.size >= MOST_ANSWERS) answers.delete(answers.keys().next().value ?? '');
          const answer = { preview, ids };
          answers.set(key, answer);
          setSettled({ key, answer, report: null });
        },
        (error: unknown) => {
          if (control.signal.aborted || isCancelled(error)) return;
          setSettled((now) => ({ ...now, key, report: toReport(error) }));
        },
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
    // The key says what is tried.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [client, answers, key, turn]);

  const known = key === null ? undefined : answers.get(key);
  return {
    preview: (known ?? settled.answer)?.preview ?? null,
    ids: (known ?? settled.answer)?.ids ?? [],
    report: known === undefined && settled.key === key ? settled.report : null,
    asking: key !== null && known === undefined && settled.key !== key,
    again: () => {
      setSettled((now) => ({ ...now, key: null }));
      setTurn((now) => now + 1);
    },
  };
}
