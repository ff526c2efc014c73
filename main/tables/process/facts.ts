import type { ColumnFacts, KeyCandidate, Relations } from '#shared/domain';
import { columnFactsOf, keysOf, relationsOf, type FactSource } from '../facts/index.ts';
import type { TableSource } from '../protocol.ts';
import { linesOfRows } from './lines.ts';
import { looking, type LookContext } from './look.ts';
import { cellName } from './view-sql.ts';

/** A closer look at one column. Throws INPUT_INVALID, SOURCE_*, TABLE_*, DISK_*. */
export function facts(context: LookContext, source: TableSource, column: number): Promise<ColumnFacts> {
  return closely(context, source, (rows) => columnFactsOf(rows, column));
}

/** How far each column tells a target. Throws as `facts`. */
export function relations(context: LookContext, source: TableSource, target: number): Promise<Relations> {
  return closely(context, source, (rows) => relationsOf(rows, target));
}

/** Columns that tell rows apart. Throws as `facts`. */
export async function keys(
  context: LookContext,
  source: TableSource,
): Promise<{ keys: readonly KeyCandidate[] }> {
  return { keys: await closely(context, source, keysOf) };
}

function closely<T>(
  context: LookContext,
  source: TableSource,
  job: (rows: FactSource) => Promise<T>,
): Promise<T> {
  return looking(context, source, null, async (session, snapshot) => {
    const whole = await snapshot.whole(context.fixes);
    return job({
      query: (sql) => session.query(sql),
      rows: snapshot.rowsSql(whole),
      total: whole.rows,
      columns: snapshot.columns,
      cell: cellName,
      linesOf: (places) =>
        context.tables.use(source, (loaded) =>
          linesOfRows(loaded, snapshot.rowsThere, places, context.signal),
        ),
    });
  });
}
