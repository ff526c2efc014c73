import type { Normalised, OpenTable } from '../load/index.ts';
import { identifier, literal } from '../sql/index.ts';

/** The name under which SQL finds the rows of the file. */
export const SOURCE = 'data';

/**
 * The view of a file's rows, all text, from the file itself or from its clean rewriting. Strict: a row that does not fit
 * is an error here and never a guess of DuckDB's.
 */
export function sourceView(table: OpenTable, clean: Normalised | null): string {
  const { detected, path } = table;
  const options: string[] = [
    'auto_detect = false',
    'header = false',
    'strict_mode = true',
    // Absent cells are null and empty quoted ones are not.
    "nullstr = ''",
    'allow_quoted_nulls = false',
  ];
  if (clean === null) {
    options.push(
      `delim = ${literal(detected.cut.delimiter)}`,
      `quote = ${literal(detected.cut.quote ?? '')}`,
      `escape = ${literal(detected.cut.quote ?? '')}`,
      `skip = ${detected.linesAbove}`,
    );
  } else {
    options.push(`delim = ${literal(clean.delimiter)}`, `quote = '"'`, `escape = '"'`);
    if (clean.longestRow > 1_900_000) {
      options.push(`max_line_size = ${clean.longestRow + 1024}`, `buffer_size = ${clean.longestRow * 4}`);
    }
  }
  const columns = detected.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const file = literal(globless(clean?.path ?? path));
  return `CREATE OR REPLACE TEMP VIEW ${identifier(SOURCE)} AS SELECT * FROM read_csv(${file}, ${options.join(', ')}, columns = {${columns}})`;
}

/** DuckDB takes `*`, `?` and `[` in a path as wildcards; in brackets each stands for itself. */
export function globless(path: string): string {
  return path.replace(/[[*?]/g, (sign) => `[${sign}]`);
}
