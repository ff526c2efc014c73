import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#main/ports';

/** The time of this computer. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an error of its own; callers tell cancellations apart by the reason they gave.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
