import type { TableSource } from '#main/tables';
import type { Services } from './services.ts';
import type { Implementer } from './transfers.ts';

/** What recipes would do to the files of transfers, and which would suit them. */
export function recipeHandlers(os: Implementer, { journal, tables, copies, transfers }: Services) {
  const fileOf = async (transferId: string, signal: AbortSignal): Promise<TableSource> => ({
    path: await copies.path(transfers.whole(transferId), signal),
    reading: journal.readings.of(transferId),
    fixes: journal.fixes.of(transferId),
  });
  return {
    previewSteps: os.runs.previewSteps.handler(async ({ input, signal = new AbortController().signal }) => {
      const inputs: Record<string, TableSource> = {};
      for (const [name, transferId] of Object.entries(input.inputs))
        inputs[name] = await fileOf(transferId, signal);
      const file = await fileOf(input.transferId, signal);
      return tables.previewSteps(file, input.recipe, { inputs, signal });
    }),
    suggest: os.runs.suggest.handler(async ({ input, signal = new AbortController().signal }) =>
      tables.suggest(await fileOf(input.transferId, signal), input.target, signal),
    ),
  };
}
