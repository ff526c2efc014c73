/** Equally wide bins from `low` on. */
export interface Bins {
  readonly low: number;
  readonly width: number;
  readonly count: number;
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Bins with round edges that hold all from `min` to `max`. */
export function binsOf(min: number, max: number, most: number, whole: boolean): Bins {
  const span = max - min;
  if (!(span > 0)) {
    const width = whole || min === 0 ? 1 : niceStep(Math.abs(min) / 100);
    return { low: Math.floor(min / width) * width, width, count: 1 };
  }
  const step = niceStep(span / most);
  const width = whole ? Math.max(1, Math.ceil(step)) : step;
  const low = Math.floor(min / width) * width;
  return { low, width, count: Math.floor((max - low) / width) + 1 };
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = STEPS.find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** @returns the edge without the dust that sums of doubles leave */
export function edge({ low, width }: Bins, at: number): number {
  return Number((low + at * width).toPrecision(12));
}

/** What times are put together by, from the finest on. */
const UNITS = [
  { unit: 'second', seconds: 1, step: '1 SECOND' },
  { unit: 'minute', seconds: 60, step: '1 MINUTE' },
  { unit: 'hour', seconds: 3600, step: '1 HOUR' },
  { unit: 'day', seconds: 86_400, step: '1 DAY' },
  { unit: 'week', seconds: 604_800, step: '7 DAY' },
  { unit: 'month', seconds: 2_629_746, step: '1 MONTH' },
  { unit: 'quarter', seconds: 7_889_238, step: '3 MONTH' },
  { unit: 'year', seconds: 31_556_952, step: '1 YEAR' },
  { unit: 'decade', seconds: 315_569_520, step: '10 YEAR' },
  { unit: 'century', seconds: 3_155_695_200, step: '100 YEAR' },
] as const;
export type TimeUnit = (typeof UNITS)[number];

/** More points than these are not told apart over time. */
const MOST_TIMES = 120;

/** The finest unit that makes no more points than can be told apart. @param span seconds */
export function unitFor(span: number, type: 'date' | 'timestamp'): TimeUnit {
  const able = UNITS.filter(({ seconds }) => type === 'timestamp' || seconds >= 86_400);
  return able.find(({ seconds }) => span / seconds <= MOST_TIMES) ?? UNITS[9];
}
