import { reportFile, reportOf } from '#main/report';
import type { TableSource } from '#main/tables';
import type { LoadFrame, RejectsPage } from '#shared/domain';
import type { Services } from './services.ts';
import type { Implementer } from './transfers.ts';

/** Frames of a file that is loaded are at least so far apart. ms */
const FRAME_MS = 100;
/** Lines that are kept at most, and so can be saved. */
const ALL = 1_000_000;

/** What the files of transfers hold as tables. */
export function tableHandlers(os: Implementer, services: Services) {
  const { journal, tables, copies, transfers } = services;
  const asSet = async (transferId: string, signal: AbortSignal): Promise<TableSource> => ({
    path: await copies.path(transfers.whole(transferId), signal),
    reading: journal.readings.of(transferId),
    fixes: journal.fixes.of(transferId),
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
    preview: os.tables.preview.handler(async ({ input: { transferId, reading }, signal = never() }) =>
      tables.preview(
        {
          path: await copies.sample(transfers.whole(transferId), signal),
          reading: reading ?? journal.readings.of(transferId),
        },
        signal,
      ),
    ),
    profile: os.tables.profile.handler(async ({ input, signal = never() }) =>
      tables.profile(await asSet(input.transferId, signal), { signal }),
    ),
    load: os.tables.load.handler(async function* load({ input, signal = never() }) {
      const file = await asSet(input.transferId, signal);
      yield* framesOf((onLoading, stop) => tables.load(file, { signal: stop, onLoading }), signal);
    }),
    rows: os.tables.rows.handler(async ({ input: { transferId, ...asked }, signal = never() }) =>
      tables.rows({ ...asked, file: await asSet(transferId, signal) }, signal),
    ),
    find: os.tables.find.handler(async ({ input: { transferId, ...asked }, signal = never() }) =>
      tables.find({ ...asked, file: await asSet(transferId, signal) }, signal),
    ),
    values: os.tables.values.handler(async ({ input: { transferId, ...asked }, signal = never() }) => [
      ...(await tables.values({ ...asked, file: await asSet(transferId, signal) }, signal)),
    ]),
    copy: os.tables.copy.handler(async ({ input: { transferId, ...asked }, signal = never() }) => {
      const { text } = await tables.copy({ ...asked, file: await asSet(transferId, signal) }, signal);
      return { text };
    }),
    facts: os.tables.facts.handler(async ({ input, signal = never() }) =>
      tables.facts(await asSet(input.transferId, signal), input.column, signal),
    ),
    relations: os.tables.relations.handler(async ({ input, signal = never() }) =>
      tables.relations(await asSet(input.transferId, signal), input.target, signal),
    ),
    report: os.tables.report.handler(async ({ input, signal = never() }) => {
      const file = await asSet(input.transferId, signal);
      const report = await reportOf(tables, file, { target: input.target, signal });
      return reportFile(report, input.as, transfers.whole(input.transferId).name);
    }),
    chart: os.tables.chart.handler(async ({ input, signal = never() }) =>
      tables.chart(await asSet(input.transferId, signal), input.chart, signal),
    ),
    rejects: os.tables.rejects.handler(async ({ input, signal = never() }) =>
      tables.rejects(await asSet(input.transferId, signal), input, signal),
    ),
    exportRejects: os.tables.exportRejects.handler(async ({ input, signal = never() }) => {
      const { name } = transfers.whole(input.transferId);
      const page = await tables.rejects(
        await asSet(input.transferId, signal),
        { offset: 0, limit: ALL },
        signal,
      );
      const as = input.as === 'csv' ? csvOf(page) : linesOf(page);
      return {
        name: `${name.replace(/\.[^.]+$/, '')}.rejected.${input.as === 'csv' ? 'csv' : 'txt'}`,
        text: as,
      };
    }),
    cut: os.tables.cut.handler(async ({ input, signal = never() }) => {
      const { cells } = await tables.cut(await asSet(input.transferId, signal), input.raw, signal);
      return { cells: [...cells] };
    }),
    fix: os.tables.fix.handler(({ input }) => {
      transfers.whole(input.transferId);
      journal.fixes.save(input.transferId, input.fix);
    }),
    unfix: os.tables.unfix.handler(({ input }) => {
      transfers.whole(input.transferId);
      journal.fixes.remove(input.transferId, input.byte);
    }),
  };
}

/** What is told while something is loaded, as a stream that ends with it; leaving the stream stops it. */
async function* framesOf(
  load: (
    onLoading: (rows: number, fraction: number | null) => void,
    stop: AbortSignal,
  ) => Promise<{ readonly rows: number }>,
  signal: AbortSignal,
): AsyncGenerator<LoadFrame, void> {
  const left = new AbortController();
  let now: LoadFrame = { rows: 0, ready: false, fraction: null };
  let changed = Promise.withResolvers<void>();
  const loading = load(
    (rows, fraction) => {
      now = { rows, ready: false, fraction };
      changed.resolve();
    },
    AbortSignal.any([signal, left.signal]),
  );
  try {
    for (;;) {
      const done = await Promise.race([loading, changed.promise]);
      if (done !== undefined) {
        yield { rows: done.rows, ready: true, fraction: 1 };
        return;
      }
      changed = Promise.withResolvers<void>();
      yield now;
      await Promise.race([loading, new Promise((resolve) => setTimeout(resolve, FRAME_MS))]);
    }
  } finally {
    left.abort();
    await loading.catch(() => undefined); // told to whoever still listens, by the race above
  }
}

function csvOf({ rejects }: RejectsPage): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rejects.map(({ line, byte, reason, raw }) =>
    [String(line), String(byte), quoted(reason), quoted(raw)].join(','),
  );
  return `${['line,byte,reason,text', ...lines].join('\r\n')}\r\n`;
}

function linesOf({ rejects }: RejectsPage): string {
  return rejects.map(({ raw }) => `${raw}\n`).join('');
}

function never(): AbortSignal {
  return new AbortController().signal;
}
