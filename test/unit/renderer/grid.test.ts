import { expect, test } from 'vitest';
import {
  ROW_HEIGHT,
  scrollFor,
  scrollMap,
  TALLEST,
} from '#internal/renderer/src/features/data/grid/scroll-map';
import { areaOf, cellsIn, goes } from '#internal/renderer/src/features/data/grid/selection';

const VIEW = 520;

test('a table that is not too tall scrolls pixel by pixel', () => {
  expect(scrollMap(1000, VIEW)).toEqual({ height: 26_000, scale: 1, furthest: 26_000 - VIEW });
  expect(scrollMap(3, VIEW).furthest).toBe(0);
});

test('ten million rows scroll by scale, and the bar at its end shows the last of them', () => {
  const { height, scale, furthest } = scrollMap(10_000_000, VIEW);
  expect(height).toBe(TALLEST);
  expect((TALLEST - VIEW) * scale).toBeCloseTo(furthest, 3);
  expect(furthest + VIEW).toBe(10_000_000 * ROW_HEIGHT);
});

test('a row is brought into sight by the least way', () => {
  expect(scrollFor(5, 260, VIEW)).toBe(130);
  expect(scrollFor(15, 260, VIEW)).toBe(260);
  expect(scrollFor(40, 260, VIEW)).toBe(41 * ROW_HEIGHT - VIEW);
});

test('keys go within the table, and up into its head', () => {
  const extent = { rows: 100, columns: 4, page: 10 };
  const from = { row: 0, column: 3 };
  const to = (key: string, ctrl = false) => goes(from, { key, ctrl }, extent);
  expect(to('ArrowUp')).toEqual({ row: -1, column: 3 });
  expect(to('ArrowRight')).toEqual(from);
  expect(to('PageDown')).toEqual({ row: 10, column: 3 });
  expect(to('End', true)).toEqual({ row: 99, column: 3 });
  expect(to('Home', true)).toEqual({ row: 0, column: 0 });
  expect(to('x')).toBeNull();
  expect(goes({ row: -1, column: 0 }, { key: 'PageUp', ctrl: false }, extent)).toEqual({
    row: -1,
    column: 0,
  });
});

test('a selection is a rectangle whichever way it was drawn', () => {
  const area = areaOf({ anchor: { row: 7, column: 3 }, at: { row: 2, column: 1 } });
  expect(area).toEqual({ top: 2, bottom: 7, left: 1, right: 3 });
  expect(cellsIn(area)).toBe(18);
});
