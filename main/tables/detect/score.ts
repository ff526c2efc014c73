import { assertNever } from '#shared/lib';
import type { CutDialect } from '../text/index.ts';
import { cellClass, isValueClass, WEIGHT, type CellClass } from './cell-class.ts';
import type { SampleRow } from './rows.ts';

export interface Assessment {
  readonly dialect: CutDialect;
  /** Cells of a row of the table. */
  readonly width: number;
  /** 0 to 1; the best of all candidates wins. */
  readonly score: number;
}

/** Rows whose cells are looked at closely, and cells at most of a wide table. */
const CLOSELY = 250;
const MOST_CELLS = 12_000;

/**
 * What a way of cutting makes of the sample: whether the rows come out equally wide, whether the cells of a column look
 * alike and like whole values, and whether the quotes fit. Plain reasons outweigh each other as products.
 */
export function assess(dialect: CutDialect, rows: readonly SampleRow[]): Assessment {
  const filled = rows.filter((row) => !row.blank);
  const width = dialect.delimiter === '' ? 1 : tableWidth(filled);
  if (width < 2 && dialect.delimiter !== '') return { dialect, width: 1, score: 0 };

  const first = filled.findIndex((row) => row.cells.length === width);
  const last = filled.findLastIndex((row) => row.cells.length === width);
  const region = filled.slice(first, last + 1);
  let even = 0;
  for (const row of region) {
    if (row.slipped) even += row.cells.length === width ? 0.7 : 0;
    else if (row.cells.length === width) even += 1;
    else if (row.cells.length > 1 && row.cells.length < width) even += 0.3;
    else if (row.cells.length > width && row.cells.slice(width).every((cell) => cell.trim() === ''))
      even += 0.9;
    else if (row.cells.length > width) {
      // A sign that cuts stands in prose with a blank behind it.
      const prose = row.cells.filter((cell) => /^ \S/.test(cell)).length;
      const plain = dialect.delimiter.length === 1 && !row.cells.some((cell) => cell.includes('"'));
      if (plain && prose >= row.cells.length - width) even += 0.85;
    }
  }
  const consistency = region.length === 0 ? 0 : even / region.length;
  const coverage = filled.length === 0 ? 0 : region.length / filled.length;
  // Lines above and below a table are usual, but not that nearly all lines are such.
  const covered = coverage < 0.5 ? coverage * 1.6 : 0.6 + 0.4 * coverage;
  const { typed, values } = columnsOf(region, width);
  const wide = width === 1 ? 0.62 : 0.5 + (0.5 * (width - 1)) / width;

  let score = consistency ** 2 * covered * (0.15 + 0.85 * typed) * wide;
  score *= trust(dialect, values > 0);
  // One line of another width right above, and no header of its own: the "preamble" is more likely the header.
  const above = first > 0 ? filled[first - 1] : undefined;
  const isComment = /^(?:#|\/\/|%)/.test(above?.cells[0] ?? '');
  const far = above !== undefined && !isComment && (above.cells.length < 2 || above.cells.length < width / 2);
  if (first === 1 && far && region[0] !== undefined && !looksLikeHeader(region[0])) score *= 0.5;
  return { dialect, width, score };
}

/** The width most cells of the sample stand in. */
export function tableWidth(rows: readonly SampleRow[]): number {
  const byWidth = new Map<number, number>();
  for (const row of rows) byWidth.set(row.cells.length, (byWidth.get(row.cells.length) ?? 0) + 1);
  let best = 1;
  let mass = 0;
  for (const [width, count] of byWidth) {
    const cells = width < 2 ? 0 : width * count;
    if (cells > mass) [best, mass] = [width, cells];
  }
  return best;
}

function looksLikeHeader(row: SampleRow): boolean {
  return row.cells.every((cell) => !isValueClass(cellClass(cell)));
}

function columnsOf(region: readonly SampleRow[], width: number): { typed: number; values: number } {
  const looked = Math.max(8, Math.min(CLOSELY, Math.floor(MOST_CELLS / width)));
  const step = Math.max(1, Math.floor(region.length / looked));
  const counts = Array.from({ length: width }, () => new Map<CellClass, number>());
  for (let index = region.length > 1 ? 1 : 0; index < region.length; index += step) {
    const cells = region[index]?.cells ?? [];
    if (cells.length !== width) continue;
    for (let column = 0; column < width; column += 1) {
      const name = cellClass(cells[column] ?? '');
      const into = counts[column];
      into?.set(name, (into.get(name) ?? 0) + 1);
    }
  }
  let typed = 0;
  let values = 0;
  for (const classes of counts) {
    let cells = 0;
    let weight = 0;
    const alike = new Map<string, number>();
    for (const [name, count] of classes) {
      if (name === 'empty') continue;
      cells += count;
      weight += WEIGHT[name] * count;
      const group = groupOf(name);
      alike.set(group, (alike.get(group) ?? 0) + count);
    }
    if (cells === 0) {
      typed += 0.4;
      continue;
    }
    const dominant = Math.max(...alike.values()) / cells;
    typed += (weight / cells) * (0.4 + 0.6 * dominant);
    if (dominant > 0.8 && (alike.get('text') ?? 0) < cells * 0.2) values += 1;
  }
  return { typed: typed / width, values };
}

/** Classes that stand for each other in a column. */
export type CellGroup = 'number' | 'date' | 'time' | 'text' | 'broken' | 'empty';

export function groupOf(name: CellClass): CellGroup {
  switch (name) {
    case 'integer':
    case 'decimal':
    case 'money':
      return 'number';
    case 'date':
    case 'timestamp':
      return 'date';
    case 'time':
      return 'time';
    case 'address':
    case 'word':
    case 'code':
    case 'phrase':
    case 'text':
      return 'text';
    case 'broken':
      return 'broken';
    case 'empty':
      return 'empty';
    default:
      return assertNever(name);
  }
}

/** How often files are really cut like that. */
function trust(dialect: CutDialect, hasValues: boolean): number {
  const { delimiter } = dialect;
  let trusted = 0.78;
  if (dialect.framed === 'both') return 1.08;
  if (dialect.fixed !== undefined) return 0.92;
  if (dialect.collapse && delimiter === '  ') return 0.88;
  if (delimiter === '' || [',', ';', '\t', '|'].includes(delimiter)) trusted = 1;
  // oxlint-disable-next-line no-control-regex
  else if (/^[\u0001-\u0008\u0014\u001c-\u001f]+$/.test(delimiter)) trusted = 1;
  else if (delimiter === ' ') trusted = hasValues ? 0.85 : 0.5;
  else if (/^[\^~¦§¬¶þ]$/.test(delimiter)) trusted = 0.97;
  else if (delimiter === ':') trusted = hasValues ? 0.75 : 0.6;
  else if (delimiter.length > 1) trusted = 1.02;
  if (dialect.edge !== undefined) trusted = 1.05;
  if (dialect.quote === null && dialect.edge === undefined) trusted *= 0.97;
  else if (dialect.quote !== '"' && dialect.quote !== null) trusted *= 0.99;
  if (dialect.escape !== null) trusted *= 0.995;
  if (dialect.wrapped === true || dialect.nested === true) trusted *= 0.99;
  if (dialect.trim === true) trusted *= 1.03;
  if (dialect.framed === 'left') trusted *= 1.05;
  return trusted;
}
