import { cellClass, isValueClass } from '../detect/index.ts';
import { RowCutter, type CutDialect } from '../text/index.ts';

/** Who receives a table row by row. */
export interface RowSink {
  /** A row of the table as it was cut: cells beyond the width are empty, missing ones are absent. */
  row(cutter: RowCutter): void;
  /** The same as text, for a row that was held back. */
  cells(values: readonly string[]): void;
  reject(reject: Reject): void;
}

export interface Reject {
  /** Lines above it in what was read. */
  readonly line: number;
  /** Where it begins in the file. */
  readonly byte: number;
  readonly reason: string;
  readonly raw: string;
}

export interface ReaderCounts {
  /** Rows of the table, without the rejected. */
  rows: number;
  rejected: number;
  /** Rows with fewer cells than columns. */
  short: number;
  /** Rows with nothing in them below the last that has. */
  dropped: number;
  /** Rows that could be cut only by taking a quote that does not fit as an ordinary sign. */
  repaired: number;
  lf: number;
  crlf: number;
  cr: number;
}

export interface TableShape {
  readonly cut: CutDialect;
  readonly width: number;
  /** The header's text, to know it when it comes again. */
  readonly headerLine: string | null;
  /** Whether the values of the first column are numbers, dates or the like. */
  readonly firstIsValue: boolean;
}

interface Held {
  readonly values: readonly string[];
  /** Null where there is nothing in the row. */
  readonly reject: Reject | null;
  readonly short: boolean;
}

/** How notes below a table begin, in the languages of the files we met. */
const NOTE =
  /^(?:\*|#|--|©|\(?\d+ (?:rows?|records?|lines?|entries)\b|(?:sources?|notes?|footnotes?|legend|generated|exported|created|printed|report|end of|total (?:rows|records)|quelle|hinweis|stand|erstellt)\b)/i;
/** What is drawn between a header and its rows. */
const RULE = /^(?=.*(?:--|==|__))[\s|+:=_-]+$/;
/** More rows than these are no notes but a table. */
const MOST_HELD = 40;
const LONGEST_RAW = 10_000;

/**
 * Reads the rows of a table of known width out of UTF-8 text. Each is judged: as wide as the table, short, too long by
 * empty cells only, blank, the header come again, a note below the table, or not to be read. What does not fit is tried in
 * other ways before it is given up: with a stray quote as an ordinary sign, or cut by another delimiter.
 */
export class TableReader {
  readonly counts: ReaderCounts = {
    rows: 0,
    rejected: 0,
    short: 0,
    dropped: 0,
    repaired: 0,
    lf: 0,
    crlf: 0,
    cr: 0,
  };
  /** Lines read so far. */
  line = 0;
  readonly #shape: TableShape;
  readonly #sink: RowSink;
  readonly #locate: (at: number) => number;
  readonly #cutter: RowCutter;
  readonly #repairer: RowCutter;
  readonly #others: readonly RowCutter[];
  readonly #headerBytes: number;
  #held: Held[] = [];
  #afterBlank = false;

  /** @param locate the byte of the file that a byte of the text being read stands for */
  constructor(shape: TableShape, sink: RowSink, locate: (at: number) => number) {
    this.#locate = locate;
    this.#shape = shape;
    this.#sink = sink;
    this.#cutter = new RowCutter(shape.cut);
    this.#repairer = new RowCutter(shape.cut);
    this.#others = otherCuts(shape).map((cut) => new RowCutter(cut));
    this.#headerBytes = shape.headerLine === null ? -1 : Buffer.byteLength(shape.headerLine);
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
        cutter = this.#repair(bytes, at, final, suspicious);
      this.#take(cutter);
      this.#countLines(cutter, bytes);
      at = cutter.next;
    }
    return at;
  }

  /** No more text follows: what was held back are notes below the table. */
  end(): void {
    for (const { reject } of this.#held) {
      if (reject === null) {
        this.counts.dropped += 1;
        continue;
      }
      this.counts.rejected += 1;
      this.#sink.reject(reject);
    }
    this.#held = [];
  }

  #take(cutter: RowCutter): void {
    const { width } = this.#shape;
    const { count } = cutter;
    if (width === 1) return this.#takeLine(cutter);
    if (count < width && cutter.isBlank() && (count === 1 || this.#shape.cut.collapse)) {
      this.#afterBlank = true;
      return undefined;
    }
    if (this.counts.rows === 0 && RULE.test(cutter.raw())) return this.#reject(cutter, 'a drawn line');
    for (let extra = width; extra < count; extra += 1) {
      if (!cutter.isBlankCell(extra))
        return this.#reject(cutter, `${count} cells where the table has ${width}`);
    }
    if ((count < width || cutter.isEmpty(1)) && this.#isAside(cutter)) return this.#hold(cutter);
    if (cutter.end - cutter.start === this.#headerBytes && cutter.raw() === this.#shape.headerLine) {
      return this.#reject(cutter, 'the header comes again');
    }
    return this.#emit(cutter);
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

  #emit(cutter: RowCutter): void {
    if (this.#held.length > 0) this.#release();
    this.#afterBlank = false;
    this.counts.rows += 1;
    if (cutter.count < this.#shape.width) this.counts.short += 1;
    this.#sink.row(cutter);
  }

  /** Whether a row with nothing but its first cell, or nothing at all, may be no row of the table. */
  #isAside(cutter: RowCutter): boolean {
    const first = cutter.cell(0).trim();
    const isShort = cutter.count < this.#shape.width;
    if (isShort && (this.#afterBlank || this.#held.length > 0 || NOTE.test(first))) return true;
    for (let index = 1; index < cutter.count; index += 1) if (!cutter.isBlankCell(index)) return false;
    if (first === '') return !cutter.isQuoted(0);
    if (this.#afterBlank || this.#held.length > 0 || NOTE.test(first)) return true;
    return this.#shape.firstIsValue && !isValueClass(cellClass(first));
  }

  #hold(cutter: RowCutter): void {
    const values = cutter.cells();
    const empty = values.every((value) => value.trim() === '');
    if (empty) this.#afterBlank = true;
    const reject = empty ? null : this.#rejection(cutter, 'a note below the table');
    this.#held.push({ values, reject, short: values.length < this.#shape.width });
    if (this.#held.length > MOST_HELD) this.#release();
  }

  #release(): void {
    for (const { values, short } of this.#held) {
      this.counts.rows += 1;
      if (short) this.counts.short += 1;
      this.#sink.cells(values);
    }
    this.#held = [];
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

  /** @returns the cutter that cuts the row as wide as the table, or the ordinary one where none does */
  #repair(bytes: Buffer, at: number, final: boolean, suspicious: boolean): RowCutter {
    const { width, cut } = this.#shape;
    const cutter = this.#cutter;
    const fits = (other: RowCutter): boolean =>
      other.count === width && !(other.multiline && other.strayQuote);
    if (cut.quote !== null && cutter.raw().includes(cut.quote)) {
      for (const mode of ['closing', 'one-line', 'apart'] as const) {
        if (this.#repairer.cut(bytes, at, final, mode) && fits(this.#repairer)) {
          this.counts.repaired += 1;
          return this.#repairer;
        }
      }
    }
    for (const other of this.#others) {
      const isNewline = other.dialect.delimiter === cut.delimiter;
      if (!suspicious && (isNewline ? cutter.count < width : cutter.count > width)) continue;
      if (!other.cut(bytes, at, final) || !fits(other) || other.next > cutter.next) continue;
      // Blanks stand in texts too: quotes or many cells have to say that they cut.
      if (other.dialect.delimiter === ' ' && !other.isQuoted(0) && (width < 4 || cutter.count > 1)) continue;
      return other;
    }
    return cutter;
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

/** Ways a single row of another making may be cut: ended by a lone carriage return, or with another delimiter. */
function otherCuts({ cut, width }: TableShape): CutDialect[] {
  if (width < 3) return cut.loneCr || width < 2 ? [] : [{ ...cut, loneCr: true }];
  const delimiters = [',', ';', '\t', '|', ' '].filter((delimiter) => delimiter !== cut.delimiter);
  const others = delimiters.map((delimiter) => Object.assign({}, cut, { delimiter, collapse: false }));
  return cut.loneCr ? others : [{ ...cut, loneCr: true }, ...others];
}
