import { identifier, literal } from '../sql/index.ts';
import type { Rewriting } from './table.ts';

/** @returns the query of the rows of a CSV file, all text, with nothing for DuckDB to guess */
export function csvSql(path: string, names: readonly string[], options: readonly string[]): string {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const all = [
    'auto_detect = false',
    'header = false',
    'strict_mode = true',
    // Absent cells are null and empty quoted ones are not.
    "nullstr = ''",
    'allow_quoted_nulls = false',
    ...options,
  ];
  return `SELECT * FROM read_csv(${literal(globless(path))}, ${all.join(', ')}, columns = {${columns}})`;
}

/** The rows of a clean rewriting. */
export function rewritingSql({ kind, path, delimiter, longestRow, table }: Rewriting): string {
  // The line end is said, for DuckDB takes one inside a quoted cell of the first row for that of the file.
  const options = [
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    String.raw`new_line = '\n'`,
  ];
  if (longestRow > 1_900_000)
    options.push(`max_line_size = ${longestRow + 1024}`, `buffer_size = ${longestRow * 4}`);
  const names = table.columns.map(({ name }) => name);
  const [only] = names;
  if (kind === 'delimited' || names.length > 1 || only === undefined) return csvSql(path, names, options);
  // A lone cell has an empty one beside it, for an absent one would be an empty line.
  const beside = only.toLowerCase() === 'beside' ? 'beside_2' : 'beside';
  const rows = csvSql(path, [only, beside], options);
  return `SELECT ${identifier(only)} FROM (${rows})`;
}

/** DuckDB takes `*`, `?` and `[` in a path as wildcards; in brackets each stands for itself. */
export function globless(path: string): string {
  return path.replace(/[[*?]/g, (sign) => `[${sign}]`);
}
