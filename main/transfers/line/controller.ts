/**
 * How many streams a store bears, found out from how long requests take: a pure step per observation. The idea is that
 * of xet-core: learn what a request of its size should take at the present concurrency, call it a success when it did
 * not take clearly longer, raise while most succeed, lower when they do not.
 */

const MB = 1e6;

/** Nothing is changed on the word of less. */
const FIRST_BYTES = 20 * MB;
/** At most one change in this time. */
const PACE_MS = 500;
const HALF_LIFE = 8;
const RAISE_ABOVE = 0.8;
const LOWER_BELOW = 0.5;
/** After a change the number has to earn its next one. */
const NEUTRAL = 0.65;
/** A request may take so long, and one of 64 MB must be expected to take less than this. */
const SLOW_MS = 90_000;
const UNIT = 64 * MB;
const UNIT_MS = 60_000;

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** One request that ended. */
export interface Observation {
  /** ms since the epoch. */
  readonly at: number;
  readonly bytes: number;
  readonly ms: number;
  /** Streams in use while it ran. */
  readonly streams: number;
  /** busy: the store said that it is asked too much. */
  readonly outcome: 'sent' | 'failed' | 'busy';
}

/** Sums of an exponentially weighted regression of time over bytes times streams. */
interface Sums {
  readonly weight: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  /** Of squared misses, for how far off a prediction usually is. */
  readonly misses: number;
}

export interface ControllerState {
  readonly streams: number;
  /** Share of requests that went as expected, lately. */
  readonly success: number;
  readonly sums: Sums;
  readonly bytes: number;
  readonly changedAt: number;
}

const DECAY = 0.5 ** (1 / HALF_LIFE);
const SUMS_DECAY = 0.5 ** (1 / (4 * HALF_LIFE));

export function startController(streams: number): ControllerState {
  const sums = { weight: 0, x: 0, y: 0, xx: 0, xy: 0, misses: 0 };
  return { streams, success: NEUTRAL, sums, bytes: 0, changedAt: Number.NEGATIVE_INFINITY };
}

export function observe(state: ControllerState, seen: Observation, bounds: Bounds): ControllerState {
  const expected = predict(state.sums, seen.bytes * seen.streams);
  const good =
    seen.outcome === 'sent' &&
    seen.ms < SLOW_MS &&
    (expected === null || seen.ms <= late(state.sums, expected));
  const learnt: ControllerState = {
    ...state,
    success: state.success * DECAY + (good ? 1 - DECAY : 0),
    sums: seen.outcome === 'sent' ? learn(state.sums, seen, expected) : state.sums,
    bytes: state.bytes + (seen.outcome === 'sent' ? seen.bytes : 0),
  };
  const wanted = clamp(next(learnt, seen), bounds);
  if (wanted === state.streams) return learnt;
  return { ...learnt, streams: wanted, success: NEUTRAL, changedAt: seen.at };
}

/** Within bounds that a person changed. */
export function bounded(state: ControllerState, bounds: Bounds): ControllerState {
  return { ...state, streams: clamp(state.streams, bounds) };
}

function next(state: ControllerState, seen: Observation): number {
  const { streams, success, sums } = state;
  if (seen.at - state.changedAt < PACE_MS) return streams;
  if (seen.outcome === 'busy') return Math.floor(streams / 2);
  if (state.bytes < FIRST_BYTES) return streams;
  if (success < LOWER_BELOW) return Math.floor(streams * 0.8);
  const inUse = seen.streams >= streams;
  const more = Math.max(streams + 1, Math.floor(streams * 1.25));
  const unit = predict(sums, UNIT * more) ?? 0;
  return success > RAISE_ABOVE && inUse && unit < UNIT_MS ? more : streams;
}

const clamp = (value: number, { min, max }: Bounds): number => Math.min(max, Math.max(min, value));

function learn(sums: Sums, { bytes, streams, ms }: Observation, expected: number | null): Sums {
  const x = bytes * streams;
  const keep = SUMS_DECAY;
  const miss = expected === null ? 0 : ms - expected;
  return {
    weight: sums.weight * keep + 1,
    x: sums.x * keep + x,
    y: sums.y * keep + ms,
    xx: sums.xx * keep + x * x,
    xy: sums.xy * keep + x * ms,
    misses: sums.misses * keep + miss * miss,
  };
}

/** ms; null while too little was seen. */
function predict({ weight, x, y, xx, xy }: Sums, at: number): number | null {
  if (weight < 3) return null;
  const spread = weight * xx - x * x;
  // All of one size at one concurrency: there is no slope to see, so time is taken to grow with both.
  const flat = spread <= 1e-9 * weight * xx;
  const slope = flat ? (x === 0 ? 0 : y / x) : Math.max(0, (weight * xy - x * y) / spread);
  const base = flat ? 0 : (y - slope * x) / weight;
  return Math.max(0, base + slope * at);
}

/** Up to which time a request is as expected: 19 of 20 are, and a quarter more than expected always is. */
function late({ weight, misses }: Sums, expected: number): number {
  return expected + Math.max(expected * 0.25, 1.64 * Math.sqrt(misses / weight));
}
