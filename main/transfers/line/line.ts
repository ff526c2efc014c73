import type { Clock, Network } from '#main/ports';
import type { Slots } from './slots.ts';
import { Streams } from './streams.ts';

/** So many failures in a row, and the store is taken to be away rather than the one request unlucky. */
const DOWN_AFTER = 3;
/** The system's word that there is no network is a guess; it is tried all the same. */
const OFFLINE_MS = 30_000;

/** The way to one store: how many streams it bears, and who waits for it to answer again. */
export class Line {
  readonly streams: Streams;
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #sleepers = new Set<() => void>();
  #failures = 0;

  /** @param all streams of the whole process */
  constructor(clock: Clock, network: Network, all: Slots, maxStreams: number) {
    this.#clock = clock;
    this.#network = network;
    this.streams = new Streams(clock, all, maxStreams);
  }

  /** An answer came: if the store had been away, all who wait for it try again at once. */
  answered(): void {
    const wasDown = this.#failures >= DOWN_AFTER;
    this.#failures = 0;
    if (wasDown) this.wake();
  }

  failed(): void {
    this.#failures += 1;
  }

  /** The network is back, the machine woke, or keys were renewed. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** Sleeps until it is worth trying again: less long where the line is woken, longer where there is no network. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#sleepers.add(wake);
    try {
      const long = this.#network.online() ? ms : OFFLINE_MS;
      await this.#clock.sleep(long, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      this.#sleepers.delete(wake);
    }
  }
}

/** A way that nobody else goes. */
export function lonely(clock: Clock): Pick<Line, 'answered' | 'failed' | 'sleep'> {
  return {
    answered: () => undefined,
    failed: () => undefined,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
