import { performance } from 'node:perf_hooks';
import type { RejectedRow, RejectsPage, TablePreview, TableProfile } from '#shared/domain';
import { previewOf } from '../formats/index.ts';
import { contentWarnings, profileColumns } from '../profile/index.ts';
import type { TableSource } from '../protocol.ts';
import { applicable } from './fixes.ts';
import type { Loaded, LoadedTables } from './loaded.ts';
import { verified, wholeFile, withRows, type JobContext } from './read.ts';
import { SOURCE } from './source-sql.ts';

/** The head of a table. Needs no DuckDB, so that it is there before DuckDB is. */
export function preview(
  tables: LoadedTables,
  source: TableSource,
  signal: AbortSignal,
): Promise<TablePreview> {
  const began = performance.now();
  return tables.use(
    source,
    (loaded) => Promise.resolve(previewOf(loaded.table, Math.round(performance.now() - began))),
    signal,
  );
}

export function profile(context: JobContext, source: TableSource): Promise<TableProfile> {
  const began = performance.now();
  return context.tables.use(source, (loaded) =>
    withRows(context, loaded, async (rows) => {
      const known = await watched(context, loaded.table.identity.size, rows.session, 0, 0.5, () =>
        verified(loaded, rows, true),
      );
      const { columns, duplicates } = await watched(
        context,
        loaded.table.identity.size,
        rows.session,
        0.5,
        1,
        () => profileColumns(rows.query, SOURCE, known, loaded.table.cells),
      );
      const named = known.columns.map(({ column }) => column);
      const { rejected, warnings } = wholeFile(loaded, rows.clean, known.rows, named);
      return {
        rows: known.rows,
        rejected,
        duplicates,
        columns,
        warnings: [...warnings, ...contentWarnings(known)],
        tookMs: Math.round(performance.now() - began),
      };
    }),
  );
}

/** Rows that are no rows of the table; the whole file is read where its sample is not all of it. */
export function rejects(
  context: JobContext,
  source: TableSource,
  offset: number,
  limit: number,
): Promise<RejectsPage> {
  return context.tables.use(source, async (loaded) => {
    const { total, rejected } = await allRejects(context, loaded);
    const { holding, lost } = applicable(context.fixes, rejected, loaded.table.columns.length);
    const cells = new Map(holding.map((fix) => [fix.byte, fix.cells]));
    return {
      total,
      kept: rejected.length,
      fixed: holding.length,
      rejects: rejected
        .slice(offset, offset + limit)
        .map((reject) => ({ ...reject, fixed: cells.get(reject.byte) ?? null })),
      lost: [...lost],
    };
  });
}

async function allRejects(
  context: JobContext,
  loaded: Loaded,
): Promise<{ total: number; rejected: readonly RejectedRow[] }> {
  const { rejects: sampled, whole } = loaded.table;
  if (whole) return { total: sampled.length, rejected: sampled };
  return withRows({ ...context, fixes: [] }, loaded, async (rows) => {
    if (rows.clean !== null) return { total: rows.clean.counts.rejected, rejected: rows.clean.rejects };
    // Read strictly, a file in its own place has none; whether it can be read so is only seen by reading it.
    await verified(loaded, rows, false);
    return { total: 0, rejected: [] };
  });
}

interface HasProgress {
  progress(): number | null;
}

/** Tells between two marks how far the statements that run are. */
async function watched<T>(
  context: JobContext,
  size: number,
  session: HasProgress,
  from: number,
  to: number,
  work: () => Promise<T>,
): Promise<T> {
  let furthest = from;
  const timer = setInterval(() => {
    const fraction = session.progress();
    if (fraction !== null) furthest = Math.max(furthest, from + (to - from) * fraction);
    context.onRead(Math.round(furthest * size), size);
  }, 200);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    context.onRead(Math.round(to * size), size);
  }
}
