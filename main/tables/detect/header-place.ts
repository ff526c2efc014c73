import { cellClass, isValueClass } from './cell-class.ts';
import { isHeader } from './header.ts';
import { filledWidth, type SampleRow } from './rows.ts';
import { tableWidth } from './score.ts';

/** Where the header stands among what is above the data. */

export function isNearbyHeader(
  cells: readonly string[],
  below: readonly number[],
  rows: readonly SampleRow[],
  width: number,
): boolean {
  const named = filledWidth(cells);
  if (/^(?:[#%]|\/\/)/.test(cells[0]?.trim() ?? '') && named !== width && named !== width + 1) return false;
  if (named < 2 || named < width * 0.5 || named > width * 1.5 + 1) return false;
  if (cells.slice(0, named).some((cell) => cell.trim() === '' || isValueClass(cellClass(cell)))) return false;
  const body = below.slice(0, 100).map((index) => rows[index]?.cells ?? []);
  // The row below must be data: were it a header, the row above would be a title.
  const [first, ...rest] = body;
  return first !== undefined && !isHeader(first, rest.length === 0 ? body : rest) && isHeader(cells, body);
}

/** Rows as wide as the table that hold one cell or none, above one that is full, are titles a spreadsheet padded. */
export function skipSparse(
  filled: readonly number[],
  rows: readonly SampleRow[],
  from: number,
  width: number,
): number {
  if (width < 2) return from;
  const full = (place: number): number =>
    (rows[filled[place] ?? -1]?.cells ?? []).filter((cell) => cell.trim() !== '').length;
  let place = from;
  const skip = (share: number): void => {
    const most = Math.max(1, Math.floor(width * share));
    while (place < filled.length && place < from + 30 && full(place) <= most) place += 1;
  };
  skip(0.34);
  // Keys and values that a spreadsheet padded, above names that stand in all columns.
  const narrow = place;
  if (width > 3) skip(0.5);
  if (place !== narrow && (place >= filled.length || full(place) < width || !namesBelow(filled, rows, place)))
    place = narrow;
  if (place === from || place >= filled.length) return from;
  const next = rows[filled[place] ?? -1]?.cells ?? [];
  if (
    width === 2 &&
    !isHeader(
      next,
      filled.slice(place + 1, place + 100).map((at) => rows[at]?.cells ?? []),
    )
  )
    return from;
  const below = filled.slice(place + 1, place + 100).map((at) => rows[at]?.cells ?? []);
  const looksNamed =
    next.filter((cell) => cell.trim() !== '').every((cell) => !isValueClass(cellClass(cell))) ||
    isHeader(next, below);
  return looksNamed && full(place) >= width * 0.6 ? place : from;
}

/**
 * Where the header is when rows as wide as the table stand above it: right above the first row from which on columns hold
 * nothing but numbers and dates, and as many rows of it as hold no such values.
 */
export function headerAboveValues(
  table: readonly (readonly string[])[],
  width: number,
): { from: number; count: number } | null {
  const valued = valuedColumns(table, width, 0.6) ?? valuedColumns(table, width, 0.4);
  if (valued === null) return null;
  const isData = (cells: readonly string[]): boolean => {
    const held = valued.filter((index) => (cells[index] ?? '').trim() !== '');
    const values = held.filter((index) => isValueClass(cellClass(cells[index] ?? '')));
    return values.length > 0 && values.length >= held.length * 0.8 && held.length >= valued.length * 0.5;
  };
  const last = table.slice(0, 15).findIndex((cells, at) => isData(cells) && isData(table[at + 1] ?? [])) - 1;
  if (last < 1) return null;
  const isNames = (cells: readonly string[]): boolean => {
    const filled = cells.slice(0, width).filter((cell) => cell.trim() !== '');
    return filled.length >= width * 0.6 && filled.every((cell) => !isValueClass(cellClass(cell)));
  };
  let from = -1;
  for (let at = last; at >= Math.max(0, last - 3); at -= 1) {
    const cells = table[at] ?? [];
    if (isNames(cells)) from = at;
    else if (filledWidth(cells) === 0 || cells.some((cell) => isValueClass(cellClass(cell)))) break;
  }
  return from < 1 ? null : { from, count: last - from + 1 };
}

/** Whether a row above the names groups them: each of its cells, but perhaps the first, spans two columns or more. */
export function spansGroups(above: readonly string[], names: readonly string[]): boolean {
  const width = filledWidth(names);
  if (width < 4 || above.length < filledWidth(above) || above.length > names.length + 1) return false;
  const runs: { readonly name: string; length: number }[] = [];
  for (let index = 0; index < width; index += 1) {
    const cell = (above[index] ?? '').trim();
    const last = runs.at(-1);
    if (last !== undefined && (cell === last.name || (cell === '' && last.name !== ''))) last.length += 1;
    else runs.push({ name: cell, length: 1 });
  }
  const groups = runs.slice(runs[0]?.length === 1 || runs[0]?.name === '' ? 1 : 0);
  return groups.length > 1 && groups.every(({ name, length }) => length > 1 && !/[:=]/.test(name));
}

/** The rows, and where only the header is cut by another sign than they are, that header cut by it. */
export function withHeaderCut(rows: readonly SampleRow[]): readonly SampleRow[] {
  const filled = rows.filter((row) => !row.blank);
  const width = tableWidth(filled);
  const at = rows.findIndex((row) => !row.blank && row.cells.length === width) - 1;
  const above = rows[at];
  if (width < 3 || above === undefined || above.cells.length !== 1) return rows;
  const body = rows.slice(at + 1, at + 100).map(({ cells }) => cells);
  for (const delimiter of [',', ';', '\t', '|']) {
    const cells = (above.cells[0] ?? '').split(delimiter).map((cell) => cell.replace(/^"(.*)"$/, '$1'));
    if (cells.length === width && isHeader(cells, body))
      return rows.map((row, index) => (index === at ? { ...row, cells } : row));
  }
  return rows;
}

function namesBelow(filled: readonly number[], rows: readonly SampleRow[], place: number): boolean {
  const cellsAt = (at: number | undefined): readonly string[] => rows[at ?? -1]?.cells ?? [];
  return isHeader(cellsAt(filled[place]), filled.slice(place + 1, place + 100).map(cellsAt));
}

/** Columns that hold numbers and dates from a place in the table on, but for one cell; null where they are not several. */
function valuedColumns(
  table: readonly (readonly string[])[],
  width: number,
  from: number,
): readonly number[] | null {
  const below = table.slice(Math.floor(table.length * from));
  const valued = Array.from({ length: width }, (_, index) => index).filter((index) => {
    const cells = below.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '');
    const values = cells.filter((cell) => isValueClass(cellClass(cell))).length;
    return values > 1 && values >= Math.min(cells.length * 0.9, cells.length - 1);
  });
  return valued.length < 2 ? null : valued;
}
