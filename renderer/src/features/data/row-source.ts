import { isPlainView, type ShownRow, type TableView } from '#shared/domain';
import { type ErrorReport } from '#shared/errors';
import { type EngineClient, isCancelled, toReport } from '#renderer/lib';

/** Rows and columns that are asked for at once. */
const ROWS = 100;
/** Rows in another order lie apart in the file: fewer of them come quicker. */
const ROWS_APART = 50;
const COLUMNS = 64;
/** Blocks that are kept. */
const KEPT = 240;
/** Rows are asked for at most so often; while they fly by, only as often as the other. ms */
const REST_MS = 30;
const FLIGHT_MS = 150;
/** Rows that are asked for before they come into sight. */
const AHEAD = 30;
const AT_ONCE = 2;

type Cell = string | null;

export interface ShownCell {
  readonly text: Cell;
  readonly misfit: boolean;
}

interface Block {
  readonly rows: readonly ShownRow[];
  readonly from: number;
}

interface Sight {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/**
 * The rows of one view of a file, as far as they were looked at. Asks for the blocks in sight, two at a time and not at
 * every move; what scrolled out of sight before it was asked for never is, and what was asked for is cancelled.
 */
export class RowSource {
  readonly #client: EngineClient | null;
  readonly #transferId: string;
  readonly #view: TableView;
  readonly #width: number;
  readonly #first: readonly (readonly Cell[])[];
  readonly #blockRows: number;
  readonly #blocks = new Map<string, Block>();
  readonly #asked = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();
  #sight: Sight = { top: 0, bottom: 0, left: 0, right: 0 };
  /** The first row in sight when it was looked at last. */
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #total: number;
  #failure: ErrorReport | null = null;
  #known = false;
  /** Counts what changed, so that whoever shows it knows. */
  #version = 0;

  /**
   * @param client null: nobody is asked, there are only the first rows
   * @param first rows that are there already, of the plain view
   */
  constructor(
    client: EngineClient | null,
    transferId: string,
    view: TableView,
    width: number,
    first: readonly (readonly Cell[])[],
  ) {
    this.#client = client;
    this.#transferId = transferId;
    this.#view = view;
    this.#width = width;
    this.#first = isPlainView(view) ? first : [];
    this.#blockRows = isPlainView(view) ? ROWS : ROWS_APART;
    this.#total = this.#first.length;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  version = (): number => this.#version;

  get total(): number {
    return this.#total;
  }
  /** Whether the engine said how many rows there are. */
  get isKnown(): boolean {
    return this.#known;
  }
  get failure(): ErrorReport | null {
    return this.#failure;
  }

  /** More rows of the file are there. */
  reaches(rows: number): void {
    if (rows <= this.#total) return;
    this.#total = rows;
    this.#changed();
    this.#askSoon();
  }

  cell(row: number, column: number): ShownCell | undefined {
    const block = this.#blocks.get(this.#key(row, column));
    const shown = block?.rows[row - (block.from ?? 0)];
    if (block === undefined || shown === undefined) {
      const first = this.#first[row];
      return first === undefined ? undefined : { text: first[column] ?? null, misfit: false };
    }
    return { text: shown.cells[column % COLUMNS] ?? null, misfit: shown.misfits.includes(column) };
  }

  /** The place of a row in the table, from 0. */
  position(row: number): number | undefined {
    if (isPlainView(this.#view)) return row;
    for (let column = 0; column < this.#width; column += COLUMNS) {
      const block = this.#blocks.get(this.#key(row, column));
      const shown = block?.rows[row - block.from];
      if (shown !== undefined) return shown.position;
    }
    return undefined;
  }

  look(sight: Sight): void {
    this.#sight = sight;
    this.#askSoon();
  }

  retry(): void {
    this.#failure = null;
    this.#changed();
    this.#askSoon();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const control of this.#asked.values()) control.abort();
    this.#asked.clear();
  }

  #askSoon(): void {
    if (this.#client === null) return;
    if (this.#timer !== undefined) return;
    const { top } = this.#sight;
    const since = Date.now();
    const due = (): void => {
      this.#timer = undefined;
      const isFast = Math.abs(this.#sight.top - this.#seen) > this.#blockRows;
      this.#seen = this.#sight.top;
      // While the sight flies over the rows, few of them are asked for.
      if (isFast && Date.now() - since < FLIGHT_MS) this.#timer = setTimeout(due, REST_MS);
      else this.#ask();
    };
    this.#seen = top;
    this.#timer = setTimeout(due, REST_MS);
  }

  #ask(): void {
    if (this.#failure !== null) return;
    const wanted = this.#wanted();
    for (const [key, control] of this.#asked) {
      if (wanted.some((one) => one.key === key)) continue;
      control.abort();
      this.#asked.delete(key);
    }
    for (const { key, from, column } of wanted) {
      if (this.#asked.size >= AT_ONCE) return;
      if (this.#blocks.has(key) || this.#asked.has(key)) continue;
      void this.#fetch(key, from, column);
    }
  }

  #wanted(): readonly { readonly key: string; readonly from: number; readonly column: number }[] {
    const { top, bottom, left, right } = this.#sight;
    const wanted: { key: string; from: number; column: number }[] = [];
    const rows = this.#blockRows;
    const last = this.#known ? Math.min(bottom + AHEAD, this.#total - 1) : bottom;
    for (
      let from = Math.floor(Math.max(0, top - AHEAD) / rows) * rows;
      from <= Math.max(0, last);
      from += rows
    ) {
      for (let column = Math.floor(left / COLUMNS) * COLUMNS; column <= right; column += COLUMNS) {
        if (column < this.#width) wanted.push({ key: this.#key(from, column), from, column });
      }
    }
    return wanted;
  }

  async #fetch(key: string, from: number, column: number): Promise<void> {
    if (this.#client === null) return;
    const control = new AbortController();
    this.#asked.set(key, control);
    try {
      const { rows, total, exact } = await this.#client.tables.rows(
        {
          transferId: this.#transferId,
          view: this.#view,
          offset: from,
          limit: this.#blockRows,
          columns: { from: column, count: Math.min(COLUMNS, this.#width - column) },
        },
        { signal: control.signal },
      );
      if (control.signal.aborted) return;
      // What was read while the file was still coming in may be only the beginning of a block.
      if (exact || rows.length === this.#blockRows) this.#keep(key, { rows, from });
      this.#total = exact ? total : Math.max(this.#total, total);
      this.#known ||= exact;
      this.#changed();
    } catch (error) {
      if (control.signal.aborted || isCancelled(error)) return;
      this.#failure = toReport(error);
      this.#changed();
    } finally {
      if (this.#asked.get(key) === control) this.#asked.delete(key);
      this.#askSoon();
    }
  }

  #keep(key: string, block: Block): void {
    this.#blocks.set(key, block);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT) return;
      this.#blocks.delete(old);
    }
  }

  #key(row: number, column: number): string {
    return `${Math.floor(row / this.#blockRows)}:${Math.floor(column / COLUMNS)}`;
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
