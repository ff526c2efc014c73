import { z } from 'zod';
import { columnSteps } from './columns.ts';
import { rowSteps } from './rows.ts';
import { valueSteps } from './values.ts';

/** One change to a table; the order of steps is the order of effects. */
export const recipeStep = z.discriminatedUnion('kind', [...columnSteps, ...valueSteps, ...rowSteps]);
export type RecipeStep = z.infer<typeof recipeStep>;
export type StepOf<K extends RecipeStep['kind']> = Extract<RecipeStep, { kind: K }>;

/** What a recipe in a file says it is. */
export const RECIPE_FORM = 'sluice-recipe';
/** The form that this version writes and reads. */
export const RECIPE_VERSION = 1;

export const recipe = z.strictObject({
  form: z.literal(RECIPE_FORM).optional(),
  version: z.literal(RECIPE_VERSION),
  name: z.string().min(1).max(100),
  /** The column a later model is to predict: never dropped, and its name is kept as it is. */
  target: z.string().nullable(),
  steps: z.array(recipeStep).max(100),
});
export type Recipe = z.infer<typeof recipe>;

/** The built-in recipe. */
export function cleanRecipe(target: string | null = null): Recipe {
  return {
    version: RECIPE_VERSION,
    name: 'Clean',
    target,
    steps: [
      { kind: 'trim' },
      { kind: 'empty-to-null' },
      { kind: 'real-types' },
      { kind: 'drop-exact-duplicates' },
    ],
  };
}

/** The names of other files that a recipe takes rows from. */
export function inputsOf({ steps }: Recipe): readonly string[] {
  return [
    ...new Set(steps.flatMap((step) => (step.kind === 'join' || step.kind === 'append' ? [step.with] : []))),
  ];
}
