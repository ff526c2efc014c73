/** At most so many at once; the rest wait in line. The limit is asked anew at each turn. */
export class Slots {
  readonly #limit: () => number;
  #taken = 0;
  readonly #line: (() => void)[] = [];

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Runs the work once there is room. A waiter whose signal aborts leaves when its turn comes. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#limit()) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#taken += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#taken -= 1;
      this.admit();
    }
  }

  /** Lets in as many as the limit has room for by now. */
  admit(): void {
    while (this.#taken < this.#limit()) {
      const next = this.#line.shift();
      if (next === undefined) return;
      this.#taken += 1;
      next();
    }
  }
}
