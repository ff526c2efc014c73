import { MOST_POINTS, type ChartData, type ChartField } from '#shared/domain';
import { assertNever, formatCount } from '#shared/lib';
import type { Query } from '../profile/index.ts';
import { invalid, type Axis, type Drawing } from './axes.ts';
import { categoriesOf, isNumber, rangesOf, timesOf, type Cell, type Places } from './axis.ts';
import { MEASURE_WORDS } from './title.ts';

type Drawn = Pick<ChartData, 'fields' | 'rows' | 'notes'>;

/** The rows of a chart: `p`, `x`, `y`, and `g`, which tells colours apart. */
export const TABLE = 'chart_rows';
const RANGES = 40;
const CELLS = 36;
const CATEGORIES = 20;
const GROUPS = 8;

/** The points of a chart, from the rows in TABLE. */
export function draw(drawing: Drawing, usable: number): Promise<Drawn> {
  const { kind } = drawing.spec;
  switch (kind) {
    case 'histogram':
    case 'bar':
    case 'line':
      return summed(drawing);
    case 'heatmap':
      return heat(drawing);
    case 'scatter':
      return scattered(drawing, usable);
    case 'box':
      return boxes(drawing);
    default:
      return assertNever(kind);
  }
}

const MEASURES = {
  count: 'count(*)',
  sum: 'sum(y)',
  mean: 'avg(y)',
  median: 'quantile_cont(y, 0.5)',
  min: 'min(y)',
  max: 'max(y)',
} as const;

/** Bars, lines and histograms: one value for each place and colour. */
async function summed({ query, spec, x, y, group }: Drawing): Promise<Drawn> {
  if (x === null) throw invalid('the chart needs a column');
  const measure = MEASURES[spec.measure];
  const places = await placesOf(query, x, 'x', {
    most: x.role === 'category' ? CATEGORIES : spec.kind === 'line' ? 200 : RANGES,
    by: spec.measure === 'sum' ? measure : 'count(*)',
  });
  const groups = group === null ? null : await categoriesOf(query, TABLE, 'g', GROUPS);
  const found = await query(
    `SELECT place, kind, ${measure} FROM (SELECT ${places.sql} AS place, ${groups?.sql ?? 'NULL'} AS kind, * FROM ${TABLE}) WHERE place IS NOT NULL GROUP BY place, kind ORDER BY place, kind`,
  );
  const isRange = x.role !== 'category' && spec.kind !== 'line';
  const rows = found.map(([place, kind, value]): Cell[] => {
    const { at, to } = places.read(place);
    return [
      at,
      ...(isRange ? [to] : []),
      ...(groups === null ? [] : [String(kind)]),
      value === null ? null : Number(value),
    ];
  });
  const value: ChartField = {
    key: 'value',
    title: spec.measure === 'count' ? 'Rows' : `${MEASURE_WORDS[spec.measure]} of ${y?.column.name ?? ''}`,
    type: 'number',
  };
  const inOrder = places.order === null ? rows : ordered(rows, places.order, isNumber(x.column));
  return {
    fields: [
      field('x', x),
      ...(isRange ? [endField('x_to', x)] : []),
      ...(group === null ? [] : [field('group', group)]),
      value,
    ],
    rows: inOrder,
    notes: [...places.notes, ...(groups?.notes ?? [])],
  };
}

/** Categories by what they come to, the most first; those put together last. Numbers keep their own order. */
function ordered(rows: readonly Cell[][], order: readonly string[], numeric: boolean): Cell[][] {
  const sums = new Map<Cell, number>();
  for (const row of rows) {
    const [at = null] = row;
    sums.set(at, (sums.get(at) ?? 0) + Number(row.at(-1) ?? 0));
  }
  const last = order.length > CATEGORIES ? order.at(-1) : undefined;
  const rank = (row: readonly Cell[]): number => {
    const [at = null] = row;
    if (at === last) return Infinity;
    return numeric ? order.indexOf(String(at)) : -(sums.get(at) ?? 0);
  };
  return [...rows].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? 0 : first - second;
  });
}

async function heat({ query, x, y }: Drawing): Promise<Drawn> {
  if (x === null || y === null) throw invalid('the chart needs two columns');
  const across = await placesOf(query, x, 'x', { most: CELLS, by: 'count(*)' });
  const up = await placesOf(query, y, 'y', { most: CELLS, by: 'count(*)' });
  const found = await query(
    `SELECT across, up, count(*) FROM (SELECT ${across.sql} AS across, ${up.sql} AS up FROM ${TABLE}) WHERE across IS NOT NULL AND up IS NOT NULL GROUP BY across, up ORDER BY across, up`,
  );
  return {
    fields: [
      field('x', x),
      endField('x_to', x),
      field('y', y),
      endField('y_to', y),
      { key: 'value', title: 'Rows', type: 'number' },
    ],
    rows: found.map(([left, low, count]) => {
      const [from, floor] = [across.read(left), up.read(low)];
      return [from.at, from.to, floor.at, floor.to, Number(count)];
    }),
    notes: [...across.notes, ...up.notes],
  };
}

/** The rows themselves, or a choice of them by chance that is the same every time. */
async function scattered({ query, x, y, group }: Drawing, usable: number): Promise<Drawn> {
  if (x === null || y === null) throw invalid('the chart needs two columns');
  const groups = group === null ? null : await categoriesOf(query, TABLE, 'g', GROUPS);
  const written = (key: string, axis: Axis): string =>
    axis.role === 'time' ? `strftime(${key}, '%Y-%m-%d %H:%M:%S')` : key;
  const step = Math.ceil(usable / MOST_POINTS);
  const found = await query(
    `SELECT ${written('x', x)}, ${written('y', y)}, ${groups?.sql ?? 'NULL'} FROM ${TABLE} ${step > 1 ? `WHERE hash(p) % ${step} = 0` : ''} ORDER BY p LIMIT ${MOST_POINTS}`,
  );
  return {
    fields: [field('x', x), field('y', y), ...(group === null ? [] : [field('group', group)])],
    rows: found.map(([across, up, kind]) => [
      across as Cell,
      up as Cell,
      ...(group === null ? [] : [String(kind)]),
    ]),
    notes: [
      ...(step > 1
        ? [`${formatCount(found.length)} of ${formatCount(usable)} rows are drawn, chosen by chance.`]
        : []),
      ...(groups?.notes ?? []),
    ],
  };
}

/** Quartiles, and the last values within one and a half times their distance. */
async function boxes({ query, x, y }: Drawing): Promise<Drawn> {
  if (y === null) throw invalid('the chart needs a column of numbers');
  const places = x === null ? null : await placesOf(query, x, 'x', { most: CATEGORIES, by: 'count(*)' });
  const found = await query(
    `WITH placed AS (SELECT ${places?.sql ?? "''"} AS place, y FROM ${TABLE}),
    known AS (SELECT place, quantile_cont(y, [0.25, 0.5, 0.75]) AS q, count(*) AS n FROM placed WHERE place IS NOT NULL GROUP BY place)
    SELECT place, min(y) FILTER (y >= q[1] - 1.5 * (q[3] - q[1])), any_value(q[1]), any_value(q[2]), any_value(q[3]), max(y) FILTER (y <= q[3] + 1.5 * (q[3] - q[1])), any_value(n)
    FROM placed JOIN known USING (place) GROUP BY place ORDER BY place`,
  );
  const { name } = y.column;
  const of = (key: ChartField['key'], title: string): ChartField => ({ key, title, type: 'number' });
  const rows = found.map(([place, ...numbers]): Cell[] => [
    ...(places === null ? [] : [places.read(place).at]),
    ...numbers.map(Number),
  ]);
  return {
    fields: [
      ...(x === null ? [] : [field('x', x)]),
      of('low', `Low of ${name}`),
      of('q25', `Lower quarter of ${name}`),
      of('q50', `Median of ${name}`),
      of('q75', `Upper quarter of ${name}`),
      of('high', `High of ${name}`),
      of('value', 'Rows'),
    ],
    rows:
      places?.order === null || places === null || x === null
        ? rows
        : ordered(rows, places.order, isNumber(x.column)),
    notes: [
      'The lines reach to the last values within one and a half times the distance of the quarters.',
      ...(places?.notes ?? []),
    ],
  };
}

function placesOf(
  query: Query,
  { column, role }: Axis,
  key: string,
  { most, by }: { readonly most: number; readonly by: string },
): Promise<Places> {
  switch (role) {
    case 'number':
      return rangesOf(query, TABLE, key, most, column.type.kind === 'integer');
    case 'time':
      return timesOf(query, TABLE, key, column.type.kind === 'date' ? 'date' : 'timestamp');
    case 'category':
      return categoriesOf(query, TABLE, key, Math.min(most, CATEGORIES), { by, numeric: isNumber(column) });
    default:
      return assertNever(role);
  }
}

function field(key: ChartField['key'], { column, role }: Axis): ChartField {
  return { key, title: column.name, type: role };
}

function endField(key: ChartField['key'], { column, role }: Axis): ChartField {
  return { key, title: `${column.name}, to`, type: role };
}
