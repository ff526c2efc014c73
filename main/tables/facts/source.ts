import type { Column } from '#shared/domain';
import type { Query } from '../profile/index.ts';

/** The rows that are looked at more closely. */
export interface FactSource {
  readonly query: Query;
  /** A query of the rows: `p`, their place from 0, and the cells as text. */
  readonly rows: string;
  readonly total: number;
  readonly columns: readonly Column[];
  /** The name of a column in `rows`. */
  readonly cell: (index: number) => string;
  /** The lines of the file that rows stand in; null where that is not known. */
  readonly linesOf: (places: readonly number[]) => Promise<readonly (number | null)[]>;
}

/** Which of so many rows are looked at, where not all are: by chance, and the same every time. */
export function someOf(total: number, most: number): string {
  const step = Math.ceil(total / most);
  return step <= 1 ? 'true' : `hash(p) % ${step} = 0`;
}

/** The column that is looked at, in a table of its own: `p`, the cell `c`, its value `v`, and why it is none, `k`. */
export const TABLE = 'column_rows';
