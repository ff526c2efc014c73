/** At most so many at once; the rest wait in line. */
export class Slots {
  readonly #limit: number;
  #taken = 0;
  readonly #line: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs the work once there is room. A waiter whose signal aborts leaves when its turn comes. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#taken += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#taken -= 1;
      else next(); // the slot is handed on
    }
  }
}
