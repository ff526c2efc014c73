import type { Clock } from '#main/ports';

/** The clock is looked at again after so long: it may have been set, or the machine may have slept. */
const LOOK_MS = 30_000;

/** Rings for ids whose time has come. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: (id: string) => void;
  readonly #times = new Map<string, number>();
  /** When it rings next, as far as is known. */
  #next = Number.POSITIVE_INFINITY;
  #sleeping: AbortController | null = null;

  constructor(clock: Clock, ring: (id: string) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** @param at ms since the epoch */
  set(id: string, at: number): void {
    this.#times.set(id, at);
    if (at < this.#next) this.look();
  }

  clear(id: string): void {
    this.#times.delete(id);
  }

  /** Rings for all that is due, and sleeps until the next. */
  look(): void {
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [id, at] of this.#times) {
      if (at > now) {
        next = Math.min(next, at);
        continue;
      }
      this.#times.delete(id);
      this.#ring(id);
    }
    this.#next = next;
    this.#sleeping?.abort();
    this.#sleeping = null;
    if (next !== Number.POSITIVE_INFINITY) this.#sleep(Math.min(LOOK_MS, next - now));
  }

  stop(): void {
    this.#times.clear();
    this.#sleeping?.abort();
  }

  #sleep(ms: number): void {
    const sleeping = new AbortController();
    this.#sleeping = sleeping;
    this.#clock.sleep(ms, sleeping.signal).then(
      () => this.look(),
      () => undefined, // called off: somebody else looks
    );
  }
}
