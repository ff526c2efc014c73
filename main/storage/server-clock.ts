/** How far apart clocks may be before it is made good. Stores accept a quarter of an hour. */
const TOLERATED_MS = 60_000;

/**
 * The time as one store has it. What a store answers carries its time, so a clock of this computer that is wrong needs
 * to be noticed only once, by whatever request comes first.
 */
export class ServerClock {
  readonly #now: () => number;
  #offset = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  now(): number {
    return this.#now() + this.#offset;
  }

  /** How far it is ahead of this computer's, ms. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * @param date the Date header of an answer that just came
   * @returns whether the clock was changed
   */
  learn(date: string | undefined): boolean {
    const theirs = date === undefined ? Number.NaN : Date.parse(date);
    return Number.isNaN(theirs) ? false : this.adopt(theirs);
  }

  /** Takes over what somebody else learnt. @param theirs the time of the store now. @returns whether the clock was changed */
  adopt(theirs: number): boolean {
    const offset = theirs - this.#now();
    if (Math.abs(offset - this.#offset) < TOLERATED_MS) return false;
    this.#offset = Math.abs(offset) < TOLERATED_MS ? 0 : offset;
    return true;
  }
}
