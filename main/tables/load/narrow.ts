import { cellClass, sampleRows, type Detected } from '../detect/index.ts';

/** A table that has fewer columns than its rows have cells, for a delimiter stands unquoted in some column. */
export interface Narrowed {
  readonly detected: Detected;
  /** Rows of the sample as they are with the cut cells put together again: what the columns hold. */
  readonly rows: readonly (readonly string[])[];
}

const LOOKED = 300;
const MOST_EXTRA = 3;
const FEWEST = 5;

/**
 * Where all rows have a few cells more than the header has names, and cells beside each other make one value in every
 * row (`1,250`, `May 3, 2024`, `Berg, Anna`), the header is right.
 *
 * @returns null where it is not so
 */
export function narrowed(detected: Detected, head: Buffer): Narrowed | null {
  const { width, names, hasHeader } = detected;
  // Blanks behind the sign that cuts a value are its own.
  const { trim: _, ...cut } = detected.cut;
  const named = names.findLastIndex((name, index) => name !== `column_${index + 1}`) + 1;
  if (!hasHeader || cut.delimiter.length !== 1 || cut.collapse) return null;
  if (named < 2 || named === width || width - named > MOST_EXTRA) return null;
  const sampled = sampleRows(head.subarray(detected.dataStart), cut, LOOKED, true);
  let rows: (readonly string[])[] = sampled.flatMap(({ cells }) => (cells.length === width ? [cells] : []));
  if (rows.length < FEWEST) return null;
  for (let count = width; count > named; count -= 1) {
    const at = placeOfCut(rows, count, cut.delimiter);
    if (at === -1) return null;
    rows = rows.map((cells) => joinedAt(cells, at, cut.delimiter));
  }
  return { detected: { ...detected, cut, width: named, names: names.slice(0, named) }, rows };
}

function joinedAt(cells: readonly string[], at: number, delimiter: string): readonly string[] {
  const whole = `${cells[at] ?? ''}${delimiter}${cells[at + 1] ?? ''}`;
  return [...cells.slice(0, at), whole, ...cells.slice(at + 2)];
}

/** @returns the column that is one with the next; -1 where none is */
function placeOfCut(rows: readonly (readonly string[])[], width: number, delimiter: string): number {
  const spaced = (column: number): boolean => most(rows, (cells) => /^ \S/.test(cells[column] ?? ''));
  const spacedColumns = Array.from({ length: width }, (_, column) => spaced(column)).filter(Boolean).length;
  for (let at = 0; at + 1 < width; at += 1) {
    const pairs = rows.map((cells) => [cells[at] ?? '', cells[at + 1] ?? ''] as const);
    if (areNumbersCut(pairs)) return at;
    const isDate = (text: string): boolean => ['date', 'timestamp'].includes(cellClass(text));
    if (most(pairs, ([before, after]) => !isDate(before) && isDate(`${before}${delimiter}${after}`)))
      return at;
    // In prose a blank follows the sign; where one follows everywhere it says nothing.
    if (spacedColumns === 1 && spaced(at + 1) && most(pairs, ([before]) => /\p{L}/u.test(before))) return at;
  }
  return -1;
}

/** Thousands or cents: groups of digits of one length, some of which no number begins with. */
function areNumbersCut(pairs: readonly (readonly [string, string])[]): boolean {
  const led = pairs.some(([, after]) => /^0\d/.test(after));
  const thousands = pairs.every(
    ([before, after]) =>
      /^[-+(]?[$€£]?[1-9]\d{0,2}$/.test(before.trim()) && /^\d{3}(?:\.\d+)?\)?$/.test(after),
  );
  const cents = pairs.every(
    ([before, after]) => /^[-+(]?[$€£]?\d+$/.test(before.trim()) && /^\d{2}\)?$/.test(after),
  );
  return led && (thousands || cents);
}

function most<T>(of: readonly T[], is: (each: T) => boolean): boolean {
  return of.filter(is).length >= of.length * 0.9;
}
