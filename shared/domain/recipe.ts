import { z } from 'zod';

/** One change to a table. Later issues add kinds; the order of steps is the order of effects. */
export const recipeStep = z.discriminatedUnion('kind', [
  /** White space off both ends of every text cell. */
  z.object({ kind: z.literal('trim') }),
  z.object({ kind: z.literal('empty-to-null') }),
  /** Columns whose every value reads as a number, date or boolean become one; what does not fit is counted. */
  z.object({ kind: z.literal('real-types') }),
  /** Rows equal to an earlier one in every column go. */
  z.object({ kind: z.literal('drop-exact-duplicates') }),
]);
export type RecipeStep = z.infer<typeof recipeStep>;

export const recipe = z.object({
  version: z.literal(1),
  name: z.string().min(1).max(100),
  /** The column a later model is to predict: never dropped, and its name is kept as it is. */
  target: z.string().nullable(),
  steps: z.array(recipeStep).max(100),
});
export type Recipe = z.infer<typeof recipe>;

/** The built-in recipe. */
export function cleanRecipe(target: string | null = null): Recipe {
  return {
    version: 1,
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
