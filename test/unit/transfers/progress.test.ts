import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProgressTracker } from '#internal/main/transfers/progress';

const tracker = (parts: number): ProgressTracker => new ProgressTracker(parts, parts * 10, () => 10);

test('a part that falls and flies again is told as sent again, and its bytes count once', () => {
  const t = tracker(3);
  t.keep(1);
  t.fly(2);
  expect(t.progress(0, true)).toMatchObject({ committed: 10, inFlight: 10, total: 30 });
  t.drop(2);
  expect(t.progress(0, true)).toMatchObject({ committed: 10, inFlight: 0 });
  t.fly(2);
  t.land(2, 0);
  t.land(2, 0);
  expect(t.progress(0, true)).toMatchObject({ committed: 20, inFlight: 0 });
  expect(t.strip()).toEqual([
    { state: 'kept', count: 1 },
    { state: 'resent', count: 1 },
    { state: 'waiting', count: 1 },
  ]);
  t.verify();
  expect(t.strip()).toEqual([{ state: 'verified', count: 3 }]);
});

test('whatever happens, committed bytes never go back and the sum never passes the total', () => {
  const step = fc.record({
    what: fc.constantFrom<'keep' | 'fly' | 'drop' | 'land'>('keep', 'fly', 'drop', 'land'),
    number: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const t = tracker(6);
      let before = 0;
      for (const { what, number } of steps) {
        if (what === 'land') t.land(number, 0);
        else t[what](number);
        const { committed, inFlight, total } = t.progress(0, true);
        expect(committed).toBeGreaterThanOrEqual(before);
        expect(inFlight).toBeGreaterThanOrEqual(0);
        expect(committed + inFlight).toBeLessThanOrEqual(total);
        before = committed;
      }
    }),
  );
});

test('of a part in the air only what left is in flight, and none of it counts twice for the speed', () => {
  const t = tracker(10);
  t.fly(1, 0, 0);
  expect(t.progress(0, true).inFlight).toBe(0);
  t.fly(1, 4, 1000);
  expect(t.progress(1000, true)).toMatchObject({ committed: 0, inFlight: 4 });
  t.fly(1, 8, 2000);
  t.land(1, 3000);
  expect(t.progress(3000, true)).toMatchObject({ committed: 10, inFlight: 0 });
  expect(t.progress(3000, true).bytesPerSecond).toBeCloseTo(5, 5); // ten bytes in the two seconds since the first
});

test('speed is that of the last seconds, and none while nothing moves', () => {
  const t = tracker(100);
  for (let second = 0; second <= 5; second += 1) t.land(second + 1, second * 1000);
  const { bytesPerSecond, secondsLeft } = t.progress(5000, true);
  expect(bytesPerSecond).toBeCloseTo(12, 0);
  expect(secondsLeft).toBeGreaterThan(70);
  expect(t.progress(60_000, true)).toMatchObject({ bytesPerSecond: null, secondsLeft: null });
  expect(t.progress(5000, false).bytesPerSecond).toBeNull();
});
