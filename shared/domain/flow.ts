import { z } from 'zod';
import { recipe } from './recipe/index.ts';
import { outputFormat, outputOptions, PLAIN_OUTPUTS } from './run.ts';

/** Which uploads a flow is applied to: all that is said has to hold, and one thing has to be said. */
export const flowRule = z
  .object({
    /** The names of the columns, in any order; null: any. */
    columns: z.array(z.string()).min(1).max(10_000).nullable(),
    /** Of the file, `*` for any letters and `?` for one, capitals or not; null: any. */
    namePattern: z.string().trim().min(1).max(200).nullable(),
  })
  .refine(({ columns, namePattern }) => columns !== null || namePattern !== null, {
    message: 'say which columns or which names it is for',
  });
export type FlowRule = z.infer<typeof flowRule>;

/** What is to be done with each upload that is like the one it was made for. */
export const flowDraft = z.object({
  name: z.string().trim().min(1).max(100),
  /** Switched off it is kept, and nothing is done. */
  enabled: z.boolean(),
  rule: flowRule,
  recipe,
  formats: z.array(outputFormat).min(1).max(outputFormat.options.length),
  options: outputOptions.default(PLAIN_OUTPUTS),
});
export type FlowDraft = z.infer<typeof flowDraft>;

export const flow = flowDraft.extend({ id: z.string(), createdAt: z.number() });
export type Flow = z.infer<typeof flow>;

/** A recipe that was kept for later; its name is the recipe's. */
export const savedRecipe = z.object({ id: z.string(), recipe, createdAt: z.number() });
export type SavedRecipe = z.infer<typeof savedRecipe>;
