import type { Clock } from '#main/ports';

/** A limit on bytes per second over all uploads: a bucket of tokens, filled as time passes. Can change at any moment. */
export class Bandwidth {
  readonly #clock: Clock;
  #limit: number | null = null;
  #tokens = 0;
  #filledAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param bytesPerSecond null for as fast as it goes */
  setLimit(bytesPerSecond: number | null): void {
    this.#limit = bytesPerSecond;
    this.#tokens = 0;
    this.#filledAt = this.#clock.now();
  }

  /** Resolves once these bytes may be sent. Debt is allowed, so that a part larger than a second's worth gets through. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const limit = this.#limit;
      if (limit === null) return;
      const now = this.#clock.now();
      this.#tokens = Math.min(limit, this.#tokens + ((now - this.#filledAt) / 1000) * limit);
      this.#filledAt = now;
      if (this.#tokens >= 0) {
        this.#tokens -= bytes;
        return;
      }
      await this.#clock.sleep(Math.min(1000, (-this.#tokens / limit) * 1000), signal);
    }
  }
}
