import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds, limitAt, type LocalTime } from '#internal/main/transfers/limits/timetable';
import { DEFAULT_TRANSFER_SETTINGS, type LimitSpan, type TransferSettings } from '#shared/domain';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The wall clock of a place, whatever the machine of the test has. */
function clockOf(timeZone: string): (at: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      day: days.indexOf(parts['weekday'] ?? ''),
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    };
  };
}

const utc = (at: number): LocalTime => ({
  day: new Date(at).getUTCDay(),
  minute: new Date(at).getUTCHours() * 60 + new Date(at).getUTCMinutes(),
});
const berlin = clockOf('Europe/Berlin');

const settings = (change: Partial<TransferSettings>): TransferSettings => ({
  ...DEFAULT_TRANSFER_SETTINGS,
  ...change,
});
const WEEKDAYS = [1, 2, 3, 4, 5];
const office: LimitSpan = { days: WEEKDAYS, from: '08:00', to: '18:00', bytesPerSecond: 5e6 };
const night: LimitSpan = { days: [5], from: '22:00', to: '06:00', bytesPerSecond: 0 };

/** A Friday. */
const FRIDAY = Date.UTC(2026, 10, 20);

test('a span holds from its beginning to just before its end', () => {
  const at = (hours: number, minutes = 0) =>
    limitAt(
      settings({ timetable: [office], bytesPerSecond: 9e6 }),
      FRIDAY + hours * HOUR + minutes * MINUTE,
      utc,
    );
  expect(at(7, 59)).toEqual({ bytesPerSecond: 9e6, by: 'setting', until: FRIDAY + 8 * HOUR });
  expect(at(8)).toEqual({ bytesPerSecond: 5e6, by: 'timetable', until: FRIDAY + 18 * HOUR });
  expect(at(17, 59).bytesPerSecond).toBe(5e6);
  // Then nothing until Monday.
  expect(at(18)).toEqual({ bytesPerSecond: 9e6, by: 'setting', until: FRIDAY + 3 * 24 * HOUR + 8 * HOUR });
});

test('a span over midnight counts to the day it began on', () => {
  const at = (hours: number) => limitAt(settings({ timetable: [night] }), FRIDAY + hours * HOUR, utc);
  expect(at(22)).toEqual({ bytesPerSecond: 0, by: 'timetable', until: FRIDAY + 30 * HOUR });
  expect(at(29).bytesPerSecond).toBe(0);
  expect(at(30).bytesPerSecond).toBeNull();
  expect(at(-1).bytesPerSecond).toBeNull(); // Thursday night is not Friday night
  expect(at(2).bytesPerSecond).toBeNull();
});

test('the first span that holds wins, and one from a time to itself is a whole day', () => {
  const whole: LimitSpan = { days: [5], from: '00:00', to: '00:00', bytesPerSecond: 1e6 };
  expect(limitAt(settings({ timetable: [office, whole] }), FRIDAY + 12 * HOUR, utc).bytesPerSecond).toBe(5e6);
  expect(limitAt(settings({ timetable: [whole, office] }), FRIDAY + 12 * HOUR, utc)).toEqual({
    bytesPerSecond: 1e6,
    by: 'timetable',
    until: FRIDAY + 24 * HOUR,
  });
});

test('what was said by hand holds over the timetable until its end', () => {
  const until = FRIDAY + 13 * HOUR;
  const byHand = settings({ timetable: [office], override: { bytesPerSecond: null, until } });
  expect(limitAt(byHand, FRIDAY + 12 * HOUR, utc)).toEqual({ bytesPerSecond: null, by: 'hand', until });
  expect(limitAt(byHand, until, utc)).toMatchObject({ bytesPerSecond: 5e6, by: 'timetable' });
});

test('clocks that are put forward or back do not lose or keep a span', () => {
  const early: LimitSpan = { days: [0], from: '02:30', to: '05:00', bytesPerSecond: 1e6 };
  const table = settings({ timetable: [early] });
  // 29 March 2026: 02:00 is followed by 03:00, so that 02:30 never comes.
  const spring = Date.UTC(2026, 2, 29, 0, 30); // 01:30 there
  expect(limitAt(table, spring, berlin)).toEqual({
    bytesPerSecond: null,
    by: 'setting',
    until: Date.UTC(2026, 2, 29, 1, 0), // 03:00 there
  });
  // 25 October 2026: the hour from 02:00 comes twice.
  const autumn = Date.UTC(2026, 9, 25, 0, 30); // 02:30 the first time
  expect(limitAt(table, autumn, berlin)).toEqual({
    bytesPerSecond: 1e6,
    by: 'timetable',
    until: Date.UTC(2026, 9, 25, 1, 0), // 02:00 again
  });
  const long: LimitSpan = { days: [6], from: '20:00', to: '06:00', bytesPerSecond: 1e6 };
  expect(limitAt(settings({ timetable: [long] }), Date.UTC(2026, 9, 24, 19, 0), berlin).until).toBe(
    Date.UTC(2026, 9, 25, 5, 0), // eleven hours long
  );
});

const time = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );
const span: fc.Arbitrary<LimitSpan> = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  from: time,
  to: time,
  bytesPerSecond: fc.option(fc.integer({ min: 0, max: 3 })),
});
const someSettings = fc.record({
  timetable: fc.array(span, { maxLength: 4 }),
  bytesPerSecond: fc.option(fc.integer({ min: 1, max: 3 })),
});
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });

test('whatever the timetable: it holds what it says until the moment it names, and another from then on', () => {
  fc.assert(
    fc.property(someSettings, moment, fc.double({ min: 0, max: 1, noNaN: true }), (change, now, share) => {
      const all = settings(change);
      const here = limitAt(all, now, utc);
      const { until } = here;
      const between = now + Math.floor(((until ?? now + 9 * 24 * HOUR) - 1 - now) * share);
      expect(limitAt(all, between, utc).bytesPerSecond).toBe(here.bytesPerSecond);
      if (until === null) return;
      expect(until).toBeGreaterThan(now);
      expect(limitAt(all, until, utc).bytesPerSecond).not.toBe(here.bytesPerSecond);
    }),
    { numRuns: 150 },
  );
});

test('a span holds for just the minutes of a week that counting them out gives', () => {
  fc.assert(
    fc.property(span, (one) => {
      const held = new Set<number>();
      const [from, to] = [one.from, one.to].map(
        (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
      );
      if (from === undefined || to === undefined) throw new TypeError('no time');
      const length = to > from ? to - from : 24 * 60 - from + to;
      for (const day of one.days) {
        for (let minute = 0; minute < length; minute += 1)
          held.add((day * 24 * 60 + from + minute) % (7 * 24 * 60));
      }
      for (let minute = 0; minute < 7 * 24 * 60; minute += 7) {
        const local = { day: Math.floor(minute / (24 * 60)), minute: minute % (24 * 60) };
        if (holds(one, local) !== held.has(minute)) throw new Error(`minute ${minute} of the week`);
      }
    }),
    { numRuns: 100 },
  );
});
