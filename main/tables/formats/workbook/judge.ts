import type { RejectedRow } from '#shared/domain';
import type { TypedCell } from '../typed/index.ts';
import type { SheetLayout } from './layout.ts';
import type { SheetRow } from './sheet-rows.ts';

/** So many rows with a single cell at the end are notes; more are a table. */
const MOST_NOTES = 40;
const KEPT_REJECTS = 10_000;

/** Tells the rows of a table from the header come again and from notes below; the others go on to `row`. */
export class RowJudge {
  readonly rejects: RejectedRow[] = [];
  readonly counts = { rows: 0, rejected: 0 };
  /** Rows with cells beyond the table, which are kept in none of its columns. */
  wider = 0;
  readonly #layout: SheetLayout;
  readonly #row: (cells: readonly (TypedCell | null)[]) => void;
  #held: { readonly row: SheetRow; readonly cells: readonly (TypedCell | null)[] }[] = [];

  constructor(layout: SheetLayout, row: (cells: readonly (TypedCell | null)[]) => void) {
    this.#layout = layout;
    this.#row = row;
  }

  take(row: SheetRow): void {
    const { left, width, firstRow } = this.#layout;
    if (row.number < firstRow) return;
    const cells = Array.from({ length: width }, (_, index) => row.cells[left + index] ?? null);
    const filled = cells.filter((cell) => cell !== null).length;
    const beyond =
      row.cells.length - left > width || row.cells.findIndex((cell) => (cell ?? null) !== null) < left;
    if (beyond) this.wider += 1;
    if (beyond && filled === 0) return this.#reject(row, 'it stands beside the table');
    if (this.#isHeader(cells)) return this.#reject(row, 'the header again');
    if (width > 2 && filled === 1 && cells[0]?.kind === 'text' && this.#held.length < MOST_NOTES) {
      this.#held.push({ row, cells });
      return;
    }
    this.#release();
    this.counts.rows += 1;
    this.#row(cells);
  }

  /** @param whole whether the sheet ends here, so that what was held back are notes */
  end(whole: boolean): void {
    if (!whole || this.counts.rows === 0) return this.#release();
    for (const { row } of this.#held.splice(0)) this.#reject(row, 'a note below the table');
  }

  #release(): void {
    for (const { cells } of this.#held.splice(0)) {
      this.counts.rows += 1;
      this.#row(cells);
    }
  }

  #isHeader(cells: readonly (TypedCell | null)[]): boolean {
    const { header } = this.#layout;
    return header.length > 1 && cells.every((cell, index) => (cell?.text ?? '') === header[index]);
  }

  #reject({ number, cells }: SheetRow, reason: string): void {
    this.counts.rejected += 1;
    if (this.rejects.length >= KEPT_REJECTS) return;
    const raw = Array.from(cells, (cell) => cell?.text ?? '')
      .join('\t')
      .trim();
    this.rejects.push({ line: number, byte: 0, column: null, reason, raw: raw.slice(0, 10_000) });
  }
}
