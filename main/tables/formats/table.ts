import type { Column, EncodingName, RejectedRow, TableWarning } from '#shared/domain';
import type { Content, Identity, Normalised, OpenTable } from '../load/index.ts';
import type { FoundShape } from './json/index.ts';
import type { Book, SheetLayout, SheetPlace } from './workbook/index.ts';
import type { Packing } from './packed/index.ts';
import type { Habits } from '../types/index.ts';

/** What is known of every table once it is opened, of whatever kind. */
interface TableFacts {
  /** The file as it was named, and the state of it that was opened. */
  readonly path: string;
  readonly identity: Identity;
  readonly name: string;
  /** What it was packed in, or null. */
  readonly packing: Packing | null;
  readonly content: Content;
  readonly columns: readonly Column[];
  /** Whether no others can turn up further down: the records of JSON may have other names. */
  readonly columnsKnown: boolean;
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

/** The file that was named, the state of it, and what it was packed in. */
export type Origin = Pick<TableFacts, 'path' | 'name' | 'identity' | 'packing'>;

export interface DelimitedTable extends TableFacts {
  readonly kind: 'delimited';
  readonly text: OpenTable;
}

export interface JsonTable extends TableFacts {
  readonly kind: 'json';
  readonly encoding: EncodingName;
  /** Whether nothing in the file proves its encoding. */
  readonly encodingGuessed: boolean;
  readonly found: FoundShape;
  /** The names of members as the file has them, in the order of the columns; numbers of elements where it holds lists. */
  readonly keys: readonly (string | number)[];
}

export interface ParquetTable extends TableFacts {
  readonly kind: 'parquet';
  /** The SQL of each column's text. */
  readonly texts: readonly string[];
}

export interface WorkbookTable extends TableFacts {
  readonly kind: 'workbook';
  readonly book: Book;
  readonly sheet: SheetPlace;
  readonly layout: SheetLayout;
}

/** A table that was opened, told apart by what the file is. */
export type OpenedTable = DelimitedTable | JsonTable | ParquetTable | WorkbookTable;

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

export interface JsonRewriting extends RewritingFacts {
  readonly kind: 'json';
}

export interface WorkbookRewriting extends RewritingFacts {
  readonly kind: 'workbook';
}

/** A table rewritten as CSV that DuckDB reads strictly, and what did not go into it. */
export type Rewriting = DelimitedRewriting | JsonRewriting | WorkbookRewriting;

/** What opening a table may use. */
export interface OpenTools {
  /** For what is unpacked. */
  readonly folder: string;
  /** Runs SQL of ours; DuckDB is opened by the first that needs it. */
  readonly query: (sql: string) => Promise<readonly (readonly unknown[])[]>;
  readonly signal: AbortSignal;
}

export interface RewriteOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}
