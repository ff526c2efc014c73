import { expect, test } from 'vitest';
import { framesOf, type TraceEvent } from '../../bench/scroll.ts';

const event = (name: string, ts: number, dur = 0, tid = 1): TraceEvent => ({
  name,
  ph: 'X',
  pid: 1,
  tid,
  ts,
  dur,
});

test('script is counted once, by the frame it delays, on the thread that draws', () => {
  expect(
    framesOf([
      event('BeginMainThreadFrame', 0),
      event('RunTask', 0, 9000),
      event('FunctionCall', 100, 5000),
      event('RunMicrotasks', 200, 3000),
      event('TimerFire', 6000, 2000),
      event('BeginMainThreadFrame', 16_000),
      event('EventDispatch', 16_100, 4000),
      event('FunctionCall', 16_200, 90_000, 2),
    ]),
  ).toEqual({ frames: 3, longestMs: 7, longestTaskMs: 9 });
  expect(() => framesOf([event('RunTask', 0, 1)])).toThrow('no frames');
});
