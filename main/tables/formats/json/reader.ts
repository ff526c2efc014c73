import type { RejectedRow } from '#shared/domain';
import { bytesInFile, type Encoding } from '../../text/index.ts';
import type { TypedCell } from '../typed/index.ts';
import { cutRecord } from './cutter.ts';
import { JsonFault, readRecord } from './record.ts';
import type { FoundShape } from './shape.ts';

export interface JsonCounts {
  rows: number;
  rejected: number;
  /** Records in which a name stands twice; the last value counts. */
  repeated: number;
}

const KEPT_REJECTS = 10_000;
const LONGEST_RAW = 10_000;

/** Reads records out of UTF-8 that comes piece by piece, into rows whose columns are the names met so far. */
export class JsonReader {
  readonly counts: JsonCounts = { rows: 0, rejected: 0, repeated: 0 };
  readonly rejects: RejectedRow[] = [];
  /** Columns by the names of members; elements of lists by their numbers. */
  readonly columns = new Map<string | number, number>();
  /** Whether the array was closed; lines are always complete. */
  ended = false;
  readonly #inArray: boolean;
  readonly #encoding: Encoding;
  readonly #row: (cells: readonly (TypedCell | null)[]) => void;
  /** What the first record is: others are no rows of the same table. */
  #form: 'object' | 'list' | 'value' | null = null;
  /** Lines and bytes of the file above the text that is read now. */
  #lines = 0;
  #bytes = 0;

  constructor(found: FoundShape, encoding: Encoding, row: (cells: readonly (TypedCell | null)[]) => void) {
    this.#inArray = found.shape.kind !== 'lines';
    this.#encoding = encoding;
    this.#row = row;
  }

  /** Passes over what stands above the records. */
  skip(text: Buffer): void {
    this.#advance(text);
  }

  /** @returns how much of the text was read; the rest is to come again with what follows it */
  read(text: Buffer, final: boolean): number {
    let at = 0;
    let passed = 0;
    while (!this.ended) {
      const cut = cutRecord(text, at, this.#inArray, final);
      if (cut.kind === 'more') {
        at = cut.from;
        break;
      }
      if (cut.kind === 'end') {
        at = cut.at;
        this.ended = cut.closed;
        break;
      }
      const raw = text.toString('utf8', cut.start, cut.end);
      const reason = cut.kind === 'broken' ? cut.reason : this.#take(raw);
      if (reason !== null) {
        this.#advance(text.subarray(passed, cut.start));
        passed = cut.start;
        this.#reject(raw, reason);
      }
      at = cut.end;
    }
    this.#advance(text.subarray(passed, at));
    return at;
  }

  /** @returns why it is no row, or null */
  #take(raw: string): string | null {
    const first = raw[0];
    const form = first === '{' ? 'object' : first === '[' ? 'list' : 'value';
    const cells: (TypedCell | null)[] = [];
    const seen: boolean[] = [];
    let repeated = false;
    try {
      readRecord(raw, (key, cell) => {
        if (this.#form !== null && this.#form !== form) return;
        let index = this.columns.get(key);
        if (index === undefined) {
          index = this.columns.size;
          this.columns.set(key, index);
        }
        if (seen[index] === true) repeated = true;
        seen[index] = true;
        cells[index] = cell;
      });
    } catch (error) {
      if (error instanceof JsonFault) return error.message;
      throw error;
    }
    this.#form ??= form;
    if (this.#form !== form)
      return this.#form === 'object' ? 'it is no object' : 'it is not what the others are';
    if (repeated) this.counts.repeated += 1;
    this.counts.rows += 1;
    this.#row(cells);
    return null;
  }

  #reject(raw: string, reason: string): void {
    this.counts.rejected += 1;
    if (this.rejects.length >= KEPT_REJECTS) return;
    const text = raw.trimEnd();
    this.rejects.push({
      line: this.#lines + 1,
      byte: this.#bytes,
      column: null,
      reason,
      raw: text.length > LONGEST_RAW ? text.slice(0, LONGEST_RAW) : text,
    });
  }

  #advance(text: Buffer): void {
    for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) this.#lines += 1;
    this.#bytes += bytesInFile(text, this.#encoding);
  }
}
