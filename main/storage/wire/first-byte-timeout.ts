/** How many answers must have come before anything is said of late ones. */
const FIRST = 10;
/** A store that takes so long anyhow is not helped by sending again. */
const SLOW_MS = 5000;
const LEAST_MS = 1000;
const ABOVE_MEAN_MS = 700;
/** Share of the way to its target that the limit moves with each answer. */
const DRIFT = 0.01;
/** Answers that are looked back at. */
const COUNTED = 10_000;

/**
 * How long to wait for the first byte of an answer once a body was sent whole. One part in a thousand is answered after
 * five seconds where the others take a fifth of one, and one such near the end holds up an upload; sending it again is
 * quicker. The limit is learnt of the answers themselves, and gives way where it cuts off more than a few.
 */
export class FirstByteTimeout {
  #limit: number | null = null;
  #given = false;
  readonly #first: { readonly total: number; readonly wait: number }[] = [];
  #count = 0;
  #timeouts = 0;
  #meanWait = 0;
  #waits = 0;

  /** ms; null for as long as it takes. */
  get limit(): number | null {
    return this.#limit;
  }

  /**
   * @param total ms that the whole request took
   * @param wait ms from the last byte sent to the first one received
   */
  succeeded(total: number, wait: number): void {
    if (this.#given) return;
    this.#count += 1;
    this.#waits = Math.min(this.#waits + 1, COUNTED);
    this.#meanWait += (wait - this.#meanWait) / this.#waits;
    if (this.#limit === null) {
      this.#first.push({ total, wait });
      if (this.#first.length >= FIRST) this.#begin();
      return;
    }
    if (this.#count > COUNTED) this.#startCounting();
    const target = Math.max(LEAST_MS, this.#meanWait + ABOVE_MEAN_MS);
    this.#set(this.#limit + (target - this.#limit) * DRIFT);
  }

  /** The limit cut an answer off. */
  timedOut(): void {
    if (this.#limit === null) return;
    this.#count += 1;
    this.#timeouts += 1;
    const share = this.#timeouts / this.#count;
    // One in so few says nothing of shares, yet an unlucky limit must give way before it has cut off many.
    if (share > 0.01) {
      this.#set(this.#limit + 1000);
      this.#startCounting();
    } else if (share > 0.001) {
      this.#set(this.#limit + 100);
    }
  }

  #begin(): void {
    const totals = this.#first.reduce((sum, { total }) => sum + total, 0);
    if (totals / this.#first.length >= SLOW_MS) {
      this.#given = true;
      return;
    }
    const waits = this.#first.map(({ wait }) => wait).sort((a, b) => a - b);
    this.#set(Math.max(LEAST_MS, waits[Math.ceil(waits.length * 0.9) - 1] ?? LEAST_MS));
    this.#first.length = 0;
  }

  #startCounting(): void {
    this.#count = 0;
    this.#timeouts = 0;
  }

  #set(limit: number): void {
    this.#given = limit > SLOW_MS;
    this.#limit = this.#given ? null : limit;
  }
}
