import {
  cleanRecipe,
  RECIPE_VERSION,
  recipe as recipeSchema,
  recipeStep,
  type Recipe,
  type RecipeStep,
} from '#shared/domain';

export type StepKind = RecipeStep['kind'];

/** A step as it is being made: it may still lack what it needs. */
export interface StepDraft {
  readonly kind: StepKind;
  readonly [field: string]: unknown;
}

export interface DraftStep {
  /** Of this draft only; a step keeps it while it is changed and moved. */
  readonly id: string;
  readonly step: StepDraft;
  /** Left out of previews and runs, and of files. */
  readonly off: boolean;
}

/** A recipe on its way. */
export interface Draft {
  readonly name: string;
  readonly target: string | null;
  readonly steps: readonly DraftStep[];
}

let last = 0;
export function newId(): string {
  last += 1;
  return `step-${last}`;
}

const stepOf = (step: StepDraft, off = false): DraftStep => ({ id: newId(), step, off });

export function draftOf({ name, target, steps }: Recipe): Draft {
  return { name, target, steps: steps.map((step) => stepOf({ ...step })) };
}

export const cleanDraft = (): Draft => draftOf(cleanRecipe());
export const emptyDraft = (): Draft => ({ name: 'My recipe', target: null, steps: [] });

/** @param at the place it will have, from 0 */
export function insertStep(draft: Draft, at: number, step: StepDraft): { draft: Draft; id: string } {
  const made = stepOf(step);
  return { draft: { ...draft, steps: draft.steps.toSpliced(at, 0, made) }, id: made.id };
}

export const removeStep = (draft: Draft, id: string): Draft => ({
  ...draft,
  steps: draft.steps.filter((one) => one.id !== id),
});

/** @param to the place it will have, from 0; places that are not there are the nearest that is */
export function moveStep(draft: Draft, id: string, to: number): Draft {
  const from = draft.steps.findIndex((one) => one.id === id);
  const moved = draft.steps[from];
  const place = Math.max(0, Math.min(draft.steps.length - 1, to));
  if (moved === undefined || place === from) return draft;
  return { ...draft, steps: draft.steps.toSpliced(from, 1).toSpliced(place, 0, moved) };
}

export function duplicateStep(draft: Draft, id: string): { draft: Draft; id: string } {
  const at = draft.steps.findIndex((one) => one.id === id);
  const found = draft.steps[at];
  return found === undefined ? { draft, id } : insertStep(draft, at + 1, found.step);
}

export const changeStep = (draft: Draft, id: string, change: Partial<Omit<DraftStep, 'id'>>): Draft => ({
  ...draft,
  steps: draft.steps.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

/** What of a draft can be tried and run. */
export interface Readied {
  readonly recipe: Recipe;
  /** Of its steps, in their order. */
  readonly ids: readonly string[];
  /** The first step that lacks something; those from it on are not in the recipe. */
  readonly unfinished: string | null;
}

/** @param until the id of the last step wanted, with or without it; all where left out */
export function readyDraft(
  draft: Draft,
  until?: { readonly id: string; readonly without: boolean },
): Readied {
  const steps: RecipeStep[] = [];
  const ids: string[] = [];
  let unfinished: string | null = null;
  for (const { id, step, off } of draft.steps) {
    const isLast = until !== undefined && id === until.id;
    if (!off && !(isLast && until.without)) {
      const read = recipeStep.safeParse(step);
      if (!read.success) {
        unfinished = id;
        break;
      }
      steps.push(read.data);
      ids.push(id);
    }
    if (isLast) break;
  }
  const name = draft.name.trim().slice(0, 100) || 'My recipe';
  return { recipe: { version: RECIPE_VERSION, name, target: draft.target, steps }, ids, unfinished };
}

/** @returns whether two drafts do the same under the same name */
export function sameDraft(a: Draft, b: Draft): boolean {
  return writeDraft(a) === writeDraft(b);
}

/** @returns a draft as a text, to be kept */
export function writeDraft({ name, target, steps }: Draft): string {
  return JSON.stringify({ name, target, steps: steps.map(({ step, off }) => ({ step, off })) });
}

const KINDS: ReadonlySet<unknown> = new Set(recipeStep.options.map(({ shape }) => shape.kind.value));

/** @returns what was kept; null where the text is none of ours, or of a form that has gone */
export function readDraft(text: string): Draft | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(kept) || !Array.isArray(kept['steps'])) return null;
  const head = recipeSchema.pick({ target: true }).safeParse({ target: kept['target'] });
  const { name } = kept;
  if (!head.success || typeof name !== 'string') return null;
  const steps: DraftStep[] = [];
  for (const one of kept['steps'] as unknown[]) {
    const step = isObject(one) ? one['step'] : null;
    if (!isObject(one) || !isObject(step) || !KINDS.has(step['kind'])) return null;
    steps.push(stepOf(step as StepDraft, one['off'] === true));
  }
  return { name, target: head.data.target, steps };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
