import type { Clock } from '#main/ports';
import type { Progress } from '#shared/domain';

/** Before so long nothing is said about the time that is left. ms */
const SOON = 500;

/** How fast a step goes, and how long it will take; each step is measured by itself. */
export class Pace {
  readonly #clock: Clock;
  #step = '';
  #began = 0;
  #from = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param done of `total`, in bytes */
  at(step: string, done: number, total: number): Progress {
    const now = this.#clock.now();
    if (step !== this.#step || done < this.#from) {
      this.#step = step;
      this.#began = now;
      this.#from = done;
    }
    const committed = Math.min(done, total);
    const elapsed = now - this.#began;
    const rate =
      elapsed < SOON || committed <= this.#from ? null : ((committed - this.#from) / elapsed) * 1000;
    return {
      committed,
      inFlight: 0,
      total,
      bytesPerSecond: rate,
      secondsLeft: rate === null ? null : (total - committed) / rate,
    };
  }
}
