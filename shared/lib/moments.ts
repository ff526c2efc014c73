/** How Sluice writes a moment that lies ahead. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const DAY_MS = 86_400_000;
const WEEK_MS = 6 * DAY_MS;

const two = (value: number): string => String(value).padStart(2, '0');

/** @returns e.g. `18:00`, `midnight`, `tomorrow 06:00`, `Monday 06:00`, `2026-12-24 06:00`; in the time zone of this machine */
export function formatMoment(at: number, now: number): string {
  const date = new Date(at);
  const today = new Date(now);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === today.toDateString()) return time;
  const tomorrow = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
  if (at === tomorrow.getTime()) return 'midnight';
  if (date.toDateString() === tomorrow.toDateString()) return `tomorrow ${time}`;
  if (at > now && at - now < WEEK_MS) return `${DAYS[date.getDay()] ?? ''} ${time}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** @returns the next moment at which a clock on the wall shows this; null where it is no time such as `20:00` */
export function nextTimeOfDay(time: string, now: number): number | null {
  const match = TIME_OF_DAY.exec(time.trim());
  if (match === null) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  const today = new Date(now);
  const on = (days: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, hours, minutes).getTime();
  return on(0) > now ? on(0) : on(1);
}

/** @returns the beginning of the next day here */
export function startOfTomorrow(now: number): number {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1).getTime();
}
