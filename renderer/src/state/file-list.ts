import { type Transfer } from '#shared/domain';

export const PAGE_ROWS = 200;
/** The most the engine gives at once. */
const BULK_ROWS = 1000;
const REFRESH_MS = 500;
const SETTLE_MS = 60;

export interface FileListView {
  /** Null until the first page came. */
  readonly total: number | null;
  /** Ids in the engine's order; undefined where a page was not read yet. */
  readonly at: (index: number) => string | undefined;
  /** Whether every row has been read. */
  readonly whole: boolean;
  readonly error: unknown;
}

export type ListPage = (
  offset: number,
  limit: number,
) => Promise<{ total: number; transfers: readonly Transfer[] }>;

/**
 * The rows of one session, read by the page where they are looked at: a session may hold a hundred thousand. Rows
 * only ever join at the end, so an index stays what it is.
 */
export class FileList {
  readonly #read: ListPage;
  readonly #keep: (transfers: readonly Transfer[]) => void;
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Set<number>();
  #ids: (string | undefined)[] = [];
  #known = new Set<string>();
  #view: FileListView = { total: null, at: () => undefined, whole: false, error: null };
  #refreshing = false;
  #settling = false;
  #wanted = { from: 0, to: 0 };

  constructor(read: ListPage, keep: (transfers: readonly Transfer[]) => void) {
    this.#read = read;
    this.#keep = keep;
  }

  readonly view = (): FileListView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sees to it that these rows are read, once they are looked at for longer than a flick takes. */
  ensure(from: number, to: number): void {
    if (this.#view.total === null) {
      this.#readPages(0, 0);
      return;
    }
    this.#wanted = { from, to };
    if (this.#settling) return;
    this.#settling = true;
    setTimeout(() => {
      this.#settling = false;
      this.#readPages(this.#wanted.from, this.#wanted.to);
    }, SETTLE_MS);
  }

  #readPages(from: number, to: number): void {
    const last = Math.max(0, Math.min(to, (this.#view.total ?? 1) - 1));
    for (let page = Math.floor(from / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page += 1) {
      if (this.#asked.has(page)) continue;
      this.#asked.add(page);
      void this.#fetch(page * PAGE_ROWS, PAGE_ROWS).catch((error: unknown) => {
        this.#asked.delete(page);
        this.#publish({ error });
      });
    }
  }

  /** Reads every row, for those who filter; stops when the signal says so. */
  async readAll(signal: AbortSignal): Promise<void> {
    this.ensure(0, 0);
    for (let offset = 0; !signal.aborted && offset < (this.#view.total ?? 1); offset += BULK_ROWS) {
      const end = Math.min(offset + BULK_ROWS, this.#view.total ?? BULK_ROWS);
      if (this.#view.total !== null && this.#isRead(offset, end)) continue;
      await this.#fetch(offset, BULK_ROWS);
    }
  }

  /** A transfer of this session changed; one that is new makes the end of the list be read again, soon. */
  saw(id: string): void {
    if (this.#view.total === null || this.#known.has(id)) return;
    // Rows that were never looked at are unknown too, and no news: only the engine can tell the two apart.
    if (this.#refreshing) return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      void this.#readEnd().catch((error: unknown) => this.#publish({ error }));
    }, REFRESH_MS);
  }

  /** Forgets what was read: the engine may have started anew. */
  reset(): void {
    this.#asked.clear();
    this.#ids = [];
    this.#known = new Set();
    this.ensure(0, 0);
  }

  async #readEnd(): Promise<void> {
    const total = this.#view.total ?? 0;
    // Three rows before the end tell whether anything was taken out, and the page after it what joined.
    await this.#fetch(total, PAGE_ROWS);
  }

  async #fetch(offset: number, limit: number): Promise<void> {
    const { total, transfers } = await this.#read(offset, limit);
    this.#keep(transfers);
    for (const [index, { id }] of transfers.entries()) {
      this.#ids[offset + index] = id;
      this.#known.add(id);
    }
    if (total < this.#ids.length) this.#ids.length = total;
    this.#publish({ total, error: null });
  }

  #isRead(from: number, to: number): boolean {
    for (let index = from; index < to; index += 1) if (this.#ids[index] === undefined) return false;
    return true;
  }

  #publish(change: { readonly total?: number; readonly error: unknown }): void {
    const total = change.total ?? this.#view.total;
    const ids = this.#ids;
    this.#view = {
      total,
      at: (index) => ids[index],
      whole: total !== null && this.#isRead(0, total),
      error: change.error,
    };
    for (const listener of this.#listeners) listener();
  }
}
