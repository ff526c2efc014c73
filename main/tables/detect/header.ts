import { cellClass, isValueClass, type CellClass } from './cell-class.ts';

/**
 * Whether a row names the columns of the rows below it. Each column gives its opinion: a word above numbers is a name; a
 * number above numbers is not; among texts it counts whether the row's cell comes again and whether it is written alike.
 */
export function isHeader(row: readonly string[], body: readonly (readonly string[])[]): boolean {
  const cells = row.map((cell) => cell.trim());
  const classes = cells.map(cellClass);
  const named = cells.filter((cell) => cell !== '');
  if (named.length === 0) return false;
  if (body.length === 0) return cells.length > 1 && classes.every((name) => !isValueClass(name));

  // Where tables were put together, the header itself stands among the rows again.
  const others = body.filter((values) => values.some((value, index) => value.trim() !== cells[index]));
  let votes = 0;
  for (const [index, cell] of cells.entries()) {
    const column = others.map((values) => (values[index] ?? '').trim()).filter((value) => value !== '');
    votes += opinion(cell, classes[index] ?? 'empty', column);
  }
  if (isYearSequence(cells) || isCounted(cells)) votes += cells.length;
  if (new Set(named.map((cell) => cell.toLowerCase())).size < named.length) votes -= 0.5;
  if (named.every((cell) => /^[\p{L}_#][\p{L}\p{N}_ .#%()/:-]{0,60}$/u.test(cell))) votes += 0.3;
  if (named.every((cell) => /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$|^[A-Z][A-Z0-9_]{2,}$/.test(cell))) votes += 0.5;
  if (named.length < cells.length * 0.5) votes -= 0.5;
  return votes > 0;
}

function opinion(cell: string, name: CellClass, column: readonly string[]): number {
  if (cell === '') return column.length === 0 ? 0 : -0.1;
  if (column.length === 0) return isValueClass(name) ? -0.5 : 0.2;
  const classes = column.map(cellClass);
  const values = classes.filter(isValueClass).length / classes.length;
  if (values > 0.7) {
    if (!isValueClass(name)) return 1;
    // Days above figures.
    if (name === 'date' && classes.filter(isNumber).length > classes.length * 0.9) return 0.8;
    return isNumber(name) && classes.filter(isNumber).length / classes.length < 0.5 ? 0 : -1;
  }
  if (isValueClass(name)) return -0.8;
  // Texts above texts: a name does not come again, and differs from its column in length or make.
  const again = column.filter((value) => value.toLowerCase() === cell.toLowerCase()).length;
  if (again > 0) return again / column.length > 0.02 || column.length < 50 ? -0.8 : -0.2;
  // What stands before every value and before this one too, as in paths, is no part of a name.
  const [sign = ''] = cell;
  if (
    /[^\p{L}\p{N}]/u.test(sign) &&
    column.filter((value) => value.startsWith(sign)).length > column.length * 0.8
  )
    return -0.8;
  const lengths = column.map((value) => value.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const spread = Math.sqrt(lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / lengths.length);
  const uniform = spread < 0.5 && column.length >= 3;
  if (uniform) return Math.abs(cell.length - mean) > 1 || !alike(cell, column) ? 0.5 : -0.3;
  const repeats = new Set(column).size < column.length * 0.7;
  if (repeats) return 0.35;
  const codes = column.filter((value) => /\d/.test(value)).length / column.length;
  if (codes > 0.7 && !/\d/.test(cell)) return 0.5;
  if (mean > 20 && cell.length < mean / 2) return 0.4;
  return cell.length <= 30 ? 0.05 : -0.2;
}

function isNumber(name: CellClass): boolean {
  return name === 'integer' || name === 'decimal' || name === 'money';
}

/** Whether a cell is made as most of its column is: letters, digits and signs at the same places. */
function alike(cell: string, column: readonly string[]): boolean {
  const make = (text: string): string =>
    text
      .replace(/\p{Lu}/gu, 'A')
      .replace(/\p{Ll}/gu, 'a')
      .replace(/\d/g, '0');
  const own = make(cell);
  return column.filter((value) => make(value) === own).length > column.length / 2;
}

/** Names such as 1, 2, 3 behind a word. */
function isCounted(cells: readonly string[]): boolean {
  const first = cells.findIndex((cell) => /^[01]$/.test(cell));
  if (first < 1 || cells.length - first < 3) return false;
  if (cells.slice(0, first).some((cell) => cell === '' || isValueClass(cellClass(cell)))) return false;
  const from = Number(cells[first]);
  return cells.slice(first).every((cell, index) => cell === String(from + index));
}

const YEAR = /^(?:19|20)\d\d$/;

/** Names such as 2019, 2020, 2021 above figures. */
function isYearSequence(cells: readonly string[]): boolean {
  const named = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1);
  const first = named.findIndex((cell) => YEAR.test(cell));
  const years = named
    .slice(first)
    .filter((cell) => YEAR.test(cell))
    .map(Number);
  // Words first, and nothing but years behind them, or but a last word such as "total".
  if (first === -1 || years.length < 2 || years.length < named.length - first - 1) return false;
  if (named.slice(0, first).some((cell) => isValueClass(cellClass(cell)))) return false;
  const step = (years[1] ?? 0) - (years[0] ?? 0);
  return step !== 0 && years.every((year, index) => index === 0 || year - (years[index - 1] ?? 0) === step);
}

/**
 * How many rows the names take: a second row of words above columns of numbers belongs to them (`Sales | Sales` over
 * `net | gross`, or a row of units).
 */
export function headerRows(rows: readonly (readonly string[])[]): number {
  let count = 1;
  while (count < 4 && count + 1 < rows.length) {
    const next = rows[count] ?? [];
    if (next.join('\0') === rows[0]?.join('\0')) {
      count += 1;
      continue;
    }
    if (fillsGaps(rows[count - 1] ?? [], next, rows.slice(count + 1, count + 40))) {
      count += 1;
      continue;
    }
    // A value among words is no name and no unit.
    if (next.some((cell) => isValueClass(cellClass(cell)))) break;
    const body = rows.slice(count + 1, count + 40);
    let typed = 0;
    let words = 0;
    const width = Math.max(next.length, rows[0]?.length ?? 0);
    for (let index = 0; index < width; index += 1) {
      const column = body.map((cells) => (cells[index] ?? '').trim()).filter((value) => value !== '');
      if (column.length === 0) continue;
      const values = column.filter((value) => isValueClass(cellClass(value))).length;
      if (values / column.length < 0.9) continue;
      typed += 1;
      const cell = (next[index] ?? '').trim();
      if (
        cell !== '' &&
        !isValueClass(cellClass(cell)) &&
        !/^(?:n\/?a|null|none|nan|-+|\?|unknown)$/i.test(cell)
      )
        words += 1;
    }
    const few = typed === 1 && isUnlike(next, body) && isHeader(next, body);
    if ((typed < 2 && !few) || words < typed * 0.8) break;
    count += 1;
  }
  return count;
}

/** Whether a row is full and none of its cells is made as those below it are. */
function isUnlike(row: readonly string[], body: readonly (readonly string[])[]): boolean {
  return row.every((cell, index) => {
    const column = body.map((cells) => (cells[index] ?? '').trim()).filter((value) => value !== '');
    return cell.trim() !== '' && !alike(cell.trim(), column);
  });
}

/**
 * Whether a row has names just where the names above it span columns: nothing under a name that needs none, though the rows
 * below hold something there.
 */
function fillsGaps(
  above: readonly string[],
  row: readonly string[],
  body: readonly (readonly string[])[],
): boolean {
  const filled = (cells: readonly string[], index: number): boolean => (cells[index] ?? '').trim() !== '';
  let gaps = 0;
  let left = 0;
  for (const [index, cell] of row.entries()) {
    const isGap = !filled(above, index) && index > 0;
    if (isGap && !filled(row, index) && body.some((cells) => filled(cells, index))) return false;
    if (isGap && filled(row, index)) gaps += 1;
    const held = body.filter((cells) => filled(cells, index)).length;
    if (filled(above, index) && cell.trim() === '' && held === body.length) left += 1;
    if (isValueClass(cellClass(cell)) && !/^\d{1,4}$/.test(cell.trim())) return false;
  }
  return gaps > 0 && left > 0 && body.length > 1;
}
