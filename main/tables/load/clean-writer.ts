import type { RowCutter } from '../text/index.ts';
import type { Reject, RowSink } from './table-shape.ts';

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
  /** Grown once and used again for every piece of text. */
  #out: Buffer = Buffer.allocUnsafe(1 << 21);
  #length = 0;
  /** Stretch of the source that can be copied as it is. */
  #from = 0;
  #to = 0;

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
    this.#length = 0;
    this.#from = 0;
    this.#to = 0;
  }

  /** @returns what was written since `begin`; good until the next `begin` */
  take(): Buffer {
    this.#flush();
    return this.#out.subarray(0, this.#length);
  }

  row(cutter: RowCutter): void {
    const foreign = cutter.dialect.delimiter !== this.#delimiter;
    if (!this.#verbatim || foreign || !cutter.regular || cutter.count !== this.#width) {
      this.#append(this.#encodeCut(cutter));
      return;
    }
    if (this.#to !== cutter.start) {
      this.#flush();
      this.#from = cutter.start;
    }
    if (cutter.newline === 'lf') {
      this.#to = cutter.next;
      return;
    }
    this.#to = cutter.end;
    this.#flush();
    this.#reserve(1);
    this.#out[this.#length] = LF;
    this.#length += 1;
  }

  cells(values: readonly string[]): void {
    const cells = Array.from({ length: this.#width }, (_, index) => values[index] ?? '');
    this.#append(this.#encode(cells, () => false));
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

  #append(text: string): void {
    this.#flush();
    this.#reserve(text.length * 3);
    this.#length += this.#out.write(text, this.#length, 'utf8');
  }

  #flush(): void {
    const length = this.#to - this.#from;
    if (length > 0) {
      this.#reserve(length);
      this.#source.copy(this.#out, this.#length, this.#from, this.#to);
      this.#length += length;
    }
    this.#from = 0;
    this.#to = 0;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#length + bytes));
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }
}
