/** How a text is cut into rows and cells. Wider than the dialect shown to people: it also knows runs of blanks. */
export interface CutDialect {
  /** One sign or several; empty for a table of one column. */
  readonly delimiter: string;
  /** Null: cells are never quoted. */
  readonly quote: string | null;
  /** Null: a quote inside a quoted cell is doubled. */
  readonly escape: string | null;
  /** A run of delimiters counts as one, and those before the first cell as none. */
  readonly collapse: boolean;
  /** Whether a carriage return with no line feed ends a row; where not, it is part of the cell. */
  readonly loneCr: boolean;
  /** Blanks around a cell, also inside its quotes, only align it. */
  readonly trim?: boolean;
  /** A delimiter that begins a line, or that and one that ends it, part no cells. */
  readonly framed?: 'left' | 'both';
  /** Where columns begin, in signs, where nothing but their place parts cells; the first is 0. */
  readonly fixed?: readonly number[];
}

/**
 * How forgiving one cut is. `standard` is RFC 4180 with every slip that has only one sensible reading.
 * `closing` takes a doubled quote before a delimiter as a stray quote and the end of the cell; `one-line` takes an
 * opening quote that does not close in its line as an ordinary sign; `apart` one that another quote follows behind a
 * delimiter. They are for rows that come out wrong otherwise.
 */
export type CutMode = 'standard' | 'closing' | 'one-line' | 'apart';

/** Longer than this a quoted cell is taken to have lost its closing quote. Bytes. */
const LONGEST_QUOTED = 1 << 24;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
/** With which old systems end a file. */
const END_OF_FILE = 26;
const NONE = -2;

const PLAIN = 0;
const QUOTED = 1;
const QUOTED_DECODE = 2;
const ESCAPED = 3;

/** What cutting a quoted cell found, where it is no position. */
const MORE = -1;
const UNCLOSED = -2;
const NOT_QUOTED = -3;

/**
 * Cuts one row at a time out of UTF-8 bytes and keeps where its cells are, without making strings of them: the hot loop
 * of loading. One cutter is reused for all rows of a file.
 */
export class RowCutter {
  readonly dialect: CutDialect;
  /** Cells of the row that was cut last. */
  count = 0;
  /** Where its text begins, where it ends, and where the next row begins. */
  start = 0;
  end = 0;
  next = 0;
  newline: 'lf' | 'crlf' | 'cr' | 'none' = 'none';
  /** Whether it is written as RFC 4180 says, so that it can be copied as it is. */
  regular = true;
  /** A quoted cell spans lines; a quote stands unescaped in a quoted cell; a closing quote is nowhere. */
  multiline = false;
  strayQuote = false;
  unclosed = false;

  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  #kinds = new Uint8Array(256);
  readonly #sign: Buffer;
  readonly #width: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #collapse: boolean;
  readonly #loneCr: boolean;
  readonly #trim: boolean;
  readonly #framed: CutDialect['framed'] | null;
  readonly #fixed: readonly number[] | null;
  #bytes: Buffer = Buffer.alloc(0);
  #final = true;

  constructor(dialect: CutDialect) {
    this.dialect = dialect;
    this.#sign = Buffer.from(dialect.delimiter);
    this.#width = this.#sign.length;
    this.#delimiter = this.#sign[0] ?? NONE;
    this.#quote = dialect.quote?.charCodeAt(0) ?? NONE;
    this.#escape = dialect.escape?.charCodeAt(0) ?? NONE;
    this.#collapse = dialect.collapse;
    this.#loneCr = dialect.loneCr;
    this.#trim = dialect.trim === true;
    this.#framed = dialect.framed ?? null;
    this.#fixed = dialect.fixed ?? null;
  }

  /**
   * @param final whether the text ends here; where it does not, a row that may go on is not cut
   * @returns false where more text is needed to see the end of the row
   */
  cut(bytes: Buffer, from: number, final: boolean, mode: CutMode = 'standard'): boolean {
    this.#bytes = bytes;
    this.#final = final;
    this.count = 0;
    this.start = from;
    this.regular = true;
    this.multiline = false;
    this.strayQuote = false;
    this.unclosed = false;

    if (this.#fixed !== null) return this.#cutFixed(from, this.#fixed);
    const length = bytes.length;
    const quote = this.#quote;
    let at = this.#collapse ? this.#skipBlanks(from) : this.#framed !== null ? this.#insideFrame(from) : from;
    for (;;) {
      let stop = NOT_QUOTED;
      const first = bytes[at] ?? 0;
      if (first === quote || (first === SPACE && quote !== NONE)) {
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

  /** @returns the text of a cell, unquoted */
  cell(index: number): string {
    const raw = this.#bytes.toString('utf8', this.#starts[index] ?? 0, this.#ends[index] ?? 0);
    const kind = this.#kinds[index] ?? PLAIN;
    if (kind === PLAIN || kind === QUOTED) return raw;
    const quote = this.dialect.quote ?? '';
    if (this.#escape === NONE) return raw.replaceAll(quote + quote, quote);
    return unescape(raw, this.dialect, kind === QUOTED_DECODE);
  }

  cells(): string[] {
    const cells: string[] = [];
    for (let index = 0; index < this.count; index += 1) cells.push(this.cell(index));
    return cells;
  }

  isQuoted(index: number): boolean {
    const kind = this.#kinds[index];
    return kind === QUOTED || kind === QUOTED_DECODE;
  }

  isEmpty(index: number): boolean {
    return this.#starts[index] === this.#ends[index];
  }

  /** Whether nothing but white space stands in a cell that is not quoted. */
  isBlankCell(index: number): boolean {
    if (this.isQuoted(index)) return false;
    const to = this.#ends[index] ?? 0;
    for (let at = this.#starts[index] ?? 0; at < to; at += 1) {
      const code = this.#bytes[at] ?? 0;
      if (code !== SPACE && code !== TAB && code !== CR && code !== 12 && code !== END_OF_FILE) return false;
    }
    return true;
  }

  isBlank(): boolean {
    for (let index = 0; index < this.count; index += 1) if (!this.isBlankCell(index)) return false;
    return true;
  }

  raw(): string {
    return this.#bytes.toString('utf8', this.start, this.end);
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (this.#bytes[at] === this.#delimiter) at += 1;
    return at;
  }

  #insideFrame(from: number): number {
    let at = from;
    while (this.#bytes[at] === SPACE) at += 1;
    return this.#isDelimiter(at) ? at + this.#width : from;
  }

  /**
   * Cells by their places. A line in which a sign stands where a gap should be is no row of the table, and comes out as one
   * cell, as does one with nothing behind its first column.
   */
  #cutFixed(from: number, starts: readonly number[]): boolean {
    const bytes = this.#bytes;
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
      this.#push(start, at, PLAIN);
      start = at;
      column += 1;
    }
    this.#push(start, stop, PLAIN);
    let filled = false;
    for (let index = 1; index < this.count; index += 1) filled ||= !this.isBlankCell(index);
    if (!fits || !filled) {
      this.count = 0;
      this.#push(from, stop, PLAIN);
    } else while (this.count < starts.length) this.#push(stop, stop, PLAIN);
    if (stop !== end) return this.#finish(stop, end + 1, 'crlf');
    return end < bytes.length ? this.#finish(end, end + 1, 'lf') : this.#finish(end, end, 'none');
  }

  /** @returns where a quoted cell's text begins, or -1 for a plain cell; blanks before the quote do not count */
  #openingQuote(at: number): number {
    const bytes = this.#bytes;
    let look = at;
    while (bytes[look] === SPACE && this.#delimiter !== SPACE) look += 1;
    if (bytes[look] !== this.#quote) return -1;
    if (look !== at) this.regular = false;
    return look + 1;
  }

  #cutPlain(from: number): number {
    const bytes = this.#bytes;
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
    this.#push(from, stop, kind);
    return stop;
  }

  #isDelimiter(at: number): boolean {
    for (let index = 0; index < this.#width; index += 1) {
      if (this.#bytes[at + index] !== this.#sign[index]) return false;
    }
    return this.#width > 0;
  }

  /** @returns where the cell ends, or one of MORE, UNCLOSED, NOT_QUOTED */
  #cutQuoted(from: number, mode: CutMode): number {
    const bytes = this.#bytes;
    let at = from;
    let decode = false;
    for (;;) {
      const found = bytes.indexOf(this.#quote, at);
      if (found === -1 || found - from > LONGEST_QUOTED) {
        if (mode === 'one-line') return this.#notQuoted();
        if (found === -1 && !this.#final && bytes.length - from <= LONGEST_QUOTED) return MORE;
        return UNCLOSED;
      }
      if (mode === 'one-line' && this.#hasNewline(from, found)) return this.#notQuoted();
      if (this.#escape !== NONE && this.#isEscaped(from, found)) {
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
    if (this.#hasNewline(from, to)) this.multiline = true;
    let kind = decode ? QUOTED_DECODE : QUOTED;
    if (this.#escape !== NONE && this.#bytes.subarray(from, to).includes(this.#escape)) {
      this.regular = false;
      kind = QUOTED_DECODE;
    }
    this.#push(from, to, kind);
  }

  /** @returns where a delimiter, a line's end or the text's end follows but for blanks; else NOT_QUOTED or MORE */
  #closesAt(from: number): number {
    const bytes = this.#bytes;
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

  #isEscaped(from: number, at: number): boolean {
    let escapes = 0;
    while (at - 1 - escapes >= from && this.#bytes[at - 1 - escapes] === this.#escape) escapes += 1;
    return escapes % 2 === 1;
  }

  #hasNewline(from: number, to: number): boolean {
    for (let at = from; at < to; at += 1) if (this.#bytes[at] === LF || this.#bytes[at] === CR) return true;
    return false;
  }

  /** The row anew, with the quote that never closes as an ordinary sign. */
  #cutUnclosed(from: number): boolean {
    const done = this.cut(this.#bytes, from, this.#final, 'one-line');
    this.unclosed = true;
    this.regular = false;
    return done;
  }

  #push(from: number, to: number, kind: number): void {
    const index = this.count;
    let [start, end] = [from, to];
    if (this.#trim) {
      while (start < end && isBlank(this.#bytes[start])) start += 1;
      while (end > start && isBlank(this.#bytes[end - 1])) end -= 1;
      if (start !== from || end !== to) this.regular = false;
    }
    if (index === this.#starts.length) this.#grow();
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#kinds[index] = kind;
    this.count = index + 1;
  }

  #grow(): void {
    const size = this.#starts.length * 4;
    const [starts, ends, kinds] = [this.#starts, this.#ends, this.#kinds];
    this.#starts = new Int32Array(size);
    this.#ends = new Int32Array(size);
    this.#kinds = new Uint8Array(size);
    this.#starts.set(starts);
    this.#ends.set(ends);
    this.#kinds.set(kinds);
  }

  #finish(end: number, next: number, newline: 'lf' | 'crlf' | 'cr' | 'none'): true {
    this.end = end;
    this.next = next;
    this.newline = newline;
    if (this.#framed === 'both' && this.count > 1 && this.isBlankCell(this.count - 1)) this.count -= 1;
    return true;
  }

  #finishCr(at: number): boolean {
    if (at + 1 >= this.#bytes.length && !this.#final) return false;
    if (this.#bytes[at + 1] === LF) return this.#finish(at, at + 2, 'crlf');
    return this.#finish(at, at + 1, 'cr');
  }
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB;
}

/** An escape keeps its meaning only before a quote, a delimiter or itself; `\n` and `C:\temp` stay as they are. */
function unescape(raw: string, dialect: CutDialect, quoted: boolean): string {
  const { escape, quote, delimiter } = dialect;
  let out = '';
  for (let at = 0; at < raw.length; at += 1) {
    const sign = raw[at] ?? '';
    const following = raw[at + 1];
    if (sign === escape && (following === escape || following === quote || following === delimiter)) {
      out += following;
      at += 1;
      continue;
    }
    if (quoted && sign === quote && following === quote) at += 1;
    out += sign;
  }
  return out;
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
