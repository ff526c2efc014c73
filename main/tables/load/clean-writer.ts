import type { RowCutter } from '../text/index.ts';
import type { Reject, RowSink } from './table-reader.ts';

const LF = 0x0a;

/**
 * Writes rows as UTF-8 CSV that has only one reading: as many cells in every row, line feeds only, quotes doubled. What is
 * already so is copied as it is. A cell that is absent or empty is written as nothing, a quoted empty one as `""`.
 */
export class CleanWriter implements RowSink {
  readonly rejects: Reject[] = [];
  readonly #width: number;
  readonly #delimiter: string;
  readonly #verbatim: boolean;
  readonly #needsQuotes: RegExp;
  #source: Buffer = Buffer.alloc(0);
  #pieces: Buffer[] = [];
  /** Stretch of the source that can be copied as it is. */
  #from = -1;
  #to = -1;

  /**
   * @param delimiter one byte
   * @param verbatim whether the source is cut by the same delimiter, and quoted by `"` or not at all
   */
  constructor(width: number, delimiter: string, verbatim: boolean) {
    this.#width = width;
    this.#delimiter = delimiter;
    this.#verbatim = verbatim;
    const sign = `\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}`;
    this.#needsQuotes = new RegExp(`[${sign}"\\r\\n]|^ | $`, 'u');
  }

  /** Rows that come next are of this text. */
  begin(source: Buffer): void {
    this.#source = source;
  }

  /** @returns what was written since `begin` */
  take(): Buffer {
    this.#flush();
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return all;
  }

  row(cutter: RowCutter): void {
    const foreign = cutter.dialect.delimiter !== this.#delimiter;
    if (
      !this.#verbatim ||
      foreign ||
      !cutter.regular ||
      cutter.count !== this.#width ||
      cutter.newline === 'none'
    ) {
      this.#flush();
      this.#pieces.push(Buffer.from(this.#encodeCut(cutter)));
      return;
    }
    if (cutter.newline === 'lf') {
      if (this.#to !== cutter.start) {
        this.#flush();
        this.#from = cutter.start;
      }
      this.#to = cutter.next;
      return;
    }
    // The line feed of a carriage return and line feed is dropped by ending the stretch in front of it.
    if (this.#to !== cutter.start) {
      this.#flush();
      this.#from = cutter.start;
    }
    this.#to = cutter.end;
    this.#flush();
    this.#pieces.push(LINE_FEED);
  }

  cells(values: readonly string[]): void {
    this.#flush();
    const cells = Array.from({ length: this.#width }, (_, index) => values[index] ?? '');
    this.#pieces.push(Buffer.from(this.#encode(cells, () => false)));
  }

  reject(reject: Reject): void {
    this.rejects.push(reject);
  }

  #encodeCut(cutter: RowCutter): string {
    const cells: string[] = [];
    for (let index = 0; index < this.#width; index += 1)
      cells.push(index < cutter.count ? cutter.cell(index) : '');
    return this.#encode(cells, (index) => index < cutter.count && cutter.isQuoted(index));
  }

  #encode(cells: readonly string[], wasQuoted: (index: number) => boolean): string {
    const written = cells.map((cell, index) => {
      const text = cell.includes('\0') ? cell.replaceAll('\0', '') : cell;
      if (text === '') return wasQuoted(index) || this.#width === 1 ? '""' : '';
      return this.#needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    });
    return `${written.join(this.#delimiter)}\n`;
  }

  #flush(): void {
    if (this.#from !== -1) this.#pieces.push(this.#source.subarray(this.#from, this.#to));
    this.#from = -1;
    this.#to = -1;
  }
}

const LINE_FEED = Buffer.from([LF]);
