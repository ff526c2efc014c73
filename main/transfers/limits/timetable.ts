import type { LimitSpan, LimitState, TransferSettings } from '#shared/domain';

/** The wall clock at a moment: what a timetable is written in. */
export interface LocalTime {
  /** 0 is Sunday. */
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** By the time zone of this machine. */
export function localTime(at: number): LocalTime {
  const date = new Date(at);
  return { day: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() };
}

const MINUTE_MS = 60_000;
/** After a week a timetable begins again; a day more, for the hour that the clocks may be put by. */
const HORIZON_MINUTES = 8 * 24 * 60;

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Whether a span holds. One whose end is not later than its beginning runs over midnight, and counts to the day it began. */
export function holds({ days, from, to }: LimitSpan, { day, minute }: LocalTime): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const today = days.includes(day);
  if (begin < end) return today && minute >= begin && minute < end;
  return (today && minute >= begin) || (days.includes((day + 6) % 7) && minute < end);
}

type Holding = Pick<LimitState, 'bytesPerSecond' | 'by'>;

function holding(settings: TransferSettings, at: number, local: (at: number) => LocalTime): Holding {
  const { override, timetable, bytesPerSecond } = settings;
  if (override !== null && (override.until === null || at < override.until)) {
    return { bytesPerSecond: override.bytesPerSecond, by: 'hand' };
  }
  if (timetable.length === 0) return { bytesPerSecond, by: 'setting' };
  const time = local(at);
  const span = timetable.find((each) => holds(each, time));
  return span === undefined
    ? { bytesPerSecond, by: 'setting' }
    : { bytesPerSecond: span.bytesPerSecond, by: 'timetable' };
}

/**
 * Which limit holds at a moment, and until when. What begins next is looked for minute by minute on the wall clock, so
 * that an hour that is left out or comes twice needs no rule of its own.
 * @param local the wall clock, for tests in other time zones
 */
export function limitAt(
  settings: TransferSettings,
  now: number,
  local: (at: number) => LocalTime = localTime,
): LimitState {
  const here = holding(settings, now, local);
  const { override, timetable } = settings;
  if (here.by === 'hand') return { ...here, until: override?.until ?? null };
  if (timetable.length === 0) return { ...here, until: null };
  const first = Math.floor(now / MINUTE_MS) + 1;
  for (let minute = first; minute < first + HORIZON_MINUTES; minute += 1) {
    const then = holding(settings, minute * MINUTE_MS, local);
    if (then.bytesPerSecond !== here.bytesPerSecond) return { ...here, until: minute * MINUTE_MS };
  }
  return { ...here, until: null };
}
