import { rowsSql, type OpenedTable, type Rewriting } from '../formats/index.ts';
import { identifier } from '../sql/index.ts';

/** The name under which SQL finds the rows of the file. */
export const SOURCE = 'data';

/** The view of a table's rows, all text, from where they are or from their clean rewriting. */
export function sourceView(table: OpenedTable, clean: Rewriting | null): string {
  return `CREATE OR REPLACE TEMP VIEW ${identifier(SOURCE)} AS ${rowsSql(table, clean)}`;
}
