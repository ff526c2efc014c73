import type { Reading } from '#shared/domain';
import { cellClass, isValueClass } from './cell-class.ts';
import { headerRows, isHeader } from './header.ts';
import { filledWidth, type SampleRow } from './rows.ts';
import { tableWidth } from './score.ts';

/** Where in the sample the table is. */
export interface Layout {
  readonly width: number;
  readonly hasHeader: boolean;
  /** The rows that name the columns. */
  readonly header: readonly (readonly string[])[];
  /** Index of the header's first row among the sample's, or of the first row of data where there is none. */
  readonly top: number;
  /** Index of the first row of data. */
  readonly data: number;
}

/**
 * Finds the table under what stands above it: titles, dates of export, empty lines, rows that hold one cell only.
 *
 * @param mayEnd whether what parts cells may end every line too, as tabs and the cells of a sheet hardly do
 */
export function findLayout(sample: readonly SampleRow[], oneColumn: boolean, mayEnd = false): Layout {
  const rows = oneColumn ? sample : withHeaderCut(sample);
  const filled = rows.flatMap((row, index) => (row.blank ? [] : [index]));
  const cellsOf = (index: number): readonly string[] => rows[index]?.cells ?? [];
  if (filled.length === 0) return { width: 1, hasHeader: false, header: [], top: 0, data: 0 };
  if (oneColumn) return oneColumnLayout(rows, filled);

  const massive = tableWidth(filled.map((index) => rows[index]).filter((row) => row !== undefined));
  const directed = directedLayout(filled, rows, massive);
  if (directed !== null) return directed;
  let place = filled.findIndex((index) => cellsOf(index).length === massive);
  if (place === -1) place = 0;
  let width = massive;

  // A row right above that is a little narrower or wider can be the header, short of or beyond its data.
  const above = filled[place - 1];
  const firstFull = filled[place] ?? 0;
  if (
    above !== undefined &&
    above === firstFull - 1 &&
    isNearbyHeader(cellsOf(above), filled.slice(place), rows, massive)
  ) {
    place -= 1;
    const named = filledWidth(cellsOf(above));
    if (named > width) width = named;
  }
  place = skipSparse(filled, rows, place, width);

  const table = filled.slice(place).map((index) => cellsOf(index));
  // A delimiter at the end of every row of data but not of the header makes no column.
  const named = table[0]?.length ?? width;
  if (named < width && table.slice(1).every((cells) => filledWidth(cells) <= named) && table.length > 1)
    width = named;

  const body = table.slice(1, 400).filter((cells) => cells.length >= Math.min(width, 2));
  let hasHeader = isHeader((table[0] ?? []).slice(0, width), body);
  let count = hasHeader ? headerRows(table.slice(0, 45)) : 0;
  const deeper = headerAboveValues(table.slice(0, 400), width);
  if (deeper !== null && deeper.from >= count) {
    place += deeper.from;
    table.splice(0, deeper.from);
    count = deeper.count;
    hasHeader = true;
  }
  if (!hasHeader) width = Math.max(width, commonWidth(table));
  // A delimiter that ends every line parts no cells.
  if (!hasHeader && mayEnd && width > 2 && table.length > 2 && isEndedByDelimiter(rows, width)) width -= 1;
  const groups = filled[place - 1];
  if (hasHeader && groups === (filled[place] ?? 0) - 1 && spansGroups(cellsOf(groups), table[0] ?? [])) {
    place -= 1;
    table.unshift(cellsOf(groups));
    count += 1;
  }
  const top = filled[place] ?? 0;
  if (hasHeader) width = withoutEmptyEnd(width, table, count);
  const lastHeader = filled[place + count - 1];
  const data = count === 0 ? top : lastHeader === undefined ? rows.length : lastHeader + 1;
  let header = withRowNames(spread(table.slice(0, count)), table.slice(count, 400), width);
  if (/^(?:#\s*fields:?|[#%]+|\/\/)$/i.test(header[0]?.[0]?.trim() ?? '')) {
    // The directive of a log that names its columns, and the mark of a comment, are no names.
    const filledBelow = Math.max(1, ...table.slice(count, 400).map((cells) => filledWidth(cells)));
    if (filledBelow < filledWidth(header[0] ?? [])) {
      header = header.map((cells) => cells.slice(1));
      width = filledBelow;
    }
  }
  return { width, hasHeader, header, top, data };
}

/** A comment that says it names the columns does, though others stand below it. */
function directedLayout(filled: readonly number[], rows: readonly SampleRow[], width: number): Layout | null {
  const cellsOf = (index: number): readonly string[] => rows[index]?.cells ?? [];
  const top = filled.find((index) => /^#\s*fields:?$/i.test((cellsOf(index)[0] ?? '').trim()));
  if (top === undefined || cellsOf(top).length !== width + 1) return null;
  const data = filled.find((index) => index > top && !(cellsOf(index)[0] ?? '').startsWith('#'));
  return { width, hasHeader: true, header: [cellsOf(top).slice(1)], top, data: data ?? rows.length };
}

/** The rows, and where only the header is cut by another sign than they are, that header cut by it. */
function withHeaderCut(rows: readonly SampleRow[]): readonly SampleRow[] {
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

/** The table as a person says it is: its header has so many rows, and begins below the lines that were left out. */
export function layoutAsked(
  rows: readonly SampleRow[],
  oneColumn: boolean,
  asked: Pick<Reading, 'headerRows' | 'skipLines'>,
): Layout {
  const filled = rows.flatMap((row, index) => (row.blank ? [] : [index]));
  const found = findLayout(rows, oneColumn);
  const top = asked.skipLines === null ? found.top : (filled[0] ?? 0);
  const place = Math.max(0, filled.indexOf(top));
  const table = filled.slice(place).map((index) => rows[index]?.cells ?? []);
  const count = asked.headerRows ?? (isHeader(table[0] ?? [], table.slice(1, 400)) ? 1 : 0);
  const header = table.slice(0, count);
  const width = Math.max(found.width, ...header.map((cells) => filledWidth(cells)));
  return {
    width: oneColumn ? 1 : width,
    hasHeader: count > 0,
    header,
    top,
    data: filled[place + count] ?? rows.length,
  };
}

/**
 * Where the header is when rows as wide as the table stand above it: right above the first row from which on columns hold
 * nothing but numbers and dates, and as many rows of it as hold no such values.
 */
function headerAboveValues(
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

/** A name above several columns of a header with several rows stands over the first of them only. */
function spread(header: readonly (readonly string[])[]): (readonly string[])[] {
  return header.map((row, at) => {
    const below = header[at + 1];
    if (below === undefined) return row;
    let name = '';
    return Array.from({ length: Math.max(row.length, below.length) }, (_, index) => {
      const cell = (row[index] ?? '').trim();
      if (cell !== '') name = cell;
      return cell === '' && (below[index] ?? '').trim() !== '' ? name : cell;
    });
  });
}

function isEndedByDelimiter(rows: readonly SampleRow[], width: number): boolean {
  return rows.every(
    ({ blank, quoted, cells }) =>
      blank || (!quoted && cells.length <= width && (cells[width - 1] ?? '') === ''),
  );
}

/** Whether a row above the names groups them: each of its cells, but perhaps the first, spans two columns or more. */
function spansGroups(above: readonly string[], names: readonly string[]): boolean {
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

/** Where rows have names and their column has none, as R writes tables, the header is one cell short at its beginning. */
function withRowNames(
  header: readonly (readonly string[])[],
  body: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const [only] = header;
  if (header.length !== 1 || only === undefined || only.length !== width - 1 || body.length < 2)
    return header;
  const first = body.map((cells) => cells[0] ?? '');
  if (new Set(first).size < first.length || body.some((cells) => cells.length !== width)) return header;
  const counted = first.every((cell, index) => cell === String(index + 1) || cell === String(index));
  const shifted = ['', ...only];
  // Names above their own columns tell: a word for a column of numbers the one way and of texts the other.
  const isText = (index: number): boolean =>
    body.every((cells) => !isValueClass(cellClass(cells[index] ?? '')));
  const named = !counted && isText(0) && !isText(width - 1) && !only.some((cell) => /name|id$/i.test(cell));
  // Where the second column counts or tells apart too, the first is beside what is called an id.
  const second = body.map((cells) => cells[1] ?? '');
  const tellsApart = new Set(second).size === second.length && second.every((cell) => /^\d+$/.test(cell));
  const isIdentity =
    !tellsApart &&
    (counted
      ? /^(?:id|nr|no|num|number|index|key|code|#)\b/i
      : /^(?:id|nr|no|num|number|index|key|name|code|#)\b/i
    ).test((only[0] ?? '').trim());
  return (counted && !isIdentity) || (named && !isIdentity) ? [shifted] : header;
}

/** Without names to say how many columns there are, rows that are often wider are no mistake. */
function commonWidth(table: readonly (readonly string[])[]): number {
  const widths = table.map((cells) => filledWidth(cells)).sort((a, b) => b - a);
  return widths[Math.floor(widths.length * 0.15)] ?? 0;
}

/** Columns at the end with neither name nor value come of a delimiter at the end of every line. */
function withoutEmptyEnd(width: number, table: readonly (readonly string[])[], headers: number): number {
  if (table.length <= headers) return width;
  const widest = Math.max(...table.map((cells) => filledWidth(cells.slice(0, width))));
  return Math.max(1, Math.min(width, widest));
}

function isNearbyHeader(
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
function skipSparse(
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

function namesBelow(filled: readonly number[], rows: readonly SampleRow[], place: number): boolean {
  const cellsAt = (at: number | undefined): readonly string[] => rows[at ?? -1]?.cells ?? [];
  return isHeader(cellsAt(filled[place]), filled.slice(place + 1, place + 100).map(cellsAt));
}

function oneColumnLayout(rows: readonly SampleRow[], filled: readonly number[]): Layout {
  const lines = filled.map((index) => (rows[index]?.cells ?? [])[0] ?? '');
  const top = filled[0] ?? 0;
  const hasHeader =
    lines.length > 1 &&
    isHeader(
      [lines[0] ?? ''],
      lines.slice(1, 400).map((line) => [line]),
    );
  return {
    width: 1,
    hasHeader,
    header: hasHeader ? [[lines[0] ?? '']] : [],
    top,
    data: hasHeader ? top + 1 : top,
  };
}
