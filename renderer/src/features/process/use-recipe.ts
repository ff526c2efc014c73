import { useMemo, useState } from 'react';
import { inputsOf, type Transfer } from '#shared/domain';
import { useExternal } from '#renderer/lib';
import { type DraftStore, readyDraft } from './draft/index.ts';
import type { Around } from './fields/index.ts';
import { type Answers, type Trial, type Tried, useTried } from './preview/index.ts';
import { useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';

export interface TriedRecipe {
  /** The whole recipe as far as it is complete. */
  readonly ready: ReturnType<typeof readyDraft>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly whole: Tried;
  /** The rows after the step that is open; of the whole where none is. */
  readonly upTo: Tried;
  /** The place of the step that is open. */
  readonly around: Around;
}

/** Tries the draft of a file: as a whole, up to the step that is open, and before it. */
export function useRecipe(store: DraftStore, transfer: Transfer, files: readonly Transfer[]): TriedRecipe {
  const draft = useExternal(store).now;
  const chosen = useExternal(store.chosen);
  const [answers] = useState<Answers>(() => new Map());
  const others = useMemo(
    () =>
      files
        .filter(({ id }) => id !== transfer.id)
        .map(({ id, relativePath }) => ({ name: relativePath.slice(-200), transferId: id })),
    [files, transfer.id],
  );
  const isOpen = chosen !== null && draft.steps.some(({ id }) => id === chosen);
  const isLast = chosen === draft.steps.at(-1)?.id;

  const ready = useMemo(() => readyDraft(draft), [draft]);
  const inputs = useMemo(() => inputsFor(ready.recipe, others), [ready.recipe, others]);
  const trialOf = (until: { readonly id: string; readonly without: boolean }): Trial => {
    const { recipe, ids } = readyDraft(draft, until);
    return { transferId: transfer.id, recipe, ids, inputs: inputsFor(recipe, others) };
  };
  const whole = useTried({ transferId: transfer.id, recipe: ready.recipe, ids: ready.ids, inputs }, answers);
  const partly = useTried(isOpen && !isLast ? trialOf({ id: chosen, without: false }) : null, answers);
  const before = useTried(isOpen ? trialOf({ id: chosen, without: true }) : null, answers);

  const step = draft.steps.find(({ id }) => id === chosen)?.step;
  const otherColumns = useColumnNames(others.find(({ name }) => name === step?.['with'])?.transferId ?? null);
  const around = useMemo<Around>(
    () => ({
      columns: before.asking ? null : (before.preview?.columns ?? null),
      rows: before.preview?.rows ?? [],
      files: others,
      otherColumns,
    }),
    [before.asking, before.preview, others, otherColumns],
  );
  return { ready, inputs, whole, upTo: isOpen && !isLast ? partly : whole, around };
}

function inputsFor(
  recipe: Parameters<typeof inputsOf>[0],
  files: Around['files'],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputsOf(recipe).flatMap((wanted) => {
      const found = files.find(({ name }) => name === wanted);
      return found === undefined ? [] : [[wanted, found.transferId]];
    }),
  );
}

/** The names of the columns of a file, as they are in it; null while they are being asked for, or cannot be read. */
export function useColumnNames(transferId: string | null): readonly string[] | null {
  const { client } = useWorkbench();
  const { answer } = useQuestion(
    (signal) => client.tables.preview({ transferId: transferId ?? '' }, { signal }),
    [client, transferId],
    { atOnce: transferId !== null },
  );
  return answer.kind === 'answered' ? answer.value.columns.map(({ name }) => name) : null;
}
