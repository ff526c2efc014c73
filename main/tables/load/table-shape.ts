import type { CutDialect, RowCutter } from '../text/index.ts';
import type { ColumnHabit } from './fit-row.ts';

/** Who receives a table row by row. */
export interface RowSink {
  /** A row of the table as it was cut: cells beyond the width are empty, missing ones are absent. */
  row(cutter: RowCutter): void;
  /** The same as text, for a row that was held back or fitted. */
  cells(values: readonly string[]): void;
  reject(reject: Reject): void;
}

export interface Reject {
  /** Lines above it in what was read. */
  readonly line: number;
  /** Where it begins in the file. */
  readonly byte: number;
  readonly reason: string;
  readonly raw: string;
}

export interface TableShape {
  readonly cut: CutDialect;
  readonly width: number;
  /** The header's text, to know it when it comes again. */
  readonly headerLine: string | null;
  /** Whether the values of the first column are numbers, dates or the like. */
  readonly firstIsValue: boolean;
  /** What the columns hold; none where it is not known, and then no row is made to fit. */
  readonly habits?: readonly ColumnHabit[];
  /** Whether many rows have more cells than columns, all of them empty. */
  readonly longIsUsual?: boolean;
  /** Whether rows begin with signs that are those of comments in other files. */
  readonly commentsAreRows?: boolean;
}
