import { z } from 'zod';
import {
  flow,
  flowDraft,
  outputFormat,
  outputOptions,
  PLAIN_OUTPUTS,
  inputName,
  recipe,
  recipePreview,
  run,
  savedRecipe,
} from '#shared/domain';
import { byId } from './common.ts';
import { fails, procedure } from './procedure.ts';

export const runs = {
  start: procedure('NOT_FOUND', ...fails.table, ...fails.recipe)
    .input(
      z.object({
        transferId: z.string(),
        recipe,
        inputs: z.record(inputName, z.string().max(100)).default({}),
        formats: z.array(outputFormat).min(1).max(outputFormat.options.length),
        options: outputOptions.default(PLAIN_OUTPUTS),
      }),
    )
    .output(run),
  list: procedure('NOT_FOUND')
    .input(z.object({ sessionId: z.string() }))
    .output(z.array(run)),
  cancel: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(run),
  /** What each step would change, tried on the first rows of the file; a step that cannot be done is said in the answer. */
  previewSteps: procedure(
    'NOT_FOUND',
    ...fails.source,
    ...fails.store,
    ...fails.table,
    ...fails.recipe,
    'DISK_FULL',
  )
    .input(
      z.object({
        transferId: z.string(),
        recipe,
        /** Other files that the recipe takes rows from: their transfers, by the name it has for them. */
        inputs: z.record(inputName, z.string()).default({}),
      }),
    )
    .output(recipePreview),
  /** A recipe that prepares the file for learning to predict a column. Reads the whole file; can be cancelled. */
  suggest: procedure('NOT_FOUND', ...fails.source, ...fails.store, ...fails.table, 'DISK_FULL')
    .input(z.object({ transferId: z.string(), target: z.string().min(1).max(1000) }))
    .output(recipe),
};

/** What is done by itself with uploads that are like the one a flow was made for. */
export const flows = {
  list: procedure().output(z.array(flow)),
  /** With an id, changes that one. It holds for uploads that are begun from now on. */
  save: procedure('NOT_FOUND')
    .input(z.object({ id: z.string().max(100).nullable(), flow: flowDraft }))
    .output(flow),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
};

/** Recipes that are kept for later. */
export const recipes = {
  list: procedure().output(z.array(savedRecipe)),
  save: procedure('NOT_FOUND')
    .input(z.object({ id: z.string().max(100).nullable(), recipe }))
    .output(savedRecipe),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
};
