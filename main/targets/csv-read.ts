import { createReadStream } from 'node:fs';

/** How a CSV file is cut; quotes are escaped by doubling them. */
export interface CsvCut {
  readonly delimiter: string;
  readonly quote: '"' | "'";
}

export interface Cell {
  readonly text: string;
  /** An empty cell in quotes is an empty text; one without is nothing at all. */
  readonly quoted: boolean;
}

export type Row = readonly Cell[];
export type Newline = '\n' | '\r\n' | '\r';

/** A record and the line end that closed it; null at the end of the file. */
export interface Record {
  readonly row: Row;
  readonly newline: Newline | null;
}

const LF = 10;
const CR = 13;

/**
 * Cuts text into records, as it comes. Quotes count only at the start of a cell; a line end inside them belongs to the
 * cell. Empty lines are passed over, as every reader of CSV does.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #delimiterCode: number;
  readonly #quote: string;
  #rest = '';

  constructor(cut: CsvCut) {
    this.#delimiter = cut.delimiter;
    this.#delimiterCode = cut.delimiter.charCodeAt(0);
    this.#quote = cut.quote;
  }

  /** @returns the records that are complete; what is not waits for more */
  push(chunk: string): Record[] {
    return this.#take(this.#rest + chunk, false);
  }

  /** @returns what was left, which may be one record without a line end */
  end(): Record[] {
    return this.#take(this.#rest, true);
  }

  #take(text: string, ended: boolean): Record[] {
    const records: Record[] = [];
    let at = 0;
    while (at < text.length) {
      const found = this.#record(text, at, ended);
      if (found === null) break;
      at = found.next;
      const empty = found.record.row.length === 1 && found.record.row[0]?.text === '';
      if (!empty || found.record.row[0]?.quoted === true) records.push(found.record);
    }
    this.#rest = text.slice(at);
    return records;
  }

  /** @returns the record that begins at `start`, and where the next one does; null where it is not complete */
  #record(text: string, start: number, ended: boolean): { record: Record; next: number } | null {
    const row: Cell[] = [];
    let at = start;
    for (;;) {
      const cell = this.#cell(text, at, ended);
      if (cell === null) return null;
      row.push(cell.cell);
      at = cell.next;
      if (at >= text.length) return ended ? { record: { row, newline: null }, next: at } : null;
      const sign = text[at];
      at += 1;
      if (sign === this.#delimiter) continue;
      if (sign === '\n') return { record: { row, newline: '\n' }, next: at };
      // A carriage return at the end may be half of a pair.
      if (at >= text.length && !ended) return null;
      if (text[at] === '\n') return { record: { row, newline: '\r\n' }, next: at + 1 };
      return { record: { row, newline: '\r' }, next: at };
    }
  }

  /** @returns the cell that begins at `start`, and where the sign that ended it is */
  #cell(text: string, start: number, ended: boolean): { cell: Cell; next: number } | null {
    if (text[start] !== this.#quote) {
      const next = this.#cellEnd(text, start);
      return { cell: { text: text.slice(start, next), quoted: false }, next };
    }
    let value = '';
    let at = start + 1;
    for (;;) {
      const close = text.indexOf(this.#quote, at);
      if (close < 0) {
        // A quote that is never closed takes the rest of the file.
        return ended ? { cell: { text: value + text.slice(at), quoted: true }, next: text.length } : null;
      }
      value += text.slice(at, close);
      if (close + 1 >= text.length && !ended) return null;
      if (text[close + 1] !== this.#quote) {
        // Whatever stands between the closing quote and the next sign still belongs to the cell.
        const next = this.#cellEnd(text, close + 1);
        return { cell: { text: value + text.slice(close + 1, next), quoted: true }, next };
      }
      value += this.#quote;
      at = close + 2;
    }
  }

  #cellEnd(text: string, start: number): number {
    const delimiter = this.#delimiterCode;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === LF || code === CR) break;
    }
    return at;
  }
}

/** Small enough that cutting one holds up nothing else in this process. */
const PIECE = 1 << 16;

/**
 * Reads a UTF-8 file record by record, a batch for each piece that was read; a byte order mark is passed over.
 * Throws TypeError where it is not UTF-8.
 */
export async function* readCsv(
  path: string,
  cut: CsvCut,
  signal: AbortSignal,
): AsyncGenerator<readonly Record[]> {
  const reader = new CsvReader(cut);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces = createReadStream(path, { highWaterMark: PIECE, signal });
  for await (const piece of pieces) yield reader.push(decoder.decode(piece as Buffer, { stream: true }));
  yield [...reader.push(decoder.decode()), ...reader.end()];
}
