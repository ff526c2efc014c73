import { sluiceError } from '#shared/errors';

/** DuckDB plans a query in time that grows faster than its columns; with more than these nothing comes back soon. */
const MOST_COLUMNS = 20_000;

/** Throws TABLE_TOO_WIDE. */
export function assertWidth(name: string, columns: number): void {
  if (columns > MOST_COLUMNS) throw sluiceError('TABLE_TOO_WIDE', { name, columns, limit: MOST_COLUMNS });
}
