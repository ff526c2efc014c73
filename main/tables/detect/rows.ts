import { isRule, RowCutter, type CutDialect } from '../text/index.ts';

/** A row of the sample, with what cutting it met. */
export interface SampleRow {
  readonly cells: readonly string[];
  /** Byte where it begins, and where the next begins. */
  readonly start: number;
  readonly next: number;
  readonly newline: 'lf' | 'crlf' | 'cr' | 'none';
  readonly blank: boolean;
  readonly regular: boolean;
  /** Whether a quote in it did not fit. */
  readonly slipped: boolean;
  readonly quoted: boolean;
  readonly multiline: boolean;
}

/** The rows of a piece of text; one that the piece cuts off is left out unless the text ends there. */
export function sampleRows(bytes: Buffer, dialect: CutDialect, limit: number, final: boolean): SampleRow[] {
  const cutter = new RowCutter(dialect);
  const rows: SampleRow[] = [];
  for (let at = 0; at < bytes.length && rows.length < limit; at = cutter.next) {
    if (!cutter.cut(bytes, at, final)) break;
    const slips = cutter.strayQuote || cutter.unclosed;
    if (cutter.multiline && slips) recut(cutter, bytes, at, final);
    let quoted = false;
    for (let index = 0; index < cutter.count && !quoted; index += 1) quoted = cutter.isQuoted(index);
    rows.push({
      cells: cutter.cells(),
      start: at,
      next: cutter.next,
      newline: cutter.newline,
      blank:
        (cutter.isBlank() && (cutter.count === 1 || dialect.collapse)) ||
        (cutter.end - cutter.start < 4000 && isRule(cutter.raw())),
      regular: cutter.regular,
      slipped: slips || cutter.strayQuote || cutter.unclosed,
      quoted,
      multiline: cutter.multiline,
    });
  }
  return rows;
}

/** A stray quote that swallowed lines: another reading that does not is the better one. */
function recut(cutter: RowCutter, bytes: Buffer, at: number, final: boolean): void {
  for (const mode of ['closing', 'one-line'] as const) {
    if (cutter.cut(bytes, at, final, mode) && !(cutter.multiline && cutter.strayQuote)) return;
  }
  cutter.cut(bytes, at, final);
}

/** @returns cells without the empty ones at the end */
export function filledWidth(cells: readonly string[]): number {
  let width = cells.length;
  while (width > 0 && (cells[width - 1] ?? '').trim() === '') width -= 1;
  return width;
}
