import type { CutDialect } from './cut-dialect.ts';

const CR = 13;
const SPACE = 32;
const TAB = 9;
/** With which old systems end a file. */
const END_OF_FILE = 26;

/** How a cell was written: as it is, in quotes, in quotes with quotes in them, with escapes. */
export const PLAIN = 0;
export const QUOTED = 1;
export const QUOTED_DECODE = 2;
export const ESCAPED = 3;

export type Newline = 'lf' | 'crlf' | 'cr' | 'none';

/** The row that was cut last: where its cells are in the bytes, and what cutting it met. */
export class CutRow {
  readonly dialect: CutDialect;
  /** Cells of the row. */
  count = 0;
  /** Where its text begins, where it ends, and where the next row begins. */
  start = 0;
  end = 0;
  next = 0;
  newline: Newline = 'none';
  /** Whether it is written as RFC 4180 says, so that it can be copied as it is. */
  regular = true;
  /** A quoted cell spans lines; a quote stands unescaped in a quoted cell; a closing quote is nowhere. */
  multiline = false;
  strayQuote = false;
  unclosed = false;
  /** What is being cut. */
  protected bytes: Buffer = Buffer.alloc(0);
  /** What the cells are in: the same, but for a row that was unwrapped. */
  #held: Buffer = this.bytes;
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  #kinds = new Uint8Array(256);
  readonly #trim: boolean;

  constructor(dialect: CutDialect) {
    this.dialect = dialect;
    this.#trim = dialect.trim === true;
  }

  /** @returns the text of a cell, unquoted */
  cell(index: number): string {
    const raw = this.#held.toString('utf8', this.#starts[index] ?? 0, this.#ends[index] ?? 0);
    const kind = this.#kinds[index] ?? PLAIN;
    if (kind === PLAIN || kind === QUOTED) return raw;
    const quote = this.dialect.quote ?? '';
    if (this.dialect.escape === null) return raw.replaceAll(quote + quote, quote);
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
      const code = this.#held[at] ?? 0;
      if (code !== SPACE && code !== TAB && code !== CR && code !== 12 && code !== END_OF_FILE) return false;
    }
    return true;
  }

  isBlank(): boolean {
    for (let index = 0; index < this.count; index += 1) if (!this.isBlankCell(index)) return false;
    return true;
  }

  raw(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  /** Whether a blank stands before every cell but the first, as in `a, b, c`. */
  isSpaced(): boolean {
    for (let index = 1; index < this.count; index += 1) {
      if (this.isQuoted(index) || this.#held[this.#starts[index] ?? 0] !== SPACE || this.isEmpty(index))
        return false;
    }
    return this.count > 1;
  }

  protected begin(bytes: Buffer, from: number): void {
    this.bytes = bytes;
    this.#held = bytes;
    this.count = 0;
    this.start = from;
    this.regular = true;
    this.multiline = false;
    this.strayQuote = false;
    this.unclosed = false;
  }

  protected push(from: number, to: number, kind: number): void {
    const index = this.count;
    let [start, end] = [from, to];
    if (this.#trim) {
      while (start < end && isBlank(this.#held[start])) start += 1;
      while (end > start && isBlank(this.#held[end - 1])) end -= 1;
      if (start !== from || end !== to) this.regular = false;
    }
    if (index === this.#starts.length) this.#grow();
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#kinds[index] = kind;
    this.count = index + 1;
  }

  protected ended(end: number, next: number, newline: Newline): true {
    this.end = end;
    this.next = next;
    this.newline = newline;
    return true;
  }

  /** Leaves a sign out that stands at the very end of the last cell. */
  protected shorten(edge: Buffer): void {
    const last = this.count - 1;
    const end = this.#ends[last] ?? 0;
    const from = end - edge.length;
    if (from >= (this.#starts[last] ?? 0) && this.#held.subarray(from, end).equals(edge))
      this.#ends[last] = from;
  }

  /** Takes over the cells of another row, which are in bytes of their own. */
  protected adopt(other: CutRow): void {
    this.#held = other.#held;
    this.#starts = other.#starts.slice();
    this.#ends = other.#ends.slice();
    this.#kinds = other.#kinds.slice();
    this.count = other.count;
    this.regular = false;
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
