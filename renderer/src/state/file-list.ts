import { type FileFrame } from '#shared/contract';
import { type Transfer } from '#shared/domain';

/** Rows beyond those in sight that are read with them, on each side. */
const MARGIN = 40;
/** The most rows read at once: some screens are tall. */
const MOST_ROWS = 400;
/** A flick through the list reads nothing until it comes to rest for so long. */
const SETTLE_MS = 50;
/** Rows whose place is remembered, so that going back a little shows them at once. */
const PLACES_KEPT = 2000;

export interface FileListView {
  /** Null until the first rows came. */
  readonly total: number | null;
  /** Ids in the engine's order; undefined where a row was not read yet. */
  readonly at: (index: number) => string | undefined;
  readonly error: unknown;
}

/** The rows asked for, and what else is looked at. */
export interface FileWindow {
  readonly offset: number;
  readonly limit: number;
  readonly also: readonly string[];
}

/** Follows a window of rows until the signal aborts. */
export type WatchFiles = (window: FileWindow, signal: AbortSignal) => Promise<AsyncIterable<FileFrame>>;

/**
 * The files of one session that answer one question. Only those in sight are read and followed: a session may hold a
 * hundred thousand.
 */
export class FileList {
  readonly #watch: WatchFiles;
  readonly #keep: (transfers: readonly Transfer[]) => void;
  readonly #listeners = new Set<() => void>();
  readonly #places = new Map<number, string>();
  #view: FileListView = { total: null, at: (index) => this.#places.get(index), error: null };
  #wanted: FileWindow = { offset: 0, limit: MARGIN * 2, also: [] };
  #open: { readonly window: FileWindow; readonly control: AbortController } | null = null;
  #settling: ReturnType<typeof setTimeout> | null = null;
  #users = 0;

  constructor(watch: WatchFiles, keep: (transfers: readonly Transfer[]) => void) {
    this.#watch = watch;
    this.#keep = keep;
  }

  readonly view = (): FileListView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows its rows for as long as somebody uses it. @returns a function that ends the use */
  readonly use = (): (() => void) => {
    this.#users += 1;
    if (this.#users === 1) this.#follow();
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#close();
    };
  };

  readonly isUsed = (): boolean => this.#users > 0;

  /** These rows are in sight. */
  look(from: number, to: number): void {
    const offset = Math.max(0, from - MARGIN);
    this.#wanted = { ...this.#wanted, offset, limit: Math.min(MOST_ROWS, to + 1 + MARGIN - offset) };
    const followed = this.#open?.window;
    const last = Math.min(to, (this.#view.total ?? 1) - 1);
    if (followed !== undefined && followed.offset <= from && followed.offset + followed.limit > last) return;
    this.#followSoon();
  }

  /** These transfers are looked at wherever they are. */
  also(ids: readonly string[]): void {
    this.#wanted = { ...this.#wanted, also: ids };
    if (ids.some((id) => this.#open?.window.also.includes(id) !== true)) this.#followSoon();
  }

  #followSoon(): void {
    if (this.#users === 0 || this.#settling !== null) return;
    this.#settling = setTimeout(() => {
      this.#settling = null;
      if (this.#users > 0) this.#follow();
    }, SETTLE_MS);
  }

  /** Where a row is among those that were read; -1 where it is not known. */
  indexOf(id: string): number {
    for (const [index, placed] of this.#places) if (placed === id) return index;
    return -1;
  }

  /** Asks again: the engine may have started anew. */
  readonly reset = (): void => {
    this.#places.clear();
    if (this.#users > 0) this.#follow();
  };

  #close(): void {
    this.#open?.control.abort();
    this.#open = null;
  }

  #follow(): void {
    this.#close();
    const control = new AbortController();
    const window = this.#wanted;
    this.#open = { window, control };
    this.#read(window, control.signal).catch((error: unknown) => {
      if (control.signal.aborted) return;
      this.#open = null;
      this.#publish({ error });
    });
  }

  async #read(window: FileWindow, signal: AbortSignal): Promise<void> {
    for await (const { total, ids, transfers } of await this.#watch(window, signal)) {
      if (signal.aborted) return;
      this.#keep(transfers);
      if (ids !== null) this.#place(window.offset, ids);
      if (ids !== null || total !== this.#view.total || this.#view.error !== null) {
        this.#publish({ total, error: null });
      }
    }
  }

  #place(offset: number, ids: readonly string[]): void {
    if (this.#places.size > PLACES_KEPT) this.#places.clear();
    for (const [index, id] of ids.entries()) this.#places.set(offset + index, id);
  }

  #publish(change: { readonly total?: number; readonly error: unknown }): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
