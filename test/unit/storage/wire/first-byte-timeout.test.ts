import { expect, test } from 'vitest';
import { FirstByteTimeout } from '#internal/main/storage/wire/first-byte-timeout';

function answered(waits: readonly number[], total = 500): FirstByteTimeout {
  const timeout = new FirstByteTimeout();
  for (const wait of waits) timeout.succeeded(total, wait);
  return timeout;
}
const times = (count: number, wait: number): number[] => Array.from({ length: count }, () => wait);

test('the first ten answers may take as long as they take', () => {
  expect(answered(times(9, 50)).limit).toBeNull();
  expect(answered(times(10, 50)).limit).toBe(1000);
});

test('then nine in ten of the first ones would have been in time', () => {
  expect(answered([100, 200, 300, 400, 500, 600, 700, 800, 2500, 3000]).limit).toBe(2500);
});

test('it drifts to a little over the mean', () => {
  const timeout = answered([...times(9, 400), 3000]);
  expect(timeout.limit).toBe(1000);
  for (let count = 0; count < 2000; count += 1) timeout.succeeded(500, 800);
  expect(timeout.limit).toBeGreaterThan(1400);
  expect(timeout.limit).toBeLessThan(1520);
  for (let count = 0; count < 20_000; count += 1) timeout.succeeded(500, 10);
  expect(timeout.limit).toBeGreaterThanOrEqual(1000);
  expect(timeout.limit).toBeLessThan(1100);
});

test('it gives way a little where one in a thousand is cut off, and much where it is one in a hundred', () => {
  const seldom = answered(times(600, 50));
  const before = seldom.limit ?? 0;
  seldom.timedOut();
  expect(seldom.limit).toBeCloseTo(before + 100);

  const often = answered(times(20, 50));
  often.timedOut();
  expect(often.limit).toBeCloseTo(2000, -2);
});

test('one in ten thousand changes nothing', () => {
  const timeout = answered(times(9000, 50));
  const before = timeout.limit;
  timeout.timedOut();
  expect(timeout.limit).toBe(before);
});

test('over five seconds there is no limit any more', () => {
  const timeout = answered(times(20, 50));
  for (let count = 0; count < 5; count += 1) timeout.timedOut();
  expect(timeout.limit).toBeNull();
  for (let count = 0; count < 50; count += 1) timeout.succeeded(500, 50);
  expect(timeout.limit).toBeNull();
});

test('where requests take long anyhow there never is one', () => {
  expect(answered(times(50, 50), 6000).limit).toBeNull();
});
