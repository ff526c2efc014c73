import { isRule } from '../text/index.ts';

/** Signs that tables are framed with. */
export const FRAMES = ['|', '│', '┃', '║', '¦', '!'] as const;

/** Whether most lines that hold the sign begin and end with it. */
export function isFramed(lines: readonly string[], sign: string): boolean {
  const holding = lines.filter((line) => line.includes(sign) && !isRule(line));
  const framed = holding.filter((line) => {
    const bare = line.trim();
    return bare.length > 1 && bare.startsWith(sign) && bare.endsWith(sign);
  });
  return framed.length > 0 && framed.length >= holding.length * 0.7;
}

/** Whether most cells have blanks at an edge, so that the blanks only align them. */
export function isPadded(lines: readonly string[], delimiter: string): boolean {
  const columns = new Map<number, { all: number; padded: number; lengths: Set<number> }>();
  for (const line of lines.slice(0, 200)) {
    const cells = line.split(delimiter);
    if (cells.length < 2) continue;
    for (const [index, cell] of cells.entries()) {
      const text = cell.replace(/^"(.*)"$/s, '$1');
      if (text.trim() === '') continue;
      const column = columns.get(index) ?? { all: 0, padded: 0, lengths: new Set() };
      columns.set(index, column);
      column.all += 1;
      column.lengths.add(text.length);
      if (/^ | $/.test(text)) column.padded += 1;
    }
  }
  const each = [...columns.values()];
  const all = each.reduce((sum, column) => sum + column.all, 0);
  const padded = each.reduce((sum, column) => sum + column.padded, 0);
  // One column that is filled up to a width of its own, or nearly all of it, says as much as all of them.
  const most = Math.max(0, ...each.map((column) => column.all));
  const isFilledUp = each.some(
    (column) =>
      column.all > 2 &&
      column.all >= most * 0.5 &&
      column.padded >= column.all * (column.lengths.size === 1 ? 0.6 : 0.85),
  );
  return all > 3 && (padded >= all * 0.5 || isFilledUp);
}

/**
 * Whether every line that the delimiter cuts begins with it, as where a table stands in the second column of a sheet; a title
 * in the first column does not count.
 */
export function isIndented(lines: readonly string[], delimiter: string): boolean {
  const holding = lines.filter((line) => line.replace(/\s+$/, '').includes(delimiter));
  return (
    holding.length > 1 && holding.every((line) => line.startsWith(delimiter) || isTitle(line, delimiter))
  );
}

function isTitle(line: string, delimiter: string): boolean {
  return line.split(delimiter).every((cell, index) => index === 0 || cell.trim() === '');
}

/** A line of dashes under the names of columns, which shows where each begins and ends. */
const RULER = /^\s*[-=]+(?: +[-=]+)+\s*$/;
const LINES = 400;
const WIDEST = 4000;

/** Where the columns of a text begin that are parted by their places alone; null where they are not. */
export function fixedColumns(lines: readonly string[]): readonly number[] | null {
  const looked = lines.slice(0, LINES).filter((line) => line.length < WIDEST);
  if (looked.length < 2 || looked.some((line) => line.includes('\t'))) return null;
  const ruler = looked.find((line) => RULER.test(line));
  if (ruler !== undefined) return columnsOfRuler(ruler);

  const rows = looked.filter((line) => !isRule(line)).map((line) => Array.from(line.trimEnd()));
  const gapped = rows.filter((row) => /\S {2,}\S/.test(row.join('')));
  if (gapped.length < 2 || gapped.length < rows.length * 0.5) return null;
  // A title or note between the rows may lie across a gap, if there are rows enough to see it is one.
  const strict = startsOf(gapped, 0);
  const lax = startsOf(gapped, Math.floor(gapped.length * 0.08));
  const starts = lax.length > strict.length ? lax : strict;
  if (rows[0] !== undefined && rows.length >= 8) {
    const named = columnsOfNames(rows, rows[0]);
    if (named !== null && named.length > starts.length) return named;
  }
  return starts.length < 2 ? null : starts;
}

/** Where columns begin behind gaps that no line but `allowed` ones fills. */
function startsOf(rows: readonly (readonly string[])[], allowed: number): number[] {
  const width = Math.max(...rows.map((row) => row.length));
  const filledAt = Array.from({ length: width }, (_, at) => {
    let filled = 0;
    for (const row of rows) if ((row[at] ?? ' ') !== ' ') filled += 1;
    return filled;
  });
  const isGap = filledAt.map((filled) => filled <= allowed);
  // A gap of one blank counts where every line has a sign right before it, or right behind it: an edge of a column.
  const edged = (at: number): boolean =>
    rows.length >= 5 && ((filledAt[at - 1] ?? 0) === rows.length || (filledAt[at + 1] ?? 0) === rows.length);
  const starts = [0];
  for (let at = isGap.indexOf(false); at >= 0 && at < width;) {
    const gap = isGap.indexOf(true, at);
    if (gap === -1) break;
    const next = isGap.indexOf(false, gap);
    if (next === -1) break;
    if (next - gap > 1 || rows.length >= 25 || edged(gap)) starts.push(next);
    at = next;
  }
  return starts;
}

/** Where names begin in the first line, if a blank stands before each of these places in every line. */
function columnsOfNames(
  rows: readonly (readonly string[])[],
  names: readonly string[],
): readonly number[] | null {
  const starts = names.flatMap((sign, at) =>
    sign !== ' ' && (at === 0 || names[at - 1] === ' ') ? [at] : [],
  );
  if (starts[0] !== 0 || starts.length < 3 || !/ {2}/.test(names.join(''))) return null;
  const filled = rows.slice(1).every((row) => starts.every((at) => at === 0 || row[at - 1] === ' '));
  // A name that stands in the middle of its column has no value below its place.
  const begun = starts.every((at) => rows.some((row, index) => index > 0 && (row[at] ?? ' ') !== ' '));
  return filled && begun ? starts : null;
}

function columnsOfRuler(ruler: string): readonly number[] | null {
  const starts = [...ruler.matchAll(/[-=]+/g)].map(({ index }) => index);
  return starts.length < 2 ? null : [0, ...starts.slice(1)];
}
