/** What may be saved up while nothing is sent, in seconds of the limit: little, so that a limit is one from the first moment. */
const BURST_SECONDS = 0.1;

/** A bucket of tokens, one for each byte, filled as time passes. Debt is allowed, so that a slice larger than what is there gets through. */
export class Tokens {
  #limit: number | null = null;
  #tokens = 0;
  #filledAt = 0;

  get limit(): number | null {
    return this.#limit;
  }

  /** @param bytesPerSecond 0 stands still; null is as fast as it goes */
  setLimit(bytesPerSecond: number | null, now: number): void {
    if (bytesPerSecond === this.#limit) return;
    this.#limit = bytesPerSecond;
    this.#tokens = 0; // what was owed or saved under another limit counts no more
    this.#filledAt = now;
  }

  /** @returns ms until something may be sent; Infinity where nothing may */
  wait(now: number): number {
    if (this.#limit === null) return 0;
    if (this.#limit === 0) return Infinity;
    this.#fill(now, this.#limit);
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#limit) * 1000);
  }

  spend(bytes: number): void {
    if (this.#limit !== null) this.#tokens -= bytes;
  }

  #fill(now: number, limit: number): void {
    const passed = Math.max(0, now - this.#filledAt); // a clock that was put back gives nothing
    this.#tokens = Math.min(limit * BURST_SECONDS, this.#tokens + (passed / 1000) * limit);
    this.#filledAt = now;
  }
}
