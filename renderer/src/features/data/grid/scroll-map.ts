export const ROW_HEIGHT = 26;
/** Browsers draw no element higher than about 33 million pixels, and some less; taller tables scroll by scale. px */
export const TALLEST = 8_000_000;

/** How the scroll bar stands for the rows: one pixel of it may be many of the table. */
export interface ScrollMap {
  /** Of the element that is scrolled, px. */
  readonly height: number;
  /** Pixels of the table for one of the scroll bar; 1 where the table is not too tall. */
  readonly scale: number;
  /** The furthest the table scrolls, px of the table. */
  readonly furthest: number;
}

/** @param view what is seen of the rows at once, px */
export function scrollMap(rows: number, view: number): ScrollMap {
  const whole = rows * ROW_HEIGHT;
  const furthest = Math.max(0, whole - view);
  if (whole <= TALLEST) return { height: whole, scale: 1, furthest };
  return { height: TALLEST, scale: furthest / Math.max(1, TALLEST - view), furthest };
}

/** @returns where the table has to be scrolled to for a row to be whole in sight; where it is, it stays */
export function scrollFor(row: number, top: number, view: number): number {
  const from = row * ROW_HEIGHT;
  if (from < top) return from;
  const to = from + ROW_HEIGHT;
  return to > top + view ? to - view : top;
}
