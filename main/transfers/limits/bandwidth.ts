import type { Clock } from '#main/ports';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import { Tokens } from './tokens.ts';

/** For whom bytes are sent: limits are per connection, and fair between transfers. */
export interface Sender {
  readonly connectionId: string;
  readonly transferId: string;
}

const ANYBODY: Sender = { connectionId: '', transferId: '' };

interface Waiter {
  readonly bytes: number;
  readonly connectionId: string;
  readonly grant: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Limits on bytes per second, over all and for each connection. Whoever sends asks before each slice of 64 to 256 KiB;
 * the transfers that wait take turns, so that one with many parts does not crowd out the others. Can change at any
 * moment, and acts on the next slice.
 */
export class Bandwidth {
  readonly #clock: Clock;
  readonly #all = new Tokens();
  readonly #connections = new Map<string, Tokens>();
  /** By transfer, in the order of their turns. */
  readonly #line = new Map<string, Waiter[]>();
  readonly #still = new Set<() => void>();
  #timer: AbortController | null = null;
  /** Until when nothing moves, in words; empty where that is not known. */
  #until = '';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param bytesPerSecond 0 stands still, null for as fast as it goes
   * @param until for how long it holds, in words, for who is told that nothing moves
   */
  setLimit(bytesPerSecond: number | null, until = ''): void {
    this.#until = until;
    this.#all.setLimit(bytesPerSecond, this.#clock.now());
    this.#changed();
  }

  setConnectionLimit(connectionId: string, bytesPerSecond: number | null): void {
    const known = this.#connections.get(connectionId) ?? new Tokens();
    known.setLimit(bytesPerSecond, this.#clock.now());
    if (bytesPerSecond === null) this.#connections.delete(connectionId);
    else this.#connections.set(connectionId, known);
    this.#changed();
  }

  /** Whether anything is limited: where nothing is, bodies need not be cut into slices. */
  limits({ connectionId }: Sender): boolean {
    return this.#all.limit !== null || this.#connections.has(connectionId);
  }

  /**
   * Resolves once these bytes may be sent.
   * @throws LIMIT_STANDS_STILL where nothing may be sent, now or by the time it is one's turn
   */
  take(bytes: number, signal: AbortSignal, sender: Sender = ANYBODY): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (!this.limits(sender)) return Promise.resolve();
    if (this.#standsStill()) return Promise.reject(this.#stillError());
    return new Promise((resolve, reject) => {
      const { connectionId, transferId } = sender;
      const abort = (): void => {
        this.#leave(transferId, waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        bytes,
        connectionId,
        grant: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
        refuse: (error) => {
          signal.removeEventListener('abort', abort);
          reject(error);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      const mine = this.#line.get(transferId);
      if (mine === undefined) this.#line.set(transferId, [waiter]);
      else mine.push(waiter);
      this.#serve();
    });
  }

  /**
   * Does work that takes bytes; where the limit lets nothing through, says so and does it (again) once it does.
   * @param onStill told with LIMIT_STANDS_STILL each time it has to wait
   */
  async whileOpen<T>(
    work: () => Promise<T>,
    signal: AbortSignal,
    onStill: (error: SluiceError) => void,
  ): Promise<T> {
    for (;;) {
      if (this.#standsStill()) {
        onStill(this.#stillError());
        await this.#moving(signal);
      }
      try {
        return await work();
      } catch (error) {
        if (!isSluiceError(error, 'LIMIT_STANDS_STILL')) throw error;
      }
    }
  }

  #standsStill(): boolean {
    return this.#all.limit === 0;
  }

  #stillError(): SluiceError {
    return sluiceError('LIMIT_STANDS_STILL', { until: this.#until });
  }

  #moving(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const abort = (): void => {
        this.#still.delete(moves);
        reject(signal.reason as Error);
      };
      const moves = (): void => {
        signal.removeEventListener('abort', abort);
        this.#still.delete(moves);
        resolve();
      };
      this.#still.add(moves);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #changed(): void {
    if (this.#standsStill()) {
      const waiting = [...this.#line.values()].flat();
      this.#line.clear();
      for (const waiter of waiting) waiter.refuse(this.#stillError());
    } else {
      for (const moves of this.#still) moves();
    }
    this.#serve();
  }

  #leave(transferId: string, waiter: Waiter): void {
    const rest = (this.#line.get(transferId) ?? []).filter((each) => each !== waiter);
    if (rest.length === 0) this.#line.delete(transferId);
    else this.#line.set(transferId, rest);
  }

  /** Grants what may be granted by now, and comes back when more may. */
  #serve(): void {
    this.#timer?.abort();
    this.#timer = null;
    let soonest = this.#grant();
    while (soonest === 0) soonest = this.#grant();
    if (soonest === Infinity) return;
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(soonest, timer.signal).then(
      () => this.#serve(),
      () => undefined, // somebody came or a limit changed: that call looks again
    );
  }

  /** One slice for the first in turn who may. @returns 0 where one was granted, else ms until one may be */
  #grant(): number {
    const now = this.#clock.now();
    const all = this.#all.wait(now);
    let soonest = Infinity;
    for (const [transferId, waiters] of this.#line) {
      const [first, ...rest] = waiters;
      if (first === undefined) continue;
      const own = this.#connections.get(first.connectionId);
      const wait = Math.max(all, own?.wait(now) ?? 0);
      soonest = Math.min(soonest, wait);
      if (wait > 0) continue;
      this.#all.spend(first.bytes);
      own?.spend(first.bytes);
      this.#line.delete(transferId); // to the end of the turns
      if (rest.length > 0) this.#line.set(transferId, rest);
      first.grant();
      return 0;
    }
    return soonest;
  }
}
