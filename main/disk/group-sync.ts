/** One wait for the disk on behalf of everybody who asked before it began. */
export class GroupSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** @param sync brings to the disk all that was written before it is called */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves once what was written before this call is on disk. */
  wait(): Promise<void> {
    // One that is running may have begun before the caller wrote.
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return (this.#running = this.#begin());
    this.#next = this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        return (this.#running = this.#begin());
      });
    return this.#next;
  }

  /** Resolves when nothing is waited for any more. */
  async idle(): Promise<void> {
    while (this.#running !== null || this.#next !== null) {
      await Promise.allSettled([this.#running, this.#next]);
    }
  }

  async #begin(): Promise<void> {
    try {
      await this.#sync();
    } finally {
      this.#running = null;
    }
  }
}
