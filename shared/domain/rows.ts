import { z } from 'zod';
import { rejectedRow } from './table.ts';

/** The place of a column in its table, from 0. */
export const columnIndex = z.number().int().min(0).max(100_000);
const written = z.string().max(10_000);

/** Which rows of a table are wanted, by one column. */
export const rowFilter = z.discriminatedUnion('kind', [
  /** Cells with a text in them, whatever its case. */
  z.object({ kind: z.literal('contains'), column: columnIndex, text: written.min(1), not: z.boolean() }),
  /** Cells that are one of these texts, to the letter. */
  z.object({
    kind: z.literal('equals'),
    column: columnIndex,
    values: z.array(written).min(1).max(1000),
    not: z.boolean(),
  }),
  /** Values from one to another, both counted in, read as the column's type is; null leaves an end open. */
  z.object({
    kind: z.literal('range'),
    column: columnIndex,
    from: written.nullable(),
    to: written.nullable(),
  }),
  /** Cells that are absent, or hold nothing but blanks. */
  z.object({ kind: z.literal('empty'), column: columnIndex, not: z.boolean() }),
  /** Cells that can be read as the column's type, or those that hold something else. */
  z.object({ kind: z.literal('fits'), column: columnIndex, not: z.boolean() }),
]);
export type RowFilter = z.infer<typeof rowFilter>;

/** An order and a choice of the rows of a table. Rows that are equal by it stay in the order of the file. */
export const tableView = z.object({
  /** The first decides. Numbers and dates by their value, texts whatever their case; what is absent comes last. */
  sort: z.array(z.object({ column: columnIndex, descending: z.boolean() })).max(16),
  /** All of them hold. */
  filters: z.array(rowFilter).max(64),
});
export type TableView = z.infer<typeof tableView>;

/** All rows, in the order of the file. */
export const PLAIN_VIEW: TableView = { sort: [], filters: [] };

export const isPlainView = ({ sort, filters }: TableView): boolean =>
  sort.length === 0 && filters.length === 0;

/** Columns from one on. */
export const columnSpan = z.object({ from: columnIndex, count: z.number().int().min(1).max(1000) });
export type ColumnSpan = z.infer<typeof columnSpan>;

/** One row as it is shown. */
export const shownRow = z.object({
  /** Its place in the table, from 0. */
  position: z.number(),
  /** Of the columns asked for; null is an absent cell. */
  cells: z.array(z.string().nullable()),
  /** Indexes of columns whose cell does not fit the column's type. */
  misfits: z.array(z.number()),
});
export type ShownRow = z.infer<typeof shownRow>;

/** A stretch of the rows of a view. */
export const rowWindow = z.object({
  /** Rows of the view; at least so many where it is not exact, since the file is still being read. */
  total: z.number(),
  exact: z.boolean(),
  rows: z.array(shownRow),
});
export type RowWindow = z.infer<typeof rowWindow>;

/** How far the rows of a file can be shown. */
export const loadFrame = z.object({
  /** Rows from the first on that can be asked for. */
  rows: z.number(),
  /** Whether these are all, and can be sorted, filtered and searched. */
  ready: z.boolean(),
  /** Of the file, 0 to 1; null where it is not known. */
  fraction: z.number().nullable(),
});
export type LoadFrame = z.infer<typeof loadFrame>;

/** Where a text stands among the rows of a view. */
export const found = z.object({
  /** Rows of the view with the text in any column. */
  count: z.number(),
  /** The next of them: which of these rows it is, from 0, its offset in the view, and its first column with the text. */
  next: z.object({ index: z.number(), offset: z.number(), column: z.number() }).nullable(),
});
export type Found = z.infer<typeof found>;

/** A rejected line made a row. It holds while the file has this very text at this very byte. */
export const fix = z.object({
  byte: z.number().int().nonnegative(),
  raw: z.string().max(20_000),
  /** One for each column; null is an absent cell. */
  cells: z.array(z.string().max(100_000).nullable()).min(1).max(100_000),
});
export type Fix = z.infer<typeof fix>;

/** Rejected lines, some of them. */
export const rejectsPage = z.object({
  /** All that were rejected, the fixed among them. */
  total: z.number(),
  /** Those that were kept with their text, the first of the file; only they can be paged to, fixed and saved. */
  kept: z.number(),
  fixed: z.number(),
  rejects: z.array(rejectedRow.extend({ fixed: fix.shape.cells.nullable() })),
  /** Fixes of lines that are no longer there as they were: they are not part of the table. */
  lost: z.array(fix),
});
export type RejectsPage = z.infer<typeof rejectsPage>;

/** More cells than these are not copied at once. */
export const MOST_COPIED = 2_000_000;
