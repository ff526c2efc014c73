import type { Clock } from '#main/ports';
import { isSluiceError } from '#shared/errors';
import { bounded, observe, startController, type Bounds, type ControllerState } from './controller.ts';
import { Slots } from './slots.ts';

/** With which a store is met: enough to fill a usual line, few enough not to offend. */
const FIRST_STREAMS = 8;

/** Requests that carry bytes to one store: as many at once as it was found to bear, and as the process may have in all. */
export class Streams {
  readonly #clock: Clock;
  readonly #all: Slots;
  readonly #own = new Slots(() => this.#controller.streams);
  #bounds: Bounds;
  #controller: ControllerState;

  /** @param all over all stores */
  constructor(clock: Clock, all: Slots, max: number) {
    this.#clock = clock;
    this.#all = all;
    this.#bounds = { min: 1, max };
    this.#controller = startController(Math.min(max, FIRST_STREAMS));
  }

  /** How many may run at once by now. */
  get limit(): number {
    return this.#controller.streams;
  }

  /** Acts at once on what waits; what runs is left to end. */
  setMax(max: number): void {
    this.#bounds = { min: 1, max };
    this.#controller = bounded(this.#controller, this.#bounds);
    this.#own.admit();
  }

  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#own.run(signal, () => this.#all.run(signal, work));
  }

  /** Times one request, to learn from it. What was called off teaches nothing. */
  async timed<T>(bytes: number, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const from = this.#clock.now();
    const streams = this.#own.taken;
    const learn = (outcome: 'sent' | 'failed' | 'busy'): void => {
      const at = this.#clock.now();
      const seen = { at, bytes, ms: at - from, streams, outcome };
      this.#controller = observe(this.#controller, seen, this.#bounds);
      this.#own.admit();
    };
    try {
      const answer = await request();
      learn('sent');
      return answer;
    } catch (error) {
      if (!signal.aborted) learn(isSluiceError(error, 'STORE_BUSY') ? 'busy' : 'failed');
      throw error;
    }
  }
}
