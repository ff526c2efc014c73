import type { TableFormat, TablePreview, TableWarning } from '#shared/domain';
import { rewritingSql } from './csv-sql.ts';
import { delimitedFormat, delimitedSql, delimitedWarnings, rewriteDelimited } from './delimited.ts';
import type { OpenedTable, RewriteOptions, Rewriting } from './table.ts';

export { globless } from './csv-sql.ts';
export { openFile } from './open.ts';
export type { OpenedTable, RewriteOptions, Rewriting } from './table.ts';

/** @returns the query of a table's rows, all text: where they are, or from their rewriting */
export function rowsSql(table: OpenedTable, rewriting: Rewriting | null): string {
  return rewriting === null ? delimitedSql(table) : rewritingSql(rewriting);
}

/**
 * Rewrites a table into `target`, as CSV that has only one reading. Throws SOURCE_*, DISK_FULL, TABLE_UNREADABLE,
 * CANCELLED.
 */
export function rewrite(table: OpenedTable, target: string, options: RewriteOptions): Promise<Rewriting> {
  return rewriteDelimited(table, target, options);
}

/** What a person should know of the whole file, once all of it was read. */
export function wholeWarnings(table: OpenedTable, rewriting: Rewriting | null, rows: number): TableWarning[] {
  return delimitedWarnings(table, rewriting, rows);
}

export function formatOf(table: OpenedTable): TableFormat {
  return delimitedFormat(table);
}

export function previewOf(table: OpenedTable, tookMs: number): TablePreview {
  return {
    name: table.name,
    size: table.identity.size,
    format: formatOf(table),
    container: table.container,
    columns: [...table.columns],
    rows: table.rows.map((row) => [...row]),
    rowsEstimated: table.rowsEstimated,
    rowsExact: table.rowsExact,
    warnings: [...table.warnings],
    tookMs,
  };
}
