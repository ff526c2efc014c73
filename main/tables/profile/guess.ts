import type { Column, ColumnType } from '#shared/domain';
import type { RowKey } from './scan.ts';

/** Fewer cells than these say nothing of the whole. */
const TELLING = 100;
/** Numbers of a range for each row, at most: a key has few gaps. */
const GAPS = 8;
/** Numbers of a range at most; each costs a bit for each thread. */
const MOST_NUMBERS = 2 ** 27;
/** Columns whose values span so few numbers or days have few different ones. */
const SPAN = 2000;
const DAY_MS = 86_400_000;

/**
 * The column of whole numbers that seems to be a key, with the range its numbers lie in; null where none does. The sample
 * has rows of the beginning, the middle and the end.
 */
export function likelyKey(
  columns: readonly Column[],
  samples: readonly (readonly string[])[],
  rows: number,
): RowKey | null {
  for (const [index, { type }] of columns.entries()) {
    const cells = samples[index] ?? [];
    if (type.kind !== 'integer' || type.thousands !== null || cells.length < TELLING) continue;
    if (new Set(cells).size < cells.length) continue;
    const [low, high] = rangeOf(cells.map(Number));
    const slack = Math.ceil((high - low) * 0.02) + 1000;
    const [from, to] = [Math.floor(low - slack), Math.ceil(high + slack)];
    const numbers = to - from + 1;
    if (numbers <= Math.min(MOST_NUMBERS, rows * GAPS)) return { kind: 'numbers', index, from, to };
  }
  return null;
}

/** Whether numbers or days lie so near together that there can only be few different ones. */
export function spansLittle(type: ColumnType, cells: readonly string[]): boolean {
  if (cells.length < TELLING) return false;
  if (type.kind === 'integer' && type.thousands === null) {
    const [low, high] = rangeOf(cells.map(Number));
    return high - low <= SPAN;
  }
  if (type.kind !== 'date' || type.formats.length > 1 || type.formats[0] !== '%Y-%m-%d') return false;
  const [low, high] = rangeOf(cells.map((cell) => Date.parse(cell)));
  return (high - low) / DAY_MS <= SPAN;
}

/** Of what is a number at all; with none of those, nothing is within any bounds. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [-Infinity, Infinity];
}
