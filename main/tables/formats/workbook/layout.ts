import type { Reading } from '#shared/domain';
import { columnNames, findLayout, type SampleRow } from '../../detect/index.ts';
import type { Merge, SheetRow } from './sheet-rows.ts';

/** Where in a sheet the table is. */
export interface SheetLayout {
  /** Columns of the sheet that it begins in, and how many it has. */
  readonly left: number;
  readonly width: number;
  readonly hasHeader: boolean;
  readonly names: readonly string[];
  readonly renamed: readonly string[];
  /** Rows that stand above it and are no part of it. */
  readonly preamble: number;
  /** The number of the first row of data. */
  readonly firstRow: number;
  /** The header's cells, to know it when it comes again. */
  readonly header: readonly string[];
}

/** Finds the table of a sheet by the rows it begins with, under titles, with names of several rows. */
export function sheetLayout(all: readonly SheetRow[], merges: readonly Merge[], asked: Reading): SheetLayout {
  const rows = all.filter(({ number }) => number > (asked.skipLines ?? 0));
  const used = usedColumns(rows);
  const { left } = used;
  const texts = rows.map((row) => textsOf(row, left, used.width, merges));
  const sample = texts.map((cells, index) => sampleRow(cells, index));
  const found = findLayout(sample, used.width === 1);
  const top = found.top;
  const count =
    asked.headerRows ?? (found.hasHeader ? headerCount(rows, top, found.data - top, merges, left) : 0);
  const header = texts.slice(top, top + count);
  const width = Math.max(1, Math.min(used.width, lastUsed(texts.slice(top))));
  const { names, changed } = columnNames(header, width);
  return {
    left,
    width,
    hasHeader: count > 0,
    names,
    renamed: changed,
    preamble: all.length - rows.length + top,
    firstRow: rows[top + count]?.number ?? (rows.at(-1)?.number ?? 0) + 1,
    header: count === 1 ? (header[0] ?? []).slice(0, width) : [],
  };
}

function usedColumns(rows: readonly SheetRow[]): { left: number; width: number } {
  let left = Number.POSITIVE_INFINITY;
  let right = -1;
  for (const { cells } of rows) {
    const first = cells.findIndex((cell) => cell !== undefined && cell !== null);
    if (first !== -1) left = Math.min(left, first);
    right = Math.max(right, cells.length - 1);
  }
  return right < 0 ? { left: 0, width: 1 } : { left, width: right - left + 1 };
}

/** The texts of a row; a cell that is merged over several columns, but not over all, stands in each of them. */
function textsOf(
  { number, cells }: SheetRow,
  left: number,
  width: number,
  merges: readonly Merge[],
): string[] {
  const texts = Array.from({ length: width }, (_, index) => cells[left + index]?.text ?? '');
  for (const merge of merges) {
    if (merge.top !== number - 1 || merge.right === merge.left) continue;
    if (merge.right - merge.left + 1 >= width) continue;
    for (let column = merge.left + 1; column <= merge.right; column += 1) {
      const at = column - left;
      if (at > 0 && at < width && texts[at] === '') texts[at] = texts[merge.left - left] ?? '';
    }
  }
  return texts;
}

function sampleRow(cells: readonly string[], index: number): SampleRow {
  return {
    cells,
    start: index,
    next: index + 1,
    newline: 'lf',
    blank: false,
    regular: true,
    slipped: false,
    quoted: false,
    multiline: false,
  };
}

/** Rows of names: those that merged cells hold together belong to them, whatever they look like. */
function headerCount(
  rows: readonly SheetRow[],
  top: number,
  found: number,
  merges: readonly Merge[],
  left: number,
): number {
  const first = rows[top]?.number ?? 1;
  let last = first + found - 1;
  for (const merge of merges.toSorted((a, b) => a.top - b.top)) {
    const from = merge.top + 1;
    if (from < first || from > last || merge.right < left) continue;
    const below = merge.right > merge.left ? merge.bottom + 2 : merge.bottom + 1;
    last = Math.min(Math.max(last, below), first + 4);
  }
  const named = rows.slice(top).filter(({ number }) => number <= last);
  // A row with numbers or dates is data, however its neighbours are merged.
  let count = 0;
  for (const { cells } of named) {
    if (count >= found && cells.some((cell) => cell !== null && cell !== undefined && cell.kind !== 'text'))
      break;
    count += 1;
  }
  return Math.min(count, Math.max(1, rows.length - top - 1));
}

function lastUsed(rows: readonly (readonly string[])[]): number {
  let last = 0;
  for (const cells of rows) {
    let width = cells.length;
    while (width > last && cells[width - 1] === '') width -= 1;
    last = Math.max(last, width);
  }
  return last;
}
