import type { Clock, Network } from '#main/ports';
import type { TransferSettings } from '#shared/domain';
import { Line, Slots } from '../line/index.ts';

export interface WaysOptions {
  readonly clock: Clock;
  readonly network: Network;
  readonly settings: TransferSettings;
  /** Most streams to one store at once, where its connection says; null or left out, as many as are found good. */
  readonly maxStreamsOf?: ((connectionId: string) => number | null) | undefined;
}

/** The way to each store, made when it is first taken; what the settings say of streams holds for all of them. */
export class Ways {
  readonly #options: WaysOptions;
  readonly #lines = new Map<string, Line>();
  readonly #all = new Slots(() => this.#settings.maxStreams);
  #settings: TransferSettings;

  constructor(options: WaysOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  to(connectionId: string): Line {
    let line = this.#lines.get(connectionId);
    if (line === undefined) {
      const { clock, network } = this.#options;
      line = new Line(clock, network, this.#all, this.#maxStreams(connectionId));
      this.#lines.set(connectionId, line);
    }
    return line;
  }

  /** Acts at once, also on what is under way. */
  apply(settings: TransferSettings): void {
    this.#settings = settings;
    this.#all.admit();
    for (const id of this.#lines.keys()) this.reconsider(id);
  }

  /** A connection may have other limits by now. */
  reconsider(connectionId: string): void {
    this.#lines.get(connectionId)?.streams.setMax(this.#maxStreams(connectionId));
  }

  /** Whoever waits for a store tries again. @param connectionId null for every store */
  wake(connectionId: string | null): void {
    if (connectionId !== null) this.#lines.get(connectionId)?.wake();
    else for (const line of this.#lines.values()) line.wake();
  }

  #maxStreams(connectionId: string): number {
    return this.#options.maxStreamsOf?.(connectionId) ?? this.#settings.maxStreams;
  }
}
