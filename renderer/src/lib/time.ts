import { formatMoment, nextTimeOfDay } from '#shared/lib';

const DAY_MS = 86_400_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const year = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** @returns as little as tells it apart: the clock today, else the day */
export function shortTime(at: number, now: number = Date.now()): string {
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return clock.format(date);
  if (date.toDateString() === new Date(now - DAY_MS).toDateString()) return `Yesterday ${clock.format(date)}`;
  return date.getFullYear() === today.getFullYear() ? day.format(date) : year.format(date);
}

/** @returns all there is to know of a moment, for a hover */
export const exactTime = (at: number): string => exact.format(new Date(at));

/** @returns a moment that lies ahead, e.g. `18:00`, `tomorrow 06:00` */
export const ahead = (at: number, now: number = Date.now()): string => formatMoment(at, now);

/** @returns when a clock on the wall next shows this; null where it is no time */
export const nextTime = (time: string, now: number = Date.now()): number | null => nextTimeOfDay(time, now);
