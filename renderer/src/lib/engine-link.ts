import { type ClientLink, type ClientOptions } from '@orpc/client';
import { sluiceError } from '#shared/errors';
import { type Carrier, CarrierRefused, type Context, type OpenLink } from './carrier.ts';

export type LinkState =
  /** `tries` made since the engine was last heard. */
  | { readonly kind: 'connecting'; readonly tries: number; readonly again: boolean }
  | { readonly kind: 'connected' }
  | { readonly kind: 'refused' };

const FIRST_DELAY_MS = 150;
const LONGEST_DELAY_MS = 4000;

/**
 * One link that outlives its carriers: opens a new one with growing pauses when the last was lost, and holds calls
 * back until then. A call that was under way when the carrier went fails with ENGINE_LOST: whether it had an effect
 * is not known here.
 */
export class EngineLink implements ClientLink<Context> {
  readonly #carrier: Carrier;
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  #state: LinkState = { kind: 'connecting', tries: 0, again: false };
  #current = Promise.withResolvers<OpenLink>();

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
    void this.#keepOpen();
  }

  readonly state = (): LinkState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly close = (): void => this.#stop.abort();

  async call(path: readonly string[], input: unknown, options: ClientOptions<Context>): Promise<unknown> {
    const open = await orAborted(this.#current.promise, options.signal);
    let lost = false;
    void open.closed.then(() => {
      lost = true;
    });
    try {
      return await open.link.call(path, input, options);
    } catch (error) {
      // The microtask lets `closed` be seen, which may settle in the same turn.
      await Promise.resolve();
      throw lost && options.signal?.aborted !== true ? sluiceError('ENGINE_LOST', {}, error) : error;
    }
  }

  async #keepOpen(): Promise<void> {
    const { signal } = this.#stop;
    let again = false;
    for (let tries = 0; !signal.aborted; tries += 1) {
      this.#become({ kind: 'connecting', tries, again });
      try {
        const open = await this.#carrier.open(signal);
        this.#current.resolve(open);
        this.#become({ kind: 'connected' });
        tries = -1;
        again = true;
        const why = await open.closed;
        this.#current = Promise.withResolvers<OpenLink>();
        if (why === 'refused') return this.#become({ kind: 'refused' });
        await pause(FIRST_DELAY_MS, signal);
      } catch (error) {
        if (error instanceof CarrierRefused) return this.#become({ kind: 'refused' });
        await pause(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries, 10)), signal);
      }
    }
  }

  #become(state: LinkState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
