import type { TableSource } from '#main/tables';
import type { Services } from './services.ts';
import type { Implementer } from './transfers.ts';

/** What the files of transfers hold as tables. */
export function tableHandlers(os: Implementer, services: Services) {
  const { journal, tables, copies, transfers } = services;
  const sourceOf = (transferId: string, signal: AbortSignal): Promise<string> =>
    copies.path(transfers.whole(transferId), signal);
  const asSet = async (transferId: string, signal: AbortSignal): Promise<TableSource> => ({
    path: await sourceOf(transferId, signal),
    reading: journal.readings.of(transferId),
  });
  return {
    reading: os.tables.reading.handler(({ input }) => {
      transfers.whole(input.transferId);
      return journal.readings.of(input.transferId);
    }),
    setReading: os.tables.setReading.handler(({ input }) => {
      transfers.whole(input.transferId);
      journal.readings.save(input.transferId, input.reading);
    }),
    preview: os.tables.preview.handler(async ({ input, signal = never() }) =>
      tables.preview(
        {
          path: await sourceOf(input.transferId, signal),
          reading: input.reading ?? journal.readings.of(input.transferId),
        },
        signal,
      ),
    ),
    profile: os.tables.profile.handler(async ({ input, signal = never() }) =>
      tables.profile(await asSet(input.transferId, signal), { signal }),
    ),
    rejects: os.tables.rejects.handler(async ({ input, signal = never() }) => [
      ...(await tables.rejects(await asSet(input.transferId, signal), input.limit, signal)),
    ]),
  };
}

function never(): AbortSignal {
  return new AbortController().signal;
}
