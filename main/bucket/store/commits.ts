/**
 * Group commit: changes that are ready in the same turn share one transaction, and those of all transactions meanwhile
 * share one wait for the disk, during which other requests go on. A change that fails takes back only itself.
 */
import type { Index } from './database.ts';

interface Queued {
  /** Runs inside the transaction; its result is told once the transaction is on disk. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

export class Commits {
  readonly #index: Index;
  #queue: Queued[] = [];
  #scheduled = false;
  #untold = Promise.resolve();
  /** Why the disk could not be relied upon. What it holds is known again only after a new start. */
  #broken: { readonly error: unknown } | null = null;

  constructor(index: Index) {
    this.#index = index;
  }

  /** @param change synchronous; throws to change nothing. @returns its result, when it is on disk */
  commit<T>(change: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        run: () => {
          const result = change();
          return () => resolve(result);
        },
        reject,
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    this.#scheduled = false;
    const queue = this.#queue.splice(0);
    if (queue.length === 0) return;
    if (this.#broken !== null) {
      for (const { reject } of queue) reject(this.#broken.error);
      return;
    }
    const done: { readonly tell: () => void; readonly reject: (error: unknown) => void }[] = [];
    try {
      this.#index.exec('BEGIN IMMEDIATE');
      for (const { run, reject } of queue) {
        this.#index.exec('SAVEPOINT change');
        try {
          const tell = run();
          this.#index.exec('RELEASE change');
          done.push({ tell, reject });
        } catch (error) {
          this.#index.exec('ROLLBACK TO change');
          this.#index.exec('RELEASE change');
          reject(error);
        }
      }
      this.#index.exec('COMMIT');
    } catch (error) {
      this.#rollback();
      for (const { reject } of queue) reject(error);
      return;
    }
    if (done.length === 0) return;
    const told = this.#index.synced().then(
      () => {
        for (const { tell } of done) tell();
      },
      (error: unknown) => {
        this.#broken ??= { error };
        for (const { reject } of done) reject(error);
      },
    );
    this.#untold = Promise.all([this.#untold, told]).then(() => undefined);
  }

  /** Commits what is queued now; resolves when everybody was told. */
  async settle(): Promise<void> {
    this.#flush();
    await this.#untold;
  }

  #rollback(): void {
    try {
      this.#index.exec('ROLLBACK');
    } catch {
      // SQLite ends the transaction by itself on some errors, a full disk among them.
    }
  }
}
