import type { Reading } from '#shared/domain';
import { headerRows, isHeader } from './header.ts';
import { spread, withRowNames } from './header-names.ts';
import { headerAboveValues, isNearbyHeader, skipSparse, spansGroups, withHeaderCut } from './header-place.ts';
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

function isEndedByDelimiter(rows: readonly SampleRow[], width: number): boolean {
  return rows.every(
    ({ blank, quoted, cells }) =>
      blank || (!quoted && cells.length <= width && (cells[width - 1] ?? '') === ''),
  );
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
