import type { Column, RejectedRow, TableContainer, TableWarning } from '#shared/domain';
import type { Content, Identity, Normalised, OpenTable } from '../load/index.ts';
import type { Habits } from '../types/index.ts';

/** What is known of every table once it is opened, of whatever kind. */
interface TableFacts {
  /** The file as it was named, and the state of it that was opened. */
  readonly path: string;
  readonly identity: Identity;
  readonly name: string;
  /** What it was packed in, or null. */
  readonly container: TableContainer | null;
  readonly content: Content;
  readonly columns: readonly Column[];
  /** Values of each column in the part that was looked at, for its type. */
  readonly cells: readonly (readonly string[])[];
  readonly habits: Habits;
  /** The first rows, as text. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rejects: readonly RejectedRow[];
  readonly rowsEstimated: number;
  /** Whether the rows were counted rather than estimated. */
  readonly rowsExact: boolean;
  /** Whether all of it was looked at, so that rejects and warnings are those of the whole. */
  readonly whole: boolean;
  /** Why DuckDB cannot read it where it is; null where it can. */
  readonly needsCleaning: string | null;
  readonly warnings: readonly TableWarning[];
}

export interface DelimitedTable extends TableFacts {
  readonly kind: 'delimited';
  readonly text: OpenTable;
}

/** A table that was opened, told apart by what the file is. */
export type OpenedTable = DelimitedTable;

/** What a rewriting of every kind tells. */
interface RewritingFacts {
  /** CSV that has only one reading: no header, quoted by `"`, line feeds. */
  readonly path: string;
  readonly delimiter: string;
  /** Bytes, at most. */
  readonly longestRow: number;
  readonly counts: { readonly rows: number; readonly rejected: number };
  /** The first of the rejected rows. */
  readonly rejects: readonly RejectedRow[];
  /** The table as all of it shows it. */
  readonly table: OpenedTable;
}

export interface DelimitedRewriting extends RewritingFacts {
  readonly kind: 'delimited';
  readonly normalised: Normalised;
}

/** A table rewritten as CSV that DuckDB reads strictly, and what did not go into it. */
export type Rewriting = DelimitedRewriting;

export interface RewriteOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}
