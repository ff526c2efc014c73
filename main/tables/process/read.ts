import type { Column, Fix, TableWarning } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { canRewrite, wholeWarnings, type Rewriting } from '../formats/index.ts';
import { identify, isSame } from '../load/index.ts';
import { verifyColumns, type Query, type VerifiedColumns } from '../profile/index.ts';
import { EngineError, type Database, type Session } from './database.ts';
import { appendFixes, applicable } from './fixes.ts';
import { untilMine, type Loaded, type LoadedTables } from './loaded.ts';
import { SOURCE, sourceView } from './source-sql.ts';

/** What a job on a table works with. */
export interface JobContext {
  readonly database: Database;
  readonly tables: LoadedTables;
  readonly signal: AbortSignal;
  /** How much of the file was gone through, of how much. */
  readonly onRead: (done: number, total: number) => void;
  /** Rejected lines that a person made rows. */
  readonly fixes: readonly Fix[];
}

/** The rows of a table, to be found in SQL under SOURCE. */
export interface Rows {
  readonly session: Session;
  readonly query: Query;
  /** The rewriting the rows come from; null where they are read from the file itself. */
  readonly clean: Rewriting | null;
  /** How many of the rows, the last of them, are rejected lines that were fixed. */
  readonly fixed: number;
  /** Throws SOURCE_CHANGED where the file is no longer the one that was opened. */
  assertUnchanged(): Promise<void>;
}

/**
 * Gives a job the rows of a table: from the file itself where DuckDB reads it right, else from a clean rewriting. Should
 * the file turn out not to be what its sample promised, it is rewritten and the job begins again.
 */
export async function withRows<T>(
  context: JobContext,
  loaded: Loaded,
  job: (rows: Rows) => Promise<T>,
): Promise<T> {
  const { name, identity, path } = loaded.table;
  const assertUnchanged = async (): Promise<void> => {
    if (!isSame(await identify(path), identity)) throw sluiceError('SOURCE_CHANGED', { path });
  };
  const { signal, tables, onRead: onProgress } = context;
  await untilMine(signal, () => tables.complete(loaded, { signal, onProgress }));
  for (;;) {
    const inPlace = loaded.needsCleaning === null;
    const read = inPlace ? null : await untilMine(signal, () => tables.clean(loaded, { signal, onProgress }));
    using session = await context.database.session(context.signal);
    try {
      await session.run(sourceView(loaded.table, read));
      const { clean, fixed } = await withFixes(context.fixes, loaded, read, session);
      const result = await job({
        session,
        clean,
        fixed,
        query: (sql) => session.query(sql),
        assertUnchanged,
      });
      await assertUnchanged();
      return result;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.kind !== 'content' || !inPlace || !canRewrite(loaded.table))
        throw error.toSluiceError(name, null);
      loaded.needsCleaning = error.message;
      loaded.verified = null;
    }
  }
}

/** Adds the fixed lines to the rows, and takes them from the rejected. */
async function withFixes(
  fixes: readonly Fix[],
  loaded: Loaded,
  clean: Rewriting | null,
  session: Session,
): Promise<{ clean: Rewriting | null; fixed: number }> {
  const names = loaded.table.columns.map(({ name }) => name);
  const { holding } = applicable(fixes, clean?.rejects ?? [], names.length);
  if (clean === null || holding.length === 0) return { clean, fixed: 0 };
  await appendFixes(session, SOURCE, holding, names);
  const { counts } = clean;
  const fixed = holding.length;
  return {
    clean: { ...clean, counts: { ...counts, rows: counts.rows + fixed, rejected: counts.rejected - fixed } },
    fixed,
  };
}

/** The types of a table's columns as all its cells allow them; known from before where they were looked at already. */
export async function verified(loaded: Loaded, rows: Rows, statistics: boolean): Promise<VerifiedColumns> {
  // Fixes come and go: what was learnt with them is not kept.
  const known = rows.fixed === 0 ? loaded.verified : null;
  if (known !== null && (!statistics || known.distinctRows !== null)) return known;
  const { columns, cells, habits, rowsEstimated } = loaded.table;
  const made = await verifyColumns(rows.query, SOURCE, { columns, cells, habits, rowsEstimated }, statistics);
  if (rows.fixed === 0) loaded.verified = made;
  return made;
}

/** Rows that went aside, and warnings of the whole file rather than its sample. */
export function wholeFile(
  loaded: Loaded,
  clean: Rewriting | null,
  rows: number,
  columns: readonly Column[],
): { rejected: number; warnings: TableWarning[] } {
  const warnings = wholeWarnings(loaded.table, clean, rows);
  for (const { name, note } of columns) {
    if (note?.includes('nothing in the file says otherwise') !== true) continue;
    warnings.push({ code: 'ambiguous-dates', sentence: `${name}: ${note}`, count: null });
  }
  return { rejected: clean?.counts.rejected ?? 0, warnings };
}
