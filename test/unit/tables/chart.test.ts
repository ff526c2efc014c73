import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MOST_POINTS, type ChartData, type ChartKey, type ChartSpec } from '#shared/domain';
import { openRoom, type Room } from './support.ts';

let room: Room;
let path: string;
const ROWS = 20_000;
const HOSTILE = '"; drop table x; --';
const CITIES = ['Köln', "l'Aquila", '"; drop table chart_rows; --', 'Paris'];
const city = (at: number): string => CITIES[at % 4] ?? '';
const amount = (at: number): number => (at * 37) % 1000;
const day = (at: number): string => new Date(Date.UTC(2020, 0, 1 + (at % 1000))).toISOString().slice(0, 10);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

beforeAll(async () => {
  room = await openRoom();
  const lines = Array.from(
    { length: ROWS },
    (_, at) => `${at},${quoted(city(at))},${at % 100 === 7 ? '' : amount(at)},${day(at)},user ${at % 500}`,
  );
  path = await room.file('charts.csv', `id,city,${quoted(HOSTILE)},day,user\n${lines.join('\n')}\n`);
});
afterAll(() => room.close());

const [ID, CITY, AMOUNT, DAY, USER] = [0, 1, 2, 3, 4];
const spec = (chart: Partial<ChartSpec> & Pick<ChartSpec, 'kind'>): ChartSpec => ({
  x: null,
  y: null,
  group: null,
  measure: 'count',
  ...chart,
});
const drawn = (chart: Parameters<typeof spec>[0]): Promise<ChartData> => room.tables.chart(path, spec(chart));
/** A column of what is drawn. */
const of = ({ fields, rows }: ChartData, key: ChartKey) => {
  const at = fields.findIndex((field) => field.key === key);
  expect(at).not.toBe(-1);
  return rows.map((row) => row[at]);
};
const sum = (values: readonly unknown[]): number =>
  values.reduce<number>((total, value) => total + Number(value), 0);
const all = Array.from({ length: ROWS }, (_, at) => at);
const withAmount = all.filter((at) => at % 100 !== 7);

describe('a chart', () => {
  test('of a number counts every value in round ranges', async () => {
    const data = await drawn({ kind: 'histogram', x: AMOUNT });
    expect(data.title).toBe(`Rows by ${HOSTILE}`);
    expect(data).toMatchObject({ total: ROWS, leftOut: ROWS / 100 });
    const [from, to, value] = [of(data, 'x'), of(data, 'x_to'), of(data, 'value')];
    expect(sum(value)).toBe(withAmount.length);
    for (const [index, low] of from.entries()) {
      const high = Number(to[index]);
      const inside = withAmount.filter((at) => amount(at) >= Number(low) && amount(at) < high);
      expect(value[index]).toBe(inside.length);
    }
  });

  test('of texts has the most common first, whatever they are called', async () => {
    const data = await drawn({ kind: 'bar', x: CITY });
    expect(new Set(of(data, 'x'))).toEqual(new Set(CITIES));
    expect(of(data, 'value')).toEqual([5000, 5000, 5000, 5000]);
    const users = await drawn({ kind: 'bar', x: USER });
    expect(of(users, 'x')).toHaveLength(21);
    expect(of(users, 'x').at(-1)).toBe('others');
    expect(sum(of(users, 'value'))).toBe(ROWS);
    expect(users.notes.join()).toContain('others');
  });

  test.each(['sum', 'mean', 'median', 'min', 'max'] as const)('measures by the %s', async (measure) => {
    const data = await drawn({ kind: 'bar', x: CITY, y: AMOUNT, measure });
    const values = withAmount
      .filter((at) => city(at) === 'Paris')
      .map(amount)
      .sort((a, b) => a - b);
    const mid = values.length / 2;
    const known = {
      sum: sum(values),
      mean: sum(values) / values.length,
      median:
        values.length % 2 === 1 ? values[Math.floor(mid)] : ((values[mid - 1] ?? 0) + (values[mid] ?? 0)) / 2,
      min: values[0],
      max: values.at(-1),
    }[measure];
    expect(of(data, 'value')[of(data, 'x').indexOf('Paris')]).toBeCloseTo(known ?? NaN, 6);
  });

  test('over time puts days together, and tells groups apart', async () => {
    const data = await drawn({ kind: 'line', x: DAY, group: CITY });
    const months = new Set(of(data, 'x'));
    expect(months.size).toBe(33);
    expect(months.has('2020-02-01')).toBe(true);
    expect(sum(of(data, 'value'))).toBe(ROWS);
    expect(data.notes.join()).toContain('month');
    const february = of(data, 'x').flatMap((x, at) => (x === '2020-02-01' ? [of(data, 'value')[at]] : []));
    expect(sum(february)).toBe(all.filter((at) => day(at).startsWith('2020-02')).length);
  });

  test('of two numbers draws a choice of the rows, the same every time, or counts them', async () => {
    const asked = { kind: 'scatter', x: ID, y: AMOUNT, group: CITY } as const;
    const data = await drawn(asked);
    expect(data.rows.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(data.rows.length).toBeGreaterThan(MOST_POINTS / 2);
    for (const [x, y, group] of data.rows) {
      expect(y).toBe(amount(Number(x)));
      expect(group).toBe(city(Number(x)));
    }
    expect(await drawn(asked)).toEqual(data);
    const heat = await drawn({ kind: 'heatmap', x: ID, y: AMOUNT });
    expect(sum(of(heat, 'value'))).toBe(withAmount.length);
    expect(heat.rows.length).toBeLessThanOrEqual(MOST_POINTS);
  });

  test('has quartiles by group', async () => {
    const data = await drawn({ kind: 'box', x: CITY, y: AMOUNT });
    expect(of(data, 'x')).toHaveLength(4);
    const values = withAmount
      .filter((at) => city(at) === 'Köln')
      .map(amount)
      .sort((a, b) => a - b);
    const at = of(data, 'x').indexOf('Köln');
    expect(of(data, 'low')[at]).toBe(values[0]);
    expect(of(data, 'high')[at]).toBe(values.at(-1));
    const middle = Number(of(data, 'q50')[at]);
    expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
    const whole = await drawn({ kind: 'box', y: AMOUNT });
    expect(whole.rows).toHaveLength(1);
  });

  test('that cannot be drawn is refused', async () => {
    const refused = { code: 'INPUT_INVALID' };
    await expect(drawn({ kind: 'histogram', x: CITY })).rejects.toMatchObject(refused);
    await expect(drawn({ kind: 'scatter', x: ID, y: null })).rejects.toMatchObject(refused);
    await expect(drawn({ kind: 'bar', x: CITY, y: USER, measure: 'mean' })).rejects.toMatchObject(refused);
    await expect(drawn({ kind: 'bar', x: 99 })).rejects.toMatchObject(refused);
  });

  test('of a column with nothing in it has no points', async () => {
    const empty = await room.file('empty.csv', 'a,b,c\n1,,4\n2,,5\n3,,6\n');
    const data = await room.tables.chart(empty, spec({ kind: 'bar', x: 1 }));
    expect(data).toMatchObject({ rows: [], total: 3, leftOut: 3 });
  });

  test('leaves far outliers out, and says so', async () => {
    const far = await room.file('far.csv', `n\n${all.map((at) => (at === 9 ? 1e9 : at % 50)).join('\n')}\n`);
    const data = await room.tables.chart(far, spec({ kind: 'histogram', x: 0 }));
    expect(sum(of(data, 'value'))).toBe(ROWS - 1);
    expect(data.notes.join()).toMatch(/^1 value/);
  });
});
