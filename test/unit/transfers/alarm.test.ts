import { expect, test } from 'vitest';
import { Alarm } from '#internal/main/transfers/queue/alarm';
import type { Clock } from '#main/ports';

/** A clock that is turned by hand. */
function handClock() {
  let now = 0;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ until: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  };
  const turn = async (to: number): Promise<void> => {
    for (;;) {
      const next = sleepers.filter(({ until }) => until <= to).sort((a, b) => a.until - b.until)[0];
      if (next === undefined) break;
      sleepers.splice(sleepers.indexOf(next), 1);
      now = Math.max(now, next.until);
      next.wake();
      await Promise.resolve();
      await Promise.resolve();
    }
    now = to;
  };
  return { clock, turn, leap: (to: number) => (now = to) };
}

test('rings for each at its time, in whatever order they were set', async () => {
  const { clock, turn } = handClock();
  const rung: string[] = [];
  const alarm = new Alarm(clock, (id) => rung.push(id));
  alarm.set('late', 100_000);
  alarm.set('soon', 10_000);
  alarm.set('never', 20_000);
  alarm.clear('never');
  await turn(9_999);
  expect(rung).toEqual([]);
  await turn(10_001);
  expect(rung).toEqual(['soon']);
  await turn(100_001);
  expect(rung).toEqual(['soon', 'late']);
});

test('what came due while the machine slept rings when it is looked at', () => {
  const { clock, leap } = handClock();
  const rung: string[] = [];
  const alarm = new Alarm(clock, (id) => rung.push(id));
  alarm.set('a', 3_600_000);
  leap(4_000_000);
  alarm.look();
  expect(rung).toEqual(['a']);
});

test('after it was stopped nothing rings', async () => {
  const { clock, turn } = handClock();
  const rung: string[] = [];
  const alarm = new Alarm(clock, (id) => rung.push(id));
  alarm.set('a', 1000);
  alarm.stop();
  await turn(2000);
  expect(rung).toEqual([]);
});
