import { cellClass, isValueClass } from '../detect/index.ts';
import { isRule, RowCutter } from '../text/index.ts';
import type { Reject, RowSink, TableShape } from './table-shape.ts';
import { isLike, RowRepair } from './row-repair.ts';
import { isComment, isNote, isSurelyTotal, isTotal } from './around.ts';
import { countsOf, type ReaderCounts } from './counts.ts';
import { fitRow, holdsValues, placeRow, type ColumnHabit } from './fit-row.ts';

interface Held {
  readonly values: readonly string[];
  /** Null where there is nothing in the row. */
  readonly reject: Reject | null;
  readonly short: boolean;
}

/** More rows than these are no notes but a table. */
const MOST_HELD = 40;
const LONGEST_RAW = 10_000;

/**
 * Reads the rows of a table of known width out of UTF-8 text. Each is judged: as wide as the table, short, too long,
 * blank, the header come again, a comment, another table, a note below the table, or not to be read. What does not fit is
 * tried in other ways before it is given up: with a stray quote as an ordinary sign, cut by another delimiter, or with cells
 * put together again.
 */
export class TableReader {
  readonly counts: ReaderCounts = countsOf(0);
  /** Lines read so far. */
  line = 0;
  readonly #shape: TableShape;
  readonly #habits: readonly ColumnHabit[];
  readonly #sink: RowSink;
  readonly #locate: (at: number) => number;
  readonly #cutter: RowCutter;
  readonly #repairer: RowRepair;
  readonly #headerBytes: number;
  readonly #ruled: boolean;
  #held: Held[] = [];
  #afterBlank = false;
  /** Whether the lines are those of another table. */
  #elsewhere = false;

  /** @param locate the byte of the file that a byte of the text being read stands for */
  constructor(shape: TableShape, sink: RowSink, locate: (at: number) => number) {
    this.#locate = locate;
    this.#shape = shape;
    this.#habits = shape.habits ?? [];
    this.#sink = sink;
    this.#cutter = new RowCutter(shape.cut);
    this.#repairer = new RowRepair(shape);
    this.#headerBytes = shape.headerLine === null ? -1 : Buffer.byteLength(shape.headerLine);
    this.#ruled = shape.cut.framed === 'both' || shape.cut.fixed !== undefined;
  }

  /**
   * Reads the rows that end in a piece of text.
   * @param limit rows of the table to stop after
   * @returns the byte the next row begins at
   */
  read(bytes: Buffer, from: number, final: boolean, limit = Number.POSITIVE_INFINITY): number {
    const { width } = this.#shape;
    let at = from;
    while (at < bytes.length && this.counts.rows < limit) {
      let cutter = this.#cutter;
      if (!cutter.cut(bytes, at, final)) break;
      const suspicious = cutter.unclosed || (cutter.multiline && cutter.strayQuote);
      if (suspicious || (cutter.count !== width && !this.#hasBlankRest()))
        cutter = this.#repaired(bytes, at, final, suspicious);
      this.#take(cutter);
      this.#countLines(cutter, bytes);
      at = cutter.next;
    }
    return at;
  }

  /** No more text follows: what was held back are notes below the table. */
  end(): void {
    for (const { reject } of this.#held.splice(0)) this.#giveUp(reject);
  }

  #take(cutter: RowCutter): void {
    const { width } = this.#shape;
    const { count } = cutter;
    if (width === 1) return this.#takeLine(cutter);
    if (count < width && cutter.isBlank() && (count === 1 || this.#shape.cut.collapse)) {
      this.#afterBlank = true;
      return undefined;
    }
    if (this.#ruled || this.counts.rows === 0) {
      if (count < 200 && isRule(cutter.raw()))
        return this.#ruled ? undefined : this.#reject(cutter, 'a drawn line');
    }
    if (cutter.end - cutter.start === this.#headerBytes && cutter.raw() === this.#shape.headerLine) {
      // What stands between a table and its header come again is the title of a page.
      this.end();
      this.#elsewhere = false;
      this.#afterBlank = false;
      return this.#reject(cutter, 'the header comes again');
    }
    if (this.#isElsewhere(cutter)) {
      this.counts.foreign += 1;
      this.counts.foreignFrom ??= this.line;
      return this.#reject(cutter, 'a row of another table');
    }
    if (this.#isComment(cutter)) return this.#reject(cutter, 'a comment');
    if (this.#isSubtotal(cutter)) return this.#reject(cutter, 'a sum of other rows');
    if (count > width) {
      let blank = true;
      for (let extra = width; extra < count && blank; extra += 1) blank = cutter.isBlankCell(extra);
      if (!blank) return this.#takeLong(cutter, true);
      // Its last cell is empty: what is too much may stand further to the front.
      if (this.#shape.longIsUsual !== true) return this.#takeLong(cutter, false);
    }
    if ((count < width || cutter.isEmpty(1) || this.#afterBlank) && this.#isAside(cutter))
      return this.#hold(cutter);
    return this.#emit(cutter);
  }

  /** A row of sums with nothing in some columns, between the rows it sums up. */
  #isSubtotal(cutter: RowCutter): boolean {
    if (this.#habits.length < 3 || !isSurelyTotal(cutter.cell(0).trim())) return false;
    for (let index = 0; index < this.#shape.width; index += 1) {
      if (index >= cutter.count || cutter.isBlankCell(index)) return true;
    }
    return false;
  }

  /** Whether the cells beyond the table's width are all empty, so that nothing is wrong with them. */
  #hasBlankRest(): boolean {
    const { width } = this.#shape;
    if (this.#cutter.count <= width || !this.#cutter.regular) return false;
    for (let extra = width; extra < this.#cutter.count; extra += 1) {
      if (!this.#cutter.isBlankCell(extra)) return false;
    }
    return true;
  }

  /** A line of a table of one column; empty ones at the end are none. */
  #takeLine(cutter: RowCutter): void {
    if (cutter.isBlank()) return this.#hold(cutter);
    return this.#emit(cutter);
  }

  /** @param surely whether cells beyond the width hold something */
  #takeLong(cutter: RowCutter, surely: boolean): void {
    const { width, cut } = this.#shape;
    const cells = cutter.cells();
    const delimiter = cut.collapse ? ' ' : cutter.dialect.delimiter;
    const fitted = fitRow(cells, (index) => cutter.isQuoted(index), this.#habits, delimiter);
    if (fitted === null)
      return surely
        ? this.#reject(cutter, `${cutter.count} cells where the table has ${width}`)
        : this.#emit(cutter);
    return this.#emitFitted(fitted);
  }

  #emitFitted(cells: readonly string[]): void {
    if (this.#held.length > 0) this.#release();
    this.#afterBlank = false;
    this.counts.rows += 1;
    this.counts.fitted += 1;
    this.#sink.cells(cells);
  }

  /** The cells of a row that was written otherwise than the others: a cell lacks before its end, or blanks stand before all. */
  #mended(cutter: RowCutter): readonly string[] | null {
    const { width, cut } = this.#shape;
    if (this.#habits.length === 0 || cut.fixed !== undefined) return null;
    const spaced = width > 2 && cut.trim !== true && cutter.isSpaced() && this.#isSpacingRare();
    if (cutter.count < width) {
      const cells = cutter.cells().map((cell) => (spaced ? cell.trim() : cell));
      return placeRow(cells, this.#habits) ?? (spaced ? cells : null);
    }
    return spaced ? cutter.cells().map((cell) => cell.trim()) : null;
  }

  #isSpacingRare(): boolean {
    return this.#habits.every(({ of, spaced }) => spaced <= Math.max(1, of * 0.1));
  }

  #emit(cutter: RowCutter): void {
    const mended = this.#mended(cutter);
    if (mended !== null) return this.#emitFitted(mended);
    if (this.#held.length > 0) this.#release();
    this.#afterBlank = false;
    this.counts.rows += 1;
    if (cutter.count < this.#shape.width) this.counts.short += 1;
    this.#sink.row(cutter);
  }

  #isComment(cutter: RowCutter): boolean {
    if (this.#shape.commentsAreRows === true || cutter.isQuoted(0) || this.#ruled) return false;
    if (cutter.count >= this.#shape.width && !this.#shape.firstIsValue) return false;
    const first = cutter.cell(0);
    return isComment(first) && this.#habits.length > 0;
  }

  /**
   * Whether a row belongs to another table: below a blank line stands what can only be the header of one, and nothing has
   * shown since that this table goes on.
   */
  #isElsewhere(cutter: RowCutter): boolean {
    if (!this.#afterBlank || this.#habits.length === 0 || this.counts.rows === 0) return this.#elsewhere;
    const { width } = this.#shape;
    this.#afterBlank = !this.#elsewhere;
    if (this.#elsewhere) this.#elsewhere = cutter.count !== width || !isLike(cutter, this.#habits);
    else this.#elsewhere = this.#isForeignHeader(cutter);
    return this.#elsewhere;
  }

  #isForeignHeader(cutter: RowCutter): boolean {
    const { count } = cutter;
    if (count < 2) return false;
    let filled = 0;
    let against = 0;
    let valued = 0;
    for (let index = 0; index < count; index += 1) {
      const cell = cutter.cell(index).trim();
      const habit = this.#habits[index];
      if (habit !== undefined && holdsValues(habit)) valued += 1;
      if (cell === '') continue;
      if (isValueClass(cellClass(cell)) || cell.length > 60 || /[:.]$/.test(cell)) return false;
      filled += 1;
      if (habit !== undefined && holdsValues(habit)) against += 1;
    }
    if (filled < 2 || filled < count * 0.6) return false;
    return count === this.#shape.width ? valued > 0 && against === valued : count > this.#shape.width;
  }

  /** Whether a row with little but its first cell, or nothing at all, may be no row of the table. */
  #isAside(cutter: RowCutter): boolean {
    const first = cutter.cell(0).trim();
    const isShort = cutter.count < this.#shape.width;
    if (isShort && (this.#afterBlank || this.#held.length > 0 || isNote(first))) return true;
    let filled = 0;
    let label = '';
    for (let index = 0; index < cutter.count; index += 1) {
      if (cutter.isBlankCell(index)) continue;
      filled += 1;
      if (label === '') label = cutter.cell(index).trim();
    }
    // Sums under some of the columns, and a label.
    const partly = filled < this.#shape.width;
    if (partly && isTotal(label)) return true;
    if (partly && this.#afterBlank && label.endsWith(':')) return true;
    const few = isShort && filled <= this.#shape.width / 2 + 0.5;
    if (few && this.#shape.firstIsValue && first !== '' && !isValueClass(cellClass(first))) return true;
    if (filled > 1 || (filled === 1 && first === '')) return false;
    if (first === '') return !cutter.isQuoted(0);
    if (this.#afterBlank || this.#held.length > 0 || isNote(first)) return true;
    return this.#shape.firstIsValue && !isValueClass(cellClass(first));
  }

  #hold(cutter: RowCutter): void {
    const values = cutter.cells();
    const empty = values.every((value) => value.trim() === '');
    if (empty) this.#afterBlank = true;
    const reject = empty ? null : this.#rejection(cutter, 'a note or a sum, no row of the table');
    this.#held.push({ values, reject, short: values.length < this.#shape.width });
    if (this.#held.length > MOST_HELD) this.#release();
  }

  #release(): void {
    for (const { values, short, reject } of this.#held) {
      if (reject === null && this.#shape.width > 1) {
        this.counts.dropped += 1;
        continue;
      }
      this.counts.rows += 1;
      if (short) this.counts.short += 1;
      this.#sink.cells(values);
    }
    this.#held = [];
  }

  #giveUp(reject: Reject | null): void {
    if (reject === null) {
      this.counts.dropped += 1;
      return;
    }
    this.counts.rejected += 1;
    this.#sink.reject(reject);
  }

  #reject(cutter: RowCutter, reason: string): void {
    this.counts.rejected += 1;
    this.#sink.reject(this.#rejection(cutter, reason));
  }

  #rejection(cutter: RowCutter, reason: string): Reject {
    const raw = cutter.raw();
    return {
      line: this.line,
      byte: this.#locate(cutter.start),
      reason,
      raw: raw.length > LONGEST_RAW ? `${raw.slice(0, LONGEST_RAW)}…` : raw,
    };
  }

  #repaired(bytes: Buffer, at: number, final: boolean, suspicious: boolean): RowCutter {
    const repair = this.#repairer.of(this.#cutter, bytes, at, final, suspicious);
    if (repair === null) return this.#cutter;
    if (repair.by === 'quote') this.counts.repaired += 1;
    return repair.cutter;
  }

  #countLines(cutter: RowCutter, bytes: Buffer): void {
    if (cutter.newline === 'lf') this.counts.lf += 1;
    else if (cutter.newline === 'crlf') this.counts.crlf += 1;
    else if (cutter.newline === 'cr') this.counts.cr += 1;
    if (!cutter.multiline) {
      this.line += 1;
      return;
    }
    for (
      let at = bytes.indexOf(10, cutter.start);
      at !== -1 && at < cutter.next;
      at = bytes.indexOf(10, at + 1)
    ) {
      this.line += 1;
    }
  }
}
