/**
 * Group commit: changes that come while the disk is waited for share the next transaction, and the next wait; other
 * requests go on meanwhile. A change that fails takes back only itself.
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
  /** For the disk: whoever comes meanwhile would wait for the one after it anyhow. */
  #waiting = false;
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
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
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
      this.#index.run('BEGIN IMMEDIATE');
      for (const queued of queue) {
        const tell = this.#apply(queued, queue.length > 1);
        if (tell !== null) done.push({ tell, reject: queued.reject });
      }
      if (done.length > 0) this.#index.run('COMMIT');
      else this.#rollback();
    } catch (error) {
      this.#rollback();
      for (const { reject } of queue) reject(error);
      return;
    }
    if (done.length === 0) return;
    this.#waiting = true;
    const told = this.#index.synced().then(
      () => {
        this.#waiting = false;
        for (const { tell } of done) tell();
        this.#schedule();
      },
      (error: unknown) => {
        this.#waiting = false;
        this.#broken ??= { error };
        for (const { reject } of done) reject(error);
        this.#schedule();
      },
    );
    this.#untold = Promise.all([this.#untold, told]).then(() => undefined);
  }

  /** @param shared whether there are others in the transaction. @returns null where it failed, and was told so */
  #apply({ run, reject }: Queued, shared: boolean): (() => void) | null {
    if (shared) this.#index.run('SAVEPOINT change');
    try {
      const tell = run();
      if (shared) this.#index.run('RELEASE change');
      return tell;
    } catch (error) {
      if (shared) {
        this.#index.exec('ROLLBACK TO change');
        this.#index.exec('RELEASE change');
      }
      reject(error);
      return null;
    }
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
