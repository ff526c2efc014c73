import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { GroupSync } from './group-sync.ts';

const sync = promisify(fsync);

/**
 * Syncs a file that something else in this process writes, on a thread of the pool. SQLite does it on the thread that
 * commits, which then stands still for as long as the disk takes.
 */
export class FileSync {
  readonly #path: string;
  readonly #group = new GroupSync(() => this.#sync());
  #file: number | null = null;
  #failed: { readonly error: unknown } | null = null;

  /** @param path of a file that is there by the first `wait` */
  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves once what was written to the file before this call is on disk. A failure is for good. */
  wait(): Promise<void> {
    return this.#group.wait();
  }

  async #sync(): Promise<void> {
    // A system that could not write may forget what, and call the next sync a success.
    if (this.#failed !== null) throw this.#failed.error;
    try {
      await sync((this.#file ??= openSync(this.#path, 'r+')));
    } catch (error) {
      this.#failed = { error };
      throw error;
    }
  }

  /** Once nothing is waited for any more. */
  async close(): Promise<void> {
    await this.#group.idle();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
