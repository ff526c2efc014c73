import { type EngineClient } from '#renderer/lib';

export interface SentPart {
  readonly number: number;
  readonly etag: string | null;
  readonly crc32: string;
}

const EVERY_MS = 250;

/** Tells the engine what arrived and what is on its way, at most four times a second, and hears whether to go on. */
export class Reporter {
  readonly #id: string;
  readonly #engine: Pick<EngineClient['pageUploads'], 'report'>;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #flying = new Map<number, number>();
  #sent: SentPart[] = [];
  #dirty = true;
  /** Reports go one after another, or an older one could arrive last. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    id: string,
    engine: Pick<EngineClient['pageUploads'], 'report'>,
    sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  ) {
    this.#id = id;
    this.#engine = engine;
    this.#sleep = sleep;
  }

  /** @param bytes how much of the part has left; null once it is not on its way any more */
  fly(number: number, bytes: number | null): void {
    if (bytes === null) this.#flying.delete(number);
    else this.#flying.set(number, bytes);
    this.#dirty = true;
  }

  sent(part: SentPart): void {
    this.#flying.delete(part.number);
    this.#sent.push(part);
    this.#dirty = true;
  }

  land(): void {
    this.#flying.clear();
    this.#dirty = true;
  }

  /** Until the signal aborts. A report that fails is sent again with the next. */
  async run(signal: AbortSignal, onHeld: (state: 'paused' | 'stopped') => void): Promise<void> {
    for (let quiet = 0; !signal.aborted;) {
      try {
        await this.#sleep(EVERY_MS, signal);
      } catch {
        return;
      }
      // Also when nothing is new: somebody may have paused it.
      quiet += 1;
      if (!this.#dirty && quiet < 4) continue;
      quiet = 0;
      const state = await this.flush().catch(() => 'go-on' as const);
      if (state !== 'go-on' && !signal.aborted) onHeld(state);
    }
  }

  flush(): Promise<'go-on' | 'paused' | 'stopped'> {
    const next = this.#last.then(() => this.#flush());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #flush(): Promise<'go-on' | 'paused' | 'stopped'> {
    const sent = this.#sent;
    this.#sent = [];
    this.#dirty = false;
    const flying = [...this.#flying.keys()].slice(0, 64);
    const inFlight = [...this.#flying.values()].reduce((sum, bytes) => sum + bytes, 0);
    try {
      const { state } = await this.#engine.report({ id: this.#id, inFlight, flying, sent });
      return state;
    } catch (error) {
      this.#sent = [...sent, ...this.#sent];
      this.#dirty = true;
      throw error;
    }
  }
}
