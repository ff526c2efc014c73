import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a loop may keep the process to itself. */
const TURN_MS = 8;

/** For long loops, so that everything else has its turn in between: `if (breath.due()) await breath.take()`. */
export class Breath {
  #since = performance.now();

  due(): boolean {
    return performance.now() - this.#since >= TURN_MS;
  }

  async take(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
