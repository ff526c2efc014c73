import { z } from 'zod';
import { errorReport } from '../error-report.ts';

/** What a step changed, counted. Rows in = rows out + rows removed - rows added. */
export const stepCounts = z.object({
  /** From 1. */
  step: z.number(),
  kind: z.string(),
  rowsIn: z.number(),
  rowsOut: z.number(),
  /** Cells of columns that were there before and hold something else now; null where rows are made anew. */
  cellsChanged: z.number().nullable(),
  columnsAdded: z.array(z.string()),
  columnsRemoved: z.array(z.string()),
  /** What a person should know, e.g. values that became missing. */
  warnings: z.array(z.string()),
});
export type StepCounts = z.infer<typeof stepCounts>;

export const changeExample = z.object({
  /** Of the rows of the file, from 1; null where rows are no longer rows of the file. */
  row: z.number().nullable(),
  column: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type ChangeExample = z.infer<typeof changeExample>;

/** What a step makes of a sample. */
export const stepPreview = stepCounts.extend({
  /** The step itself, as a sentence. */
  sentence: z.string(),
  examples: z.array(changeExample),
  /** Rows of the file that the step takes out, the first of them. */
  removedRows: z.array(z.number()),
  sql: z.string(),
});
export type StepPreview = z.infer<typeof stepPreview>;

export const recipePreview = z.object({
  /** Rows of the file that were tried, and whether that is all there are. */
  sampled: z.number(),
  whole: z.boolean(),
  steps: z.array(stepPreview),
  /** Why the steps after the last one of these cannot be done, or null. */
  problem: z.object({ step: z.number(), error: errorReport }).nullable(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** The first rows of the result, as text. */
  rows: z.array(z.array(z.string().nullable())),
});
export type RecipePreview = z.infer<typeof recipePreview>;
