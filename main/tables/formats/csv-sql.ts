import { literal } from '../sql/index.ts';
import type { Rewriting } from './table.ts';

/** @returns the query of the rows of a CSV file, all text, with nothing for DuckDB to guess */
export function csvSql(path: string, columns: string, options: readonly string[]): string {
  const all = [
    'auto_detect = false',
    'header = false',
    'strict_mode = true',
    // Absent cells are null and empty quoted ones are not.
    "nullstr = ''",
    'allow_quoted_nulls = false',
    ...options,
  ];
  return `SELECT * FROM read_csv(${literal(globless(path))}, ${all.join(', ')}, columns = ${columns})`;
}

export function columnsSql(names: readonly string[]): string {
  return `{${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`;
}

/** The rows of a clean rewriting. */
export function rewritingSql({ path, delimiter, longestRow, table }: Rewriting): string {
  const options = [`delim = ${literal(delimiter)}`, `quote = '"'`, `escape = '"'`];
  if (longestRow > 1_900_000)
    options.push(`max_line_size = ${longestRow + 1024}`, `buffer_size = ${longestRow * 4}`);
  return csvSql(path, columnsSql(table.columns.map(({ name }) => name)), options);
}

/** DuckDB takes `*`, `?` and `[` in a path as wildcards; in brackets each stands for itself. */
export function globless(path: string): string {
  return path.replace(/[[*?]/g, (sign) => `[${sign}]`);
}
