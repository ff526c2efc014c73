import type { ChartData, ChartField, ChartSpec, ColumnFacts, Relations, TablePreview } from '#shared/domain';

type Cell = ChartData['rows'][number][number];

const CITIES = ['Köln', 'São Paulo', 'Reykjavík', 'Paris', 'others'];
const month = (at: number): string =>
  `20${20 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-01`;
const bell = (at: number): number => Math.round(1000 * Math.exp(-((at - 9) ** 2) / 40));

/** A chart of the pretended table: of the right form, of nothing in particular. */
export function chartOf({ columns, rowsEstimated }: TablePreview, spec: ChartSpec): ChartData {
  const name = (index: number | null): string => (index === null ? '' : (columns[index]?.name ?? ''));
  const field = (key: ChartField['key'], title: string, type: ChartField['type']): ChartField => ({
    key,
    title,
    type,
  });
  const made = (title: string, fields: ChartField[], rows: Cell[][]): ChartData => ({
    spec,
    title,
    fields,
    rows,
    total: rowsEstimated,
    leftOut: 11_213,
    notes: [],
  });
  const value = field('value', 'Rows', 'number');
  switch (spec.kind) {
    case 'histogram':
      return made(
        `Rows by ${name(spec.x)}`,
        [field('x', name(spec.x), 'number'), field('x_to', 'to', 'number'), value],
        Array.from({ length: 24 }, (_, at) => [at * 500, (at + 1) * 500, bell(at)]),
      );
    case 'line':
      return made(
        `Rows by ${name(spec.x)}`,
        [field('x', name(spec.x), 'time'), value],
        Array.from({ length: 36 }, (_, at) => [month(at), bell(at % 20)]),
      );
    case 'scatter':
      return made(
        `${name(spec.y)} against ${name(spec.x)}`,
        [field('x', name(spec.x), 'number'), field('y', name(spec.y), 'number')],
        Array.from({ length: 2000 }, (_, at) => [(at * 7919) % 1000, ((at * 104_729) % 997) + at / 2]),
      );
    case 'heatmap':
      return made(
        `Rows by ${name(spec.x)} and ${name(spec.y)}`,
        [field('x', name(spec.x), 'category'), field('y', name(spec.y), 'category'), value],
        CITIES.flatMap((x, at) => CITIES.map((y, of): Cell[] => [x, y, bell(at * 3 + of)])),
      );
    case 'box':
      return made(
        `${name(spec.y)} by ${name(spec.x)}`,
        [
          field('x', name(spec.x), 'category'),
          ...(['low', 'q25', 'q50', 'q75', 'high'] as const).map((key) => field(key, key, 'number')),
        ],
        CITIES.map((x, at) => [x, at, at + 4, at + 6, at + 9, at + 14]),
      );
    case 'bar':
      return made(
        `Rows by ${name(spec.x)}`,
        [
          field('x', name(spec.x), 'category'),
          ...(spec.group === null ? [] : [field('group', name(spec.group), 'category')]),
          value,
        ],
        CITIES.flatMap((x, at) =>
          spec.group === null
            ? [[x, bell(at + 5)]]
            : ['ja', 'nein'].map((group, of) => [x, group, bell(at + of)]),
        ),
      );
    default:
      return spec.kind satisfies never;
  }
}

/** What could be said of a column of the pretended table. */
export function factsOf({ columns, rowsEstimated }: TablePreview, index: number): ColumnFacts {
  const column = columns[index];
  const numeric = column?.type.kind === 'decimal' || column?.type.kind === 'integer';
  const cells = [{ row: 90, line: 93, value: '31/02/2024' }];
  return {
    column: index,
    name: column?.name ?? '',
    type: column?.type ?? { kind: 'text' },
    rows: rowsEstimated,
    values: rowsEstimated - 41,
    distinct: 1024,
    deviation: numeric ? 412.25 : null,
    quantiles: numeric ? [0.01, 0.5, 0.99].map((at) => ({ at, value: String(at * 1000) })) : [],
    length: { least: 1, mean: 7.25, most: 24 },
    patterns: [
      { shape: 'AA-9999', share: 0.9, example: 'DE-1024' },
      { shape: 'a+ A9+', share: 0.1, example: 'other' },
    ],
    findings: [
      {
        code: 'misfits',
        sentence: "14 dates do not parse: line 93 '31/02/2024' …",
        count: 14,
        cells,
      },
    ],
  };
}

export function relationsOf({ columns }: TablePreview, target: number): Relations {
  return {
    target,
    name: columns[target]?.name ?? '',
    rows: 100_000,
    relations: columns.flatMap(({ name }, column) =>
      column === target
        ? []
        : [{ column, name, measure: 'pearson', value: 1 - column / 8, suspect: column === 0 }],
    ),
  };
}
