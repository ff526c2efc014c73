import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observe, startController, type ControllerState } from '#internal/main/transfers/line/controller';

const MB = 1e6;
const BOUNDS = { min: 1, max: 64 };

interface LineModel {
  /** Bytes per second that all streams share. */
  readonly bandwidth: number;
  readonly roundTripMs: number;
  /** More streams than this are answered with SlowDown. */
  readonly bears?: number;
  /** Share of requests that break half way. */
  readonly loss?: number;
}

/** Sends parts over a line for a while, the way a queue that never empties does. */
function run(
  line: LineModel,
  minutes: number,
  from = startController(6),
  random = Math.random,
): ControllerState {
  const part = 8 * MB;
  let state = from;
  let now = 0;
  while (now < minutes * 60_000) {
    const { streams } = state;
    const each = line.bandwidth / streams;
    const ms = line.roundTripMs * 3 + (part / each) * 1000 * (0.9 + random() * 0.2);
    now += ms;
    for (let index = 0; index < streams; index += 1) {
      const broken = random() < (line.loss ?? 0);
      const outcome = streams > (line.bears ?? 64) ? 'busy' : broken ? 'failed' : 'sent';
      state = observe(state, { at: now, bytes: part, ms, streams, outcome }, BOUNDS);
    }
  }
  return state;
}

/** A generator of numbers from a seed, so that a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('on a wide line it climbs far above where it began', () => {
  expect(run({ bandwidth: 1000 * MB, roundTripMs: 80 }, 3, undefined, seeded(1)).streams).toBeGreaterThan(24);
});

test('on a narrow line no part is made to take longer than a minute', () => {
  // 64 MB over one MB/s take a minute with one stream already.
  expect(run({ bandwidth: MB, roundTripMs: 40 }, 30, undefined, seeded(2)).streams).toBeLessThanOrEqual(6);
  expect(run({ bandwidth: 10 * MB, roundTripMs: 40 }, 10, undefined, seeded(3)).streams).toBeLessThan(12);
});

test('a store that says SlowDown is asked for less, and found out about gently afterwards', () => {
  const state = run({ bandwidth: 1000 * MB, roundTripMs: 20, bears: 10 }, 3, undefined, seeded(4));
  expect(state.streams).toBeLessThanOrEqual(13); // one step above what it bears is where it says so
  expect(state.streams).toBeGreaterThanOrEqual(5);
});

test('a line on which most breaks is given fewer streams, down to one', () => {
  expect(run({ bandwidth: 100 * MB, roundTripMs: 50, loss: 0.8 }, 5, undefined, seeded(5)).streams).toBe(1);
});

test('nothing is changed on the word of the first megabytes', () => {
  let state = startController(6);
  for (let index = 0; index < 19; index += 1) {
    state = observe(state, { at: index * 1000, bytes: MB, ms: 10, streams: 6, outcome: 'sent' }, BOUNDS);
  }
  expect(state.streams).toBe(6);
});

test('streams that were not all in use are no reason for more', () => {
  let state = startController(6);
  for (let index = 0; index < 500; index += 1) {
    state = observe(state, { at: index * 1000, bytes: MB, ms: 10, streams: 2, outcome: 'sent' }, BOUNDS);
  }
  expect(state.streams).toBe(6);
});

test('whatever is observed, it stays within bounds and changes at most twice a second', () => {
  const observation = fc.record({
    gap: fc.nat(2000),
    bytes: fc.nat(5_000_000_000),
    ms: fc.nat(200_000),
    streams: fc.integer({ min: 1, max: 64 }),
    outcome: fc.constantFrom('sent' as const, 'failed' as const, 'busy' as const),
  });
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 200 }), fc.integer({ min: 1, max: 64 }), (seen, max) => {
      let state = startController(Math.min(6, max));
      let at = 0;
      let changedAt = Number.NEGATIVE_INFINITY;
      for (const { gap, ...rest } of seen) {
        at += gap;
        const before = state.streams;
        state = observe(state, { at, ...rest }, { min: 1, max });
        expect(state.streams).toBeGreaterThanOrEqual(1);
        expect(state.streams).toBeLessThanOrEqual(max);
        expect(Number.isInteger(state.streams)).toBe(true);
        if (state.streams === before) continue;
        expect(at - changedAt).toBeGreaterThanOrEqual(500);
        changedAt = at;
      }
    }),
  );
});
