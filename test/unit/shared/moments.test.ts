import { expect, test } from 'vitest';
import { formatMoment, nextTimeOfDay, startOfTomorrow } from '#shared/lib';

const at = (day: number, hours: number, minutes = 0): number =>
  new Date(2026, 10, day, hours, minutes).getTime();
const FRIDAY = at(20, 17, 30);

test('a moment that lies ahead is written as shortly as it can be', () => {
  expect(formatMoment(at(20, 18), FRIDAY)).toBe('18:00');
  expect(formatMoment(at(21, 6), FRIDAY)).toBe('tomorrow 06:00');
  expect(formatMoment(at(21, 0), FRIDAY)).toBe('midnight');
  expect(formatMoment(at(23, 6, 5), FRIDAY)).toBe('Monday 06:05');
  expect(formatMoment(at(27, 6), FRIDAY)).toBe('2026-11-27 06:00');
  expect(formatMoment(at(19, 6), FRIDAY)).toBe('2026-11-19 06:00');
});

test('a time of day is today where it is still to come, else tomorrow', () => {
  expect(nextTimeOfDay('20:00', FRIDAY)).toBe(at(20, 20));
  expect(nextTimeOfDay(' 7:05 ', FRIDAY)).toBe(at(21, 7, 5));
  expect(nextTimeOfDay('17:30', FRIDAY)).toBe(at(21, 17, 30));
  expect(nextTimeOfDay('24:00', FRIDAY)).toBeNull();
  expect(nextTimeOfDay('soon', FRIDAY)).toBeNull();
  expect(startOfTomorrow(FRIDAY)).toBe(at(21, 0));
});
