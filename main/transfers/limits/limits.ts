import type { Clock } from '#main/ports';
import type { LimitState, TransferSettings } from '#shared/domain';
import { formatMoment } from '#shared/lib';
import type { Bandwidth } from './bandwidth.ts';
import { limitAt } from './timetable.ts';

/** A machine that slept wakes later than its timers were set for, and clocks are put: the time is looked at anew this often. */
const LOOK_MS = 30_000;

/** Keeps the bandwidth at what the settings say for the time of day. */
export class Limits {
  readonly #clock: Clock;
  readonly #bandwidth: Bandwidth;
  readonly #onChange: () => void;
  #settings: TransferSettings;
  #now: LimitState;
  #watch: AbortController | null = null;

  /** @param onChange told when another limit begins to hold */
  constructor(clock: Clock, bandwidth: Bandwidth, settings: TransferSettings, onChange: () => void) {
    this.#clock = clock;
    this.#bandwidth = bandwidth;
    this.#onChange = onChange;
    this.#settings = settings;
    this.#now = limitAt(settings, clock.now());
    this.#enforce();
  }

  get settings(): TransferSettings {
    return this.#settings;
  }

  get now(): LimitState {
    return this.#now;
  }

  apply(settings: TransferSettings): void {
    this.#settings = settings;
    this.look();
  }

  /** Looks at the clock: by itself every now and then, and when the machine woke. */
  look(): void {
    const before = this.#now;
    this.#now = limitAt(this.#settings, this.#clock.now());
    this.#enforce();
    const { bytesPerSecond, by, until } = this.#now;
    if (bytesPerSecond !== before.bytesPerSecond || by !== before.by || until !== before.until)
      this.#onChange();
  }

  close(): void {
    this.#watch?.abort();
    this.#watch = null;
  }

  #enforce(): void {
    const { bytesPerSecond, until } = this.#now;
    const at = this.#clock.now();
    this.#bandwidth.setLimit(bytesPerSecond, until === null ? '' : formatMoment(until, at));
    this.close();
    if (until === null) return;
    const watch = new AbortController();
    this.#watch = watch;
    this.#clock.sleep(Math.min(LOOK_MS, Math.max(1, until - at)), watch.signal).then(
      () => this.look(),
      () => undefined, // looked at in the meantime, or closed
    );
  }
}
