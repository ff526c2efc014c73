import type { CutDialect, CutMode } from './cut-dialect.ts';
import { CutRow, ESCAPED, PLAIN, QUOTED, QUOTED_DECODE, type Newline } from './cut-row.ts';
import { endOfJson } from './json-cell.ts';

/** Longer than this a quoted cell is taken to have lost its closing quote. Bytes. */
const LONGEST_QUOTED = 1 << 24;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const BRACKET = 91;
const BRACE = 123;
const NONE = -2;

/** What cutting a quoted cell found, where it is no position. */
const MORE = -1;
const UNCLOSED = -2;
const NOT_QUOTED = -3;

/**
 * Cuts one row at a time out of UTF-8 bytes and keeps where its cells are, without making strings of them: the hot loop
 * of loading. One cutter is reused for all rows of a file.
 */
export class RowCutter extends CutRow {
  readonly #sign: Buffer;
  readonly #width: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #collapse: boolean;
  readonly #loneCr: boolean;
  readonly #framed: CutDialect['framed'] | null;
  readonly #fixed: readonly number[] | null;
  readonly #edge: Buffer | null;
  readonly #nested: boolean;
  readonly #unwrapper: Unwrapper | null;
  #final = true;

  constructor(dialect: CutDialect) {
    super(dialect);
    this.#sign = Buffer.from(dialect.delimiter);
    this.#width = this.#sign.length;
    this.#delimiter = this.#sign[0] ?? NONE;
    this.#quote = dialect.quote?.charCodeAt(0) ?? NONE;
    this.#escape = dialect.escape?.charCodeAt(0) ?? NONE;
    this.#collapse = dialect.collapse;
    this.#loneCr = dialect.loneCr;
    this.#framed = dialect.framed ?? null;
    this.#fixed = dialect.fixed ?? null;
    this.#edge = dialect.edge === undefined ? null : Buffer.from(dialect.edge);
    this.#nested = dialect.nested === true;
    this.#unwrapper = dialect.wrapped === true ? unwrapperOf(dialect) : null;
  }

  /**
   * @param final whether the text ends here; where it does not, a row that may go on is not cut
   * @returns false where more text is needed to see the end of the row
   */
  cut(bytes: Buffer, from: number, final: boolean, mode: CutMode = 'standard'): boolean {
    this.begin(bytes, from);
    this.#final = final;
    if (this.#unwrapper !== null && bytes[from] === this.#quote) {
      const unwrapped = this.#unwrap(this.#unwrapper, from, mode);
      if (unwrapped !== null) return unwrapped;
    }
    if (this.#fixed !== null) return this.#cutFixed(from, this.#fixed);
    const length = bytes.length;
    const quote = this.#quote;
    let at = this.#firstCell(from);
    for (;;) {
      let stop = NOT_QUOTED;
      const first = bytes[at] ?? 0;
      if (this.#nested && (first === quote || first === BRACE || first === BRACKET))
        stop = this.#cutNested(at);
      if (stop === NOT_QUOTED && (first === quote || (first === SPACE && quote !== NONE))) {
        const opening = this.#openingQuote(at);
        if (opening !== -1) stop = this.#cutQuoted(opening, mode);
        if (stop === MORE) return false;
        if (stop === UNCLOSED) return this.#cutUnclosed(from);
      }
      if (stop === NOT_QUOTED) stop = this.#cutPlain(at);
      if (stop >= length) return final && this.#finish(length, length, 'none');
      const code = bytes[stop] ?? 0;
      if (code === LF) return this.#finish(stop, stop + 1, 'lf');
      if (code === CR) return this.#finishCr(stop);
      at = stop + this.#width;
      if (this.#collapse) {
        at = this.#skipBlanks(at);
        const ending = bytes[at] ?? LF;
        if (at >= length) return final && this.#finish(length, length, 'none');
        if (ending === LF) return this.#finish(at, at + 1, 'lf');
        if (ending === CR) return this.#finishCr(at);
      }
    }
  }

  #firstCell(from: number): number {
    if (this.#collapse) return this.#skipBlanks(from);
    if (this.#framed !== null) return this.#insideFrame(from);
    const edge = this.#edge;
    return edge !== null && this.bytes.subarray(from, from + edge.length).equals(edge)
      ? from + edge.length
      : from;
  }

  /** @returns null where the row is not wrapped; else what `cut` returns */
  #unwrap({ outers, inner }: Unwrapper, from: number, mode: CutMode): boolean | null {
    for (const outer of outers) {
      if (!outer.cut(this.bytes, from, this.#final, mode)) return false;
      if (outer.isQuoted(0) && !outer.strayQuote && !outer.unclosed) return this.#adoptInside(outer, inner);
    }
    return null;
  }

  #adoptInside(outer: RowCutter, inner: RowCutter): boolean | null {
    for (let index = 1; index < outer.count; index += 1) if (!outer.isBlankCell(index)) return null;
    if (!inner.cut(Buffer.from(outer.cell(0)), 0, true) || inner.count < 2) return null;
    this.adopt(inner);
    this.multiline = outer.multiline;
    this.strayQuote = inner.strayQuote;
    return this.ended(outer.end, outer.next, outer.newline);
  }

  /** A cell of JSON, bare or in quotes, whose own quotes are written as they are. */
  #cutNested(from: number): number {
    const { bytes } = this;
    const opening = bytes[from] === this.#quote ? from + 1 : from;
    const end = endOfJson(bytes, opening);
    if (end === -1) return NOT_QUOTED;
    if (opening !== from && bytes[end] !== this.#quote) return NOT_QUOTED;
    const stop = this.#closesAt(opening === from ? end : end + 1);
    if (stop < 0) return NOT_QUOTED;
    this.regular = false;
    this.push(opening, end, PLAIN);
    return stop;
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (this.bytes[at] === this.#delimiter) at += 1;
    return at;
  }

  #insideFrame(from: number): number {
    let at = from;
    while (this.bytes[at] === SPACE) at += 1;
    return this.#isDelimiter(at) ? at + this.#width : from;
  }

  /**
   * Cells by their places. A line in which a sign stands where a gap should be is no row of the table, and comes out as one
   * cell, as does one with nothing behind its first column.
   */
  #cutFixed(from: number, starts: readonly number[]): boolean {
    const bytes = this.bytes;
    let end = bytes.indexOf(LF, from);
    if (end === -1) {
      if (!this.#final) return false;
      end = bytes.length;
    }
    const stop = end > from && bytes[end - 1] === CR ? end - 1 : end;
    this.regular = false;
    let column = 0;
    let sign = -1;
    let start = from;
    let fits = true;
    for (let at = from; at < stop && fits; at += 1) {
      const code = bytes[at] ?? 0;
      if ((code & 0xc0) === 0x80) continue;
      sign += 1;
      if (sign !== starts[column + 1]) continue;
      fits = bytes[at - 1] === SPACE;
      this.push(start, at, PLAIN);
      start = at;
      column += 1;
    }
    this.push(start, stop, PLAIN);
    let filled = false;
    for (let index = 1; index < this.count; index += 1) filled ||= !this.isBlankCell(index);
    if (!fits || !filled) {
      this.count = 0;
      this.push(from, stop, PLAIN);
    } else while (this.count < starts.length) this.push(stop, stop, PLAIN);
    if (stop !== end) return this.#finish(stop, end + 1, 'crlf');
    return end < bytes.length ? this.#finish(end, end + 1, 'lf') : this.#finish(end, end, 'none');
  }

  /** @returns where a quoted cell's text begins, or -1 for a plain cell; blanks before the quote do not count */
  #openingQuote(at: number): number {
    const bytes = this.bytes;
    let look = at;
    while (bytes[look] === SPACE && this.#delimiter !== SPACE) look += 1;
    if (bytes[look] !== this.#quote) return -1;
    if (look !== at) this.regular = false;
    return look + 1;
  }

  #cutPlain(from: number): number {
    const bytes = this.bytes;
    const length = bytes.length;
    const delimiter = this.#delimiter;
    const escape = this.#escape;
    let kind = PLAIN;
    let at = from;
    for (; at < length; at += 1) {
      const code = bytes[at] ?? 0;
      if (code === delimiter) {
        if (this.#width === 1 || this.#isDelimiter(at)) break;
      } else if (code === LF) break;
      else if (code === CR) {
        if (this.#loneCr || bytes[at + 1] === LF || at + 1 >= length) break;
        this.regular = false;
      } else if (code === escape) {
        this.regular = false;
        kind = ESCAPED;
        at += 1;
      } else if (code === 0) this.regular = false;
    }
    const stop = at < length ? at : length;
    this.push(from, stop, kind);
    return stop;
  }

  #isDelimiter(at: number): boolean {
    for (let index = 0; index < this.#width; index += 1) {
      if (this.bytes[at + index] !== this.#sign[index]) return false;
    }
    return this.#width > 0;
  }

  /** @returns where the cell ends, or one of MORE, UNCLOSED, NOT_QUOTED */
  #cutQuoted(from: number, mode: CutMode): number {
    const bytes = this.bytes;
    let at = from;
    let decode = false;
    for (;;) {
      const found = bytes.indexOf(this.#quote, at);
      if (found === -1 || found - from > LONGEST_QUOTED) {
        if (mode === 'one-line') return this.#notQuoted();
        if (found === -1 && !this.#final && bytes.length - from <= LONGEST_QUOTED) return MORE;
        return UNCLOSED;
      }
      if (mode === 'one-line' && hasNewline(bytes, from, found)) return this.#notQuoted();
      if (this.#escape !== NONE && isEscaped(bytes, from, found, this.#escape)) {
        this.regular = false;
        decode = true;
        at = found + 1;
        continue;
      }
      if (found + 1 >= bytes.length && !this.#final) return MORE;
      if (bytes[found + 1] === this.#quote) {
        const closing = mode === 'closing' ? this.#closesAt(found + 2) : NOT_QUOTED;
        if (closing >= 0) {
          this.regular = false;
          this.#close(from, found + 1, decode);
          return closing;
        }
        decode = true;
        at = found + 2;
        continue;
      }
      const closing = this.#closesAt(found + 1);
      if (closing === MORE) return MORE;
      if (closing >= 0) {
        if (closing !== found + 1) this.regular = false;
        this.#close(from, found, decode);
        return closing;
      }
      if (mode === 'apart' && this.#followsDelimiter(found)) return this.#notQuoted();
      this.strayQuote = true;
      this.regular = false;
      decode = true;
      at = found + 1;
    }
  }

  #notQuoted(): number {
    this.regular = false;
    return NOT_QUOTED;
  }

  #close(from: number, to: number, decode: boolean): void {
    if (hasNewline(this.bytes, from, to)) this.multiline = true;
    let kind = decode ? QUOTED_DECODE : QUOTED;
    if (this.#escape !== NONE && this.bytes.subarray(from, to).includes(this.#escape)) {
      this.regular = false;
      kind = QUOTED_DECODE;
    }
    this.push(from, to, kind);
  }

  /** @returns where a delimiter, a line's end or the text's end follows but for blanks; else NOT_QUOTED or MORE */
  #closesAt(from: number): number {
    const bytes = this.bytes;
    for (let at = from; ; at += 1) {
      if (at >= bytes.length) return this.#final ? bytes.length : MORE;
      const code = bytes[at];
      if (code === LF || code === CR) return at;
      if (code === this.#delimiter && this.#isDelimiter(at)) return at;
      if (code !== SPACE && code !== TAB) return NOT_QUOTED;
    }
  }

  #followsDelimiter(at: number): boolean {
    return this.#width > 0 && this.#isDelimiter(at - this.#width);
  }

  /** The row anew, with the quote that never closes as an ordinary sign. */
  #cutUnclosed(from: number): boolean {
    const done = this.cut(this.bytes, from, this.#final, 'one-line');
    this.unclosed = true;
    this.regular = false;
    return done;
  }

  #finish(end: number, next: number, newline: Newline): true {
    if (this.#framed === 'both' && this.count > 1 && this.isBlankCell(this.count - 1)) this.count -= 1;
    if (this.#edge !== null) this.shorten(this.#edge);
    return this.ended(end, next, newline);
  }

  #finishCr(at: number): boolean {
    if (at + 1 >= this.bytes.length && !this.#final) return false;
    if (this.bytes[at + 1] === LF) return this.#finish(at, at + 2, 'crlf');
    return this.#finish(at, at + 1, 'cr');
  }
}

/** The cutters of a row that is quoted whole: of its outside, and of what is in it. */
interface Unwrapper {
  /** By what may stand behind the quoted row: the delimiter itself, or the one a spreadsheet saves with. */
  readonly outers: readonly RowCutter[];
  readonly inner: RowCutter;
}

function unwrapperOf(dialect: CutDialect): Unwrapper {
  return {
    outers: [...new Set([dialect.delimiter, ';', ','])].map(
      (delimiter) => new RowCutter({ ...dialect, delimiter, wrapped: false, escape: null }),
    ),
    inner: new RowCutter({ ...dialect, wrapped: false }),
  };
}

function isEscaped(bytes: Buffer, from: number, at: number, escape: number): boolean {
  let escapes = 0;
  while (at - 1 - escapes >= from && bytes[at - 1 - escapes] === escape) escapes += 1;
  return escapes % 2 === 1;
}

function hasNewline(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === LF || bytes[at] === CR) return true;
  return false;
}

/** All rows of a text that is whole, as text; for samples. */
export function cutAll(bytes: Buffer, dialect: CutDialect, limit = Number.POSITIVE_INFINITY): string[][] {
  const cutter = new RowCutter(dialect);
  const rows: string[][] = [];
  let at = 0;
  while (at < bytes.length && rows.length < limit && cutter.cut(bytes, at, true)) {
    rows.push(cutter.cells());
    at = cutter.next;
  }
  return rows;
}
