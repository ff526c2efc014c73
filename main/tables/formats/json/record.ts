import { plainNumber, type TypedCell } from '../typed/index.ts';

/** Where a text stops being JSON. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\r\n]*/y;
/** Words that are no JSON but what Python and others write for numbers that are none. */
const WORDS: readonly (readonly [string, TypedCell | null])[] = [
  ['null', null],
  ['true', { kind: 'boolean', text: 'true' }],
  ['false', { kind: 'boolean', text: 'false' }],
  ['NaN', null],
  ['Infinity', { kind: 'number', text: 'inf' }],
  ['-Infinity', { kind: 'number', text: '-inf' }],
];

/**
 * Reads one value of JSON and gives the members of an object, the elements of an array by their numbers, or the value
 * itself under an empty name. Numbers keep all their digits, and what is nested stays JSON. Throws JsonFault.
 *
 * @param member called for each; a cell is null where the value is
 */
export function readRecord(
  text: string,
  member: (key: string | number, cell: TypedCell | null) => void,
): void {
  new RecordReader(text).read(member);
}

class RecordReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(member: (key: string | number, cell: TypedCell | null) => void): void {
    this.#blank();
    const first = this.#text[this.#at];
    if (first === '{') this.#members(member);
    else if (first === '[') this.#elements(member);
    else member('', this.#value());
    this.#blank();
    if (this.#at < this.#text.length) throw new JsonFault('something stands after the value');
  }

  #members(member: (key: string, cell: TypedCell | null) => void): void {
    this.#at += 1;
    this.#blank();
    if (this.#take('}')) return;
    for (;;) {
      if (this.#text[this.#at] !== '"') throw new JsonFault('a name in quotes is missing');
      const key = this.#string();
      this.#blank();
      if (!this.#take(':')) throw new JsonFault(`there is no colon after "${key.slice(0, 60)}"`);
      this.#blank();
      member(key, this.#value());
      this.#blank();
      if (this.#take('}')) return;
      if (!this.#take(',')) throw new JsonFault(`there is no comma after "${key.slice(0, 60)}"`);
      this.#blank();
      // A comma too many is forgiven: it can only mean one thing.
      if (this.#take('}')) return;
    }
  }

  #elements(member: (key: number, cell: TypedCell | null) => void): void {
    this.#at += 1;
    this.#blank();
    if (this.#take(']')) return;
    for (let index = 0; ; index += 1) {
      member(index, this.#value());
      this.#blank();
      if (this.#take(']')) return;
      if (!this.#take(',')) throw new JsonFault('there is no comma between elements');
      this.#blank();
      if (this.#take(']')) return;
    }
  }

  #value(): TypedCell | null {
    const first = this.#text[this.#at];
    if (first === '"') return { kind: 'text', text: this.#string() };
    if (first === '{' || first === '[') return { kind: 'nested', text: this.#nested() };
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return { kind: 'number', text: /[eE]/.test(number) ? plainNumber(number) : number };
    }
    for (const [word, cell] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return cell;
    }
    throw new JsonFault(
      `a value is missing before ${JSON.stringify(this.#text.slice(this.#at, this.#at + 20))}`,
    );
  }

  #string(): string {
    const from = this.#at;
    let end = this.#text.indexOf('"', from + 1);
    let escaped = false;
    while (end !== -1 && isEscaped(this.#text, end)) {
      escaped = true;
      end = this.#text.indexOf('"', end + 1);
    }
    if (end === -1) throw new JsonFault('a quote is not closed');
    this.#at = end + 1;
    const raw = this.#text.slice(from + 1, end);
    if (!escaped && !raw.includes('\\')) return raw;
    try {
      // Line ends and tabs that were not escaped are let be.
      return JSON.parse(
        `"${raw.replace(/[\n\r\t]/g, (sign) => JSON.stringify(sign).slice(1, -1))}"`,
      ) as string;
    } catch (error) {
      throw new JsonFault('a backslash stands before a sign that it cannot escape', { cause: error });
    }
  }

  #nested(): string {
    const from = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const sign = this.#text[this.#at];
      if (sign === '"') {
        this.#skipString();
        continue;
      }
      if (sign === '{' || sign === '[') depth += 1;
      else if (sign === '}' || sign === ']') {
        depth -= 1;
        if (depth > 0) continue;
        this.#at += 1;
        const raw = this.#text.slice(from, this.#at);
        try {
          JSON.parse(raw);
        } catch (error) {
          throw new JsonFault('a list or object in it is broken', { cause: error });
        }
        return compact(raw);
      }
    }
    throw new JsonFault('a list or object in it is not closed');
  }

  /** To its closing quote, not beyond. */
  #skipString(): void {
    let end = this.#text.indexOf('"', this.#at + 1);
    while (end !== -1 && isEscaped(this.#text, end)) end = this.#text.indexOf('"', end + 1);
    if (end === -1) throw new JsonFault('a quote is not closed');
    this.#at = end;
  }

  #blank(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code > 32) return;
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#text)?.[0].length ?? 0;
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text[quote - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

/** JSON without white space between its parts, nothing else changed. */
function compact(raw: string): string {
  if (!/[ \t\r\n]/.test(raw)) return raw;
  return raw.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/gs, (_, text: string | undefined) => text ?? '');
}
