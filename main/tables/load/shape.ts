import { cellClass, isValueClass, sampleRows, type Detected, type SampleRow } from '../detect/index.ts';
import { RowCutter } from '../text/index.ts';
import { isComment } from './around.ts';
import { habitOf } from './fit-row.ts';
import type { TableShape } from './table-shape.ts';

/** Lines that are tried as the first of a piece, and rows that are looked at from each. */
const STARTS = 40;

/** @param whole rows of the sample as they are meant, where it is known */
export function shapeOf(
  detected: Detected,
  head: Buffer,
  whole?: readonly (readonly string[])[],
): TableShape {
  const { cut, width, headerLine } = detected;
  const blind: TableShape = { cut, width, headerLine, firstIsValue: false };
  const sampled = sampleRows(head.subarray(detected.dataStart), cut, 300, true);
  const rows = whole ?? firstTable(sampled, width).map(({ cells }) => cells);
  const columns = Array.from({ length: width }, (_, index) => rows.map((cells) => cells[index] ?? ''));
  const first = (columns[0] ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '');
  const values = first.filter((cell) => isValueClass(cellClass(cell))).length;
  const habits = columns.map((cells) => habitOf(cells, cut.delimiter));
  return {
    ...blind,
    habits,
    longIsUsual:
      whole === undefined &&
      sampled.filter(({ cells }) => cells.length > width).length > sampled.length * 0.2,
    commentsAreRows: first.filter((cell) => isComment(cell)).length > Math.max(2, first.length * 0.1),
    firstIsValue: first.length > 2 && values >= Math.min(first.length * 0.8, first.length - 1),
  };
}

/**
 * Where a row begins in a piece of the file that may begin anywhere, inside a quoted cell too: at the line from which on
 * the most rows come out whole.
 */
export function rowStart(part: Buffer, { cut, width }: TableShape): number {
  const newline = part.includes(10) ? 10 : 13;
  const cutter = new RowCutter(cut);
  let best = 0;
  let most = -1;
  let from = part.indexOf(newline) + 1;
  for (let tries = 0; tries < STARTS && from > 0; tries += 1) {
    let whole = 0;
    let rows = 0;
    for (let at = from; rows < STARTS && cutter.cut(part, at, false); at = cutter.next) {
      rows += 1;
      if (cutter.count === width && !cutter.strayQuote) whole += 1;
    }
    if (whole > most) [best, most] = [from, whole];
    if (whole === rows) break;
    from = part.indexOf(newline, from) + 1;
  }
  return best;
}

/** Rows that fit, up to the first blank line where there are few: what follows it may be another table. */
function firstTable(rows: readonly SampleRow[], width: number): readonly SampleRow[] {
  const fit = (among: readonly SampleRow[]): SampleRow[] =>
    among.filter(({ blank, cells }) => !blank && cells.length === width);
  const end = rows.findIndex(({ blank, cells }) => blank || cells.every((cell) => cell.trim() === ''));
  const early = end === -1 ? [] : fit(rows.slice(0, end));
  const blanks = rows.filter(({ blank }) => blank).length;
  return early.length >= 3 && blanks <= rows.length * 0.2 ? early : fit(rows);
}
