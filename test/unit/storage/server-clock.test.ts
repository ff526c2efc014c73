import { expect, test } from 'vitest';
import { ServerClock } from '#internal/main/storage/server-clock';

const NOW = Date.UTC(2026, 10, 20);
const http = (ms: number): string => new Date(ms).toUTCString();

test('a clock that is right, or nearly, is left alone', () => {
  const clock = new ServerClock(() => NOW);
  expect(clock.learn(http(NOW + 40_000))).toBe(false);
  expect(clock.now()).toBe(NOW);
});

test('a wrong clock is noticed by the first answer, and a clock put right by the next', () => {
  let now = NOW;
  const clock = new ServerClock(() => now);
  expect(clock.learn(http(NOW + 3_600_000))).toBe(true);
  expect(clock.now()).toBe(NOW + 3_600_000);
  expect(clock.learn(http(NOW + 3_601_000))).toBe(false);
  now += 3_600_000;
  expect(clock.learn(http(now))).toBe(true);
  expect(clock.now()).toBe(now);
});

test.each([undefined, '', 'yesterday'])('%j tells no time', (date) => {
  const clock = new ServerClock(() => NOW);
  expect(clock.learn(date)).toBe(false);
  expect(clock.now()).toBe(NOW);
});
