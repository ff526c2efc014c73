import type { Clock } from '#main/ports';

/** A page that said nothing for so long has been closed, or its computer sleeps. */
const SILENCE_MS = 15_000;

/** Which pages are there: by transfer, when its page was last heard, and whether it went. */
export class Presence {
  readonly #clock: Clock;
  readonly #lost: (id: string) => void;
  readonly #heard = new Map<string, { readonly at: number; readonly gone: AbortSignal }>();
  readonly #watched = new WeakSet<AbortSignal>();
  #watch: NodeJS.Timeout | null = null;

  /** @param lost told of a transfer whose page is not heard any more */
  constructor(clock: Clock, lost: (id: string) => void) {
    this.#clock = clock;
    this.#lost = lost;
  }

  /** @param gone aborts when the page goes away */
  hear(id: string, gone: AbortSignal): void {
    this.#heard.set(id, { at: this.#clock.now(), gone });
    if (!this.#watched.has(gone)) gone.addEventListener('abort', () => this.#look(), { once: true });
    this.#watched.add(gone);
    this.#watch ??= setInterval(() => this.#look(), SILENCE_MS / 3).unref();
  }

  isHeard(id: string): boolean {
    const { at, gone } = this.#heard.get(id) ?? {};
    return at !== undefined && gone?.aborted === false && this.#clock.now() - at < SILENCE_MS;
  }

  /** Nothing more is expected of its page. */
  forget(id: string): void {
    this.#heard.delete(id);
  }

  #look(): void {
    for (const id of this.#heard.keys()) {
      if (this.isHeard(id)) continue;
      this.#heard.delete(id);
      this.#lost(id);
    }
    if (this.#heard.size === 0 && this.#watch !== null) {
      clearInterval(this.#watch);
      this.#watch = null;
    }
  }
}
