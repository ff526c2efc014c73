import { describe, expect, test } from 'vitest';
import type { ChartData, ChartKind, ColumnType } from '#shared/domain';
import {
  chartCsv,
  chartKindsFor,
  describeChart,
  firstChart,
  fitChart,
  suggestChart,
  type ChartColumn,
} from '#shared/charts';

const TYPES = {
  text: { kind: 'text' },
  integer: { kind: 'integer', thousands: null },
  decimal: { kind: 'decimal', point: '.', thousands: null },
  boolean: { kind: 'boolean', yes: ['yes'], no: ['no'] },
  date: { kind: 'date', formats: ['%Y-%m-%d'] },
} as const satisfies Record<string, ColumnType>;

let next = 0;
const column = (type: keyof typeof TYPES, known: Partial<ChartColumn> = {}): ChartColumn => {
  next += 1;
  return { index: next, name: `c${next}`, type: TYPES[type], distinct: null, values: null, ...known };
};

describe('the chart that suits', () => {
  test.each<[keyof typeof TYPES, Partial<ChartColumn>, ChartKind]>([
    ['decimal', {}, 'histogram'],
    ['integer', { distinct: 400 }, 'histogram'],
    ['integer', { distinct: 5 }, 'bar'],
    ['date', {}, 'line'],
    ['text', {}, 'bar'],
    ['boolean', {}, 'bar'],
  ])('%s %o is a %s', (type, known, kind) => {
    const one = column(type, known);
    expect(suggestChart([one])).toEqual({ kind, x: one.index, y: null, group: null, measure: 'count' });
  });

  test.each<[keyof typeof TYPES, keyof typeof TYPES, ChartKind]>([
    ['date', 'decimal', 'line'],
    ['text', 'decimal', 'box'],
    ['text', 'boolean', 'bar'],
    ['date', 'text', 'line'],
    ['decimal', 'decimal', 'heatmap'],
  ])('%s and %s, in either order', (first, second, kind) => {
    const [a, b] = [column(first), column(second)];
    expect(suggestChart([a, b])).toMatchObject({ kind, x: a.index });
    expect(suggestChart([b, a])?.kind).toBe(kind);
  });

  test('two numbers of few rows are points', () => {
    const known = { values: 900 };
    expect(suggestChart([column('decimal', known), column('decimal', known)])?.kind).toBe('scatter');
  });

  test('a third tells the colours apart', () => {
    const [time, number, text] = [column('date'), column('decimal'), column('text')];
    expect(suggestChart([time, number, text])?.group).toBe(text.index);
  });

  test('a table opens with a column that is no key', () => {
    const amount = column('decimal');
    expect(firstChart([column('integer', { name: 'Customer No' }), column('text'), amount])?.x).toBe(
      amount.index,
    );
    const counted = column('integer', { distinct: 50, values: 1000 });
    expect(firstChart([column('integer', { distinct: 1000, values: 1000 }), counted])?.x).toBe(counted.index);
    expect(firstChart([])).toBeNull();
  });
});

test('whatever is asked becomes something that can be drawn', () => {
  const columns = (['text', 'integer', 'decimal', 'boolean', 'date'] as const).map((type) => column(type));
  const indexes = [null, 999, ...columns.map(({ index }) => index)];
  for (const kind of ['histogram', 'bar', 'line', 'scatter', 'heatmap', 'box'] as const)
    for (const measure of ['count', 'mean'] as const)
      for (const x of indexes)
        for (const y of indexes) {
          const fitted = fitChart({ kind, x, y, group: null, measure }, columns);
          const at = (index: number | null) => columns.find((one) => one.index === index);
          expect(chartKindsFor(at(fitted.x) ?? null)).toContain(fitted.kind);
          if (fitted.measure !== 'count') expect(['integer', 'decimal']).toContain(at(fitted.y)?.type.kind);
          if (fitted.kind === 'box') expect(['integer', 'decimal']).toContain(at(fitted.y)?.type.kind);
          if (fitted.kind === 'scatter') expect(fitted.y).not.toBeNull();
          expect(fitChart(fitted, columns)).toEqual(fitted);
        }
});

test('says what is to be seen, and gives the data', () => {
  const data: ChartData = {
    spec: { kind: 'bar', x: 1, y: null, group: null, measure: 'count' },
    title: 'Rows by city',
    fields: [
      { key: 'x', title: 'city', type: 'category' },
      { key: 'value', title: 'Rows', type: 'number' },
    ],
    rows: [
      ['Paris, "the" town', 12_000],
      ['Köln', 3],
    ],
    total: 12_010,
    leftOut: 7,
    notes: [],
  };
  expect(describeChart(data)).toBe(
    'Rows by city. 2 bars: the largest is 12,000 at “Paris, "the" town”, the smallest 3 at “Köln”. 7 of 12,010 rows have no value here.',
  );
  expect(chartCsv(data)).toBe('city,Rows\r\n"Paris, ""the"" town",12000\r\nKöln,3\r\n');
});
