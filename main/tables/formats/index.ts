import type { TableFormat, TablePreview, TableWarning } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { rewritingSql } from './csv-sql.ts';
import { delimitedFormat, delimitedSql, delimitedWarnings, rewriteDelimited } from './delimited.ts';
import { jsonFormat, rewriteJson } from './json/index.ts';
import { parquetSql } from './parquet/index.ts';
import { rewriteWorkbook, workbookFormat } from './workbook/index.ts';
import type { OpenedTable, RewriteOptions, Rewriting } from './table.ts';

export { globless } from './csv-sql.ts';
export { complete, openFile } from './open.ts';
export type { OpenedTable, OpenTools, RewriteOptions, Rewriting } from './table.ts';

/** @returns the query of a table's rows, all text: where they are, or from their rewriting */
export function rowsSql(table: OpenedTable, rewriting: Rewriting | null): string {
  if (rewriting !== null) return rewritingSql(rewriting);
  switch (table.kind) {
    case 'delimited':
      return delimitedSql(table);
    case 'parquet':
      return parquetSql(table);
    case 'json':
    case 'workbook':
      throw new Error(`${table.kind} is read from its rewriting only`);
    default:
      return assertNever(table);
  }
}

/** Whether a table that DuckDB could not read where it is may be rewritten and tried again. */
export function canRewrite(table: OpenedTable): boolean {
  return table.kind !== 'parquet';
}

/**
 * Rewrites a table into `target`, as CSV that has only one reading. Throws SOURCE_*, DISK_FULL, TABLE_UNREADABLE,
 * CANCELLED.
 */
export function rewrite(table: OpenedTable, target: string, options: RewriteOptions): Promise<Rewriting> {
  switch (table.kind) {
    case 'delimited':
      return rewriteDelimited(table, target, options);
    case 'json':
      return rewriteJson(table, target, options);
    case 'workbook':
      return rewriteWorkbook(table, target, options);
    case 'parquet':
      throw new Error('Parquet is read where it is');
    default:
      return assertNever(table);
  }
}

/** What a person should know of the whole file, once all of it was read. */
export function wholeWarnings(table: OpenedTable, rewriting: Rewriting | null, rows: number): TableWarning[] {
  switch (table.kind) {
    case 'delimited':
      return delimitedWarnings(table, rewriting?.kind === 'delimited' ? rewriting : null, rows);
    case 'json':
    case 'parquet':
    case 'workbook':
      return [...table.warnings];
    default:
      return assertNever(table);
  }
}

export function formatOf(table: OpenedTable): TableFormat {
  switch (table.kind) {
    case 'delimited':
      return delimitedFormat(table);
    case 'json':
      return jsonFormat(table);
    case 'parquet':
      return { kind: 'parquet' };
    case 'workbook':
      return workbookFormat(table);
    default:
      return assertNever(table);
  }
}

export function previewOf(table: OpenedTable, tookMs: number): TablePreview {
  return {
    name: table.name,
    size: table.identity.size,
    format: formatOf(table),
    container: table.packing?.container ?? null,
    columns: [...table.columns],
    rows: table.rows.map((row) => [...row]),
    rowsEstimated: table.rowsEstimated,
    rowsExact: table.rowsExact,
    warnings: [...table.warnings],
    tookMs,
  };
}
