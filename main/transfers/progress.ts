import type { PartState, PartStrip, Progress } from '#shared/domain';

const WINDOW_MS = 8000;

/** Of a part in the air: bytes that left, and how many of them were counted for the speed. */
interface Left {
  readonly bytes: number;
  readonly timed: number;
}

const NOTHING: Left = { bytes: 0, timed: 0 };

/** Moves closer together than this are one mark. */
const MARK_MS = 200;

/** Speed over the last seconds. */
class RateWindow {
  #marks: { readonly at: number; bytes: number }[] = [];

  add(at: number, bytes: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && at - last.at < MARK_MS) {
      last.bytes += bytes;
      return;
    }
    this.#marks.push({ at, bytes });
    this.#trim(at);
  }

  /** Bytes per second; null while nothing moved. */
  rate(now: number): number | null {
    this.#trim(now);
    const first = this.#marks[0];
    if (first === undefined) return null;
    const sum = this.#marks.reduce((total, mark) => total + mark.bytes, 0);
    return sum / (Math.max(500, now - first.at) / 1000);
  }

  #trim(now: number): void {
    const from = this.#marks.findIndex((mark) => mark.at > now - WINDOW_MS);
    this.#marks = from < 0 ? [] : this.#marks.slice(from);
  }
}

/**
 * What a transfer has done, part by part. Committed bytes are those of acknowledged parts; bytes of a part that is
 * sent again leave the flight first, so that the sum never passes the total and never goes back.
 */
export class ProgressTracker {
  readonly #states: PartState[];
  readonly #lengthOf: (number: number) => number;
  readonly #total: number;
  readonly #rate = new RateWindow();
  readonly #failedBefore = new Set<number>();
  /** How much of the parts in the air has left. */
  readonly #left = new Map<number, Left>();
  #committed = 0;
  #inFlight = 0;

  constructor(partCount: number, total: number, lengthOf: (number: number) => number) {
    this.#states = Array.from({ length: partCount }, () => 'waiting' as const);
    this.#lengthOf = lengthOf;
    this.#total = total;
  }

  get committed(): number {
    return this.#committed;
  }

  stateOf(number: number): PartState {
    return this.#states[number - 1] ?? 'waiting';
  }

  /** The store had it already. */
  keep(number: number): void {
    if (isSent(this.stateOf(number))) return;
    this.#ground(number);
    this.#set(number, 'kept');
    this.#committed += this.#lengthOf(number);
  }

  /** @param bytes of it that left so far, where that is known */
  fly(number: number, bytes = this.#lengthOf(number), now: number | null = null): void {
    if (isSent(this.stateOf(number))) return;
    this.#set(number, 'flying');
    const before = this.#left.get(number) ?? NOTHING;
    const more = bytes - before.bytes;
    this.#inFlight += more;
    const timed = more > 0 && now !== null ? more : 0;
    if (now !== null && timed > 0) this.#rate.add(now, timed);
    this.#left.set(number, { bytes, timed: before.timed + timed });
  }

  /** It fell out of the air and waits for another try. */
  drop(number: number): void {
    if (this.stateOf(number) !== 'flying') return;
    this.#failedBefore.add(number);
    this.#set(number, 'waiting');
    this.#ground(number);
  }

  land(number: number, now: number): void {
    if (isSent(this.stateOf(number))) return;
    const length = this.#lengthOf(number);
    const { timed } = this.#ground(number);
    this.#set(number, this.#failedBefore.has(number) ? 'resent' : 'sent');
    this.#committed += length;
    this.#rate.add(now, Math.max(0, length - timed));
  }

  /** Everything was proven. */
  verify(): void {
    this.#states.fill('verified');
    this.#committed = this.#total;
    this.#inFlight = 0;
    this.#left.clear();
  }

  count(state: PartState): number {
    return this.#states.reduce((count, each) => count + (each === state ? 1 : 0), 0);
  }

  progress(now: number, moving: boolean): Progress {
    const rate = moving ? this.#rate.rate(now) : null;
    const left = this.#total - this.#committed;
    return {
      committed: this.#committed,
      inFlight: this.#inFlight,
      total: this.#total,
      bytesPerSecond: rate,
      secondsLeft: rate === null || rate === 0 ? null : left / rate,
    };
  }

  strip(): PartStrip {
    return runLengths(this.#states);
  }

  #ground(number: number): Left {
    const left = this.#left.get(number) ?? NOTHING;
    this.#inFlight -= left.bytes;
    this.#left.delete(number);
    return left;
  }

  #set(number: number, state: PartState): void {
    this.#states[number - 1] = state;
  }
}

const isSent = (state: PartState): boolean => state !== 'waiting' && state !== 'flying';

function runLengths(states: readonly PartState[]): PartStrip {
  const strip: PartStrip = [];
  for (const state of states) {
    const last = strip.at(-1);
    if (last?.state === state) last.count += 1;
    else strip.push({ state, count: 1 });
  }
  return strip;
}
