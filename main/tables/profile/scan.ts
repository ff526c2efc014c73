import type { ColumnType } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { hasAffix, identifier, literal, misfitSql, numberText, valueSql } from '../sql/index.ts';
import type { NumberFacts } from '../types/index.ts';

/** A column as it is looked at: its name and how its cells are read. */
export interface ScannedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Places after the point that the sample shows throughout; lets exact decimals be known by a round trip. */
  readonly places: number | null;
  /** Whether dates that prove the order of day and month are to be counted. */
  readonly proof: boolean;
  /** Whether the sample shows that it has only a few different values, so that each is counted. */
  readonly few: boolean;
}

/** What one look at all rows says of a column. */
export interface ColumnFacts {
  readonly values: number;
  /** Cells with nothing in them, or with a word for nothing where the column has a type. */
  readonly empty: number;
  readonly misfits: number;
  /** Misfits that are numbers which would lose something. */
  readonly losing: number;
  readonly examples: readonly string[];
  readonly numbers: NumberFacts | null;
  /** Dates whose day can be no month: they prove the order of day and month. */
  readonly provenDates: number;
  readonly statistics: ColumnStatistics | null;
}

/** What a profile is made of: every value with its count, or measures of the values. */
export type ColumnStatistics =
  | { readonly kind: 'counted'; readonly values: readonly Counted[]; readonly longest: number }
  | {
      readonly kind: 'measured';
      /** Approximate. */
      readonly distinct: number;
      readonly min: string | null;
      readonly max: string | null;
      readonly mean: number | null;
      /** The values at 0, 1, 2 to 100 of a hundred; of numbers and dates only. */
      readonly percentiles: readonly string[] | null;
      readonly longest: number;
    };

export interface Counted {
  readonly value: string;
  readonly count: number;
}

export interface ScanResult {
  readonly rows: number;
  /** Rows that differ from all others before them; null where nobody asked, or what seemed to be a key is none. */
  readonly distinctRows: number | null;
  readonly columns: readonly ColumnFacts[];
}

/**
 * All columns of the table, by their hash; or one column of whole numbers that seems to be a key, by a bit for each number
 * of a range, which is much quicker where it proves to be one.
 */
export type RowKey =
  | { readonly kind: 'columns'; readonly names: readonly string[] }
  | { readonly kind: 'numbers'; readonly index: number; readonly from: number; readonly to: number };

export interface ScanOptions {
  /** Whether what a profile shows is taken too, and not only what has to be known before the types can be trusted. */
  readonly statistics: boolean;
  /** What tells rows apart, to count those that are equal; null where not wanted. */
  readonly rowKey: RowKey | null;
  /** Whether so many rows are expected that percentiles can be taken from one in eight. */
  readonly many: boolean;
}

export type Cell = string | number | boolean | null | readonly Cell[];

/** One measure: its SQL, and who takes its result. */
interface Measure<T> {
  readonly sql: string;
  readonly read: (draft: T, cell: Cell) => void;
}

type Measured = Extract<ColumnStatistics, { kind: 'measured' }>;

type Draft = { -readonly [K in keyof ColumnFacts]: ColumnFacts[K] } & {
  measured: { -readonly [K in keyof Measured]: Measured[K] };
  counted: Counted[] | null;
  scaleMin: number;
  scaleMax: number;
  largest: number;
};

/** A query that looks at every cell once, and the reader of its only row. */
export interface Scan {
  readonly sql: string;
  readonly read: (row: readonly Cell[]) => ScanResult;
}

export function scan(source: string, columns: readonly ScannedColumn[], options: ScanOptions): Scan {
  const cells: string[] = [];
  const values: string[] = [];
  const judgements: string[] = [];
  const measures = columns.map((column, index) => {
    const [x, r, v, k] = [`x${index}`, `r${index}`, `v${index}`, `k${index}`];
    cells.push(`${identifier(column.name)} AS ${x}`);
    if (column.type.kind === 'text') judgements.push(`${blankSql(x)} AS ${k}`);
    else {
      const exact = exactType(column);
      if (exact !== null) cells.push(`TRY_CAST(${identifier(column.name)} AS ${exact}) AS ${r}`);
      values.push(...valueParts(index, column, exact));
      judgements.push(`${misfitSql(x, v, column.type)} AS ${k}`);
    }
    return [
      ...measuresOf(index, column),
      ...(options.statistics ? statisticsOf(index, column, options) : []),
    ];
  });
  const { rowKey } = options;
  if (rowKey !== null) {
    const names = rowKey.kind === 'columns' ? rowKey.names : [columns[rowKey.index]?.name ?? ''];
    cells.push(`${hashOf(names)} AS row_key`);
  }
  const outer = ['count(*)', distinctSql(rowKey)];
  for (const list of measures) outer.push(...list.map(({ sql }) => sql));
  const read = `SELECT ${cells.join(', ')} FROM ${identifier(source)}`;
  const valued = `SELECT ${['*', ...values].join(', ')} FROM (${read})`;
  const sql = `SELECT ${outer.join(', ')} FROM (SELECT *, ${judgements.join(', ')} FROM (${valued}))`;
  return {
    sql,
    read: (row) => {
      const rows = Number(row[0] ?? 0);
      let at = 2;
      const facts = columns.map((column, index) => {
        const draft = emptyDraft();
        for (const { read } of measures[index] ?? []) {
          read(draft, row[at] ?? null);
          at += 1;
        }
        return finished(draft, column, rows, options.statistics);
      });
      return { rows, distinctRows: distinctOf(rowKey, rows, Number(row[1] ?? 0)), columns: facts };
    },
  };
}

/** The hash by which rows are told apart. */
export function hashOf(names: readonly string[]): string {
  return `hash(${names.map(identifier).join(', ')})`;
}

function distinctSql(key: RowKey | null): string {
  if (key === null) return 'NULL';
  if (key.kind === 'columns') return 'count(DISTINCT row_key)';
  const { index, from, to } = key;
  const inside = `CASE WHEN v${index} BETWEEN ${from} AND ${to} THEN v${index} END`;
  return `bit_count(bitstring_agg(${inside}, ${from}, ${to}))`;
}

function distinctOf(key: RowKey | null, rows: number, distinct: number): number | null {
  if (key === null) return null;
  return key.kind === 'columns' || distinct === rows ? distinct : null;
}

/**
 * A value as statistics need it. Cells that come back from a type as the same text are that value beyond doubt, which is
 * quicker to see than a pattern; the pattern is for the others. Worked out in steps, so that nothing is worked out twice.
 */
function valueParts(index: number, { type }: ScannedColumn, exact: string | null): string[] {
  const [x, r, e, v] = [`x${index}`, `r${index}`, `e${index}`, `v${index}`];
  const ordinary = valueSql(x, type, scanType(type));
  if (exact === null) return [`${ordinary} AS ${v}`];
  const narrow = type.kind === 'integer' ? ` AND ${r} BETWEEN -999999999999999 AND 999999999999999` : '';
  const same = `(CAST(${r} AS VARCHAR) = ${x}${narrow})`;
  const value = exact === scanType(type) ? r : `CAST(${r} AS ${scanType(type)})`;
  return [`${same} AS ${e}`, `CASE WHEN ${same} THEN ${value} ELSE ${ordinary} END AS ${v}`];
}

/** The type whose texts are the column's own, where the sample says there is one. */
function exactType({ type, places }: ScannedColumn): string | null {
  if (type.kind === 'integer') return 'BIGINT';
  if (type.kind === 'date' && type.formats[0] === '%Y-%m-%d') return 'DATE';
  if (type.kind === 'timestamp' && type.formats[0] === '%Y-%m-%d %H:%M:%S') return 'TIMESTAMP';
  if (type.kind !== 'decimal' || type.point !== '.' || places === null || places > 9) return null;
  return `DECIMAL(18, ${places})`;
}

function scanType(type: ColumnType): string {
  switch (type.kind) {
    case 'integer':
      return 'BIGINT';
    case 'decimal':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'text':
      return 'VARCHAR';
    default:
      return assertNever(type);
  }
}

/** Whether there is nothing but white space: such cells sort before the first printable sign, so that few are looked at. */
function blankSql(x: string): string {
  return `CASE WHEN ${x} IS NULL THEN true WHEN ${x} < '!' THEN regexp_full_match(${x}, '\\s*') ELSE false END`;
}

function measuresOf(index: number, column: ScannedColumn): Measure<Draft>[] {
  const { type } = column;
  const [x, v, k] = [`x${index}`, `v${index}`, `k${index}`];
  const count = (
    sql: string,
    key: 'values' | 'empty' | 'misfits' | 'losing' | 'provenDates',
  ): Measure<Draft> => ({
    sql,
    read: (draft, cell) => {
      draft[key] = Number(cell);
    },
  });
  if (type.kind === 'text') return [count(`count(*) FILTER (${k})`, 'empty')];
  const example = (sql: string): Measure<Draft> => ({
    sql,
    read: (draft, cell) => {
      if (cell !== null) draft.examples = [...new Set([...draft.examples, textOf(cell)])];
    },
  });
  const measures = [
    count(`count(${v})`, 'values'),
    count(`count(*) FILTER (${k} = 0)`, 'empty'),
    count(`count(*) FILTER (${k} >= 1)`, 'misfits'),
    count(`count(*) FILTER (${k} = 2)`, 'losing'),
    example(`min(${x}) FILTER (${k} >= 1)`),
    example(`max(${x}) FILTER (${k} >= 1)`),
  ];
  if (column.proof) {
    measures.push(count(`count(*) FILTER (day(${v}) > 12)`, 'provenDates'));
  }
  if (type.kind === 'decimal') measures.push(...placesOf(index, column));
  return measures;
}

/** Places after the point, fewest and most, where 99 says that there are powers of ten; and the largest number. */
function placesOf(index: number, column: ScannedColumn): Measure<Draft>[] {
  const { type, places } = column;
  if (type.kind !== 'decimal') return [];
  const [x, e, v] = [`x${index}`, `e${index}`, `v${index}`];
  const point = literal(hasAffix(type) ? '.' : type.point);
  const text = hasAffix(type) ? numberText(x, type) : `rtrim(${x})`;
  const quick = exactType(column) === null ? '' : ` WHEN ${e} THEN ${places ?? 0}`;
  const plain = type.point === '.' && type.thousands === null;
  const powers = plain ? ` WHEN contains(${x}, 'e') OR contains(${x}, 'E') THEN 99` : '';
  const counted = `CASE WHEN ${v} IS NULL THEN NULL${quick}${powers} WHEN contains(${text}, ${point}) THEN length(${text}) - strpos(${text}, ${point}) ELSE 0 END`;
  const number = (sql: string, key: 'scaleMin' | 'scaleMax' | 'largest'): Measure<Draft> => ({
    sql,
    read: (draft, cell) => {
      draft[key] = Number(cell ?? 0);
    },
  });
  return [
    number(`min(${counted})`, 'scaleMin'),
    number(`max(${counted})`, 'scaleMax'),
    number(`max(abs(${v}))`, 'largest'),
  ];
}

const PERCENTILES = Array.from({ length: 101 }, (_, index) => index / 100).join(', ');
/** More different values than these are not counted one by one. */
export const FEW = 3000;

function statisticsOf(index: number, { type, few }: ScannedColumn, options: ScanOptions): Measure<Draft>[] {
  const [x, k] = [`x${index}`, `k${index}`];
  const isText = type.kind === 'text';
  const v = isText ? x : `v${index}`;
  const longest: Measure<Draft> = {
    sql: isText ? `max(length(${x}))` : 'NULL',
    read: (draft, cell) => (draft.measured.longest = Number(cell ?? 0)),
  };
  if (few) return [{ sql: countsSql(v), read: readCounts }];
  const where = isText ? ` FILTER (NOT ${k})` : '';
  const measure = (sql: string, read: (measured: Draft['measured'], cell: Cell) => void): Measure<Draft> => ({
    sql,
    read: (draft, cell) => read(draft.measured, cell),
  });
  const written = (cell: Cell): string | null => (cell === null ? null : textOf(cell));
  const measures = [
    longest,
    measure(`approx_count_distinct(${v})`, (to, cell) => (to.distinct = Number(cell))),
    measure(`CAST(min(${v})${where} AS VARCHAR)`, (to, cell) => (to.min = written(cell))),
    measure(`CAST(max(${v})${where} AS VARCHAR)`, (to, cell) => (to.max = written(cell))),
  ];
  const numeric = type.kind === 'integer' || type.kind === 'decimal';
  if (numeric) {
    measures.push(measure(`avg(${v})`, (to, cell) => (to.mean = cell === null ? null : Number(cell))));
  }
  if (numeric || type.kind === 'date' || type.kind === 'timestamp') {
    // The hash of a row is as good as chance, and the same every time.
    const some = options.many && options.rowKey !== null ? ' FILTER ((row_key & 7) = 0)' : '';
    measures.push(
      measure(`CAST(approx_quantile(${v}, [${PERCENTILES}])${some} AS VARCHAR[])`, (to, cell) => {
        to.percentiles = Array.isArray(cell) ? cell.map(textOf) : null;
      }),
    );
  }
  return measures;
}

/** Every value with its count, as far as there are not too many. */
function countsSql(v: string): string {
  return `list_transform(map_entries(histogram(${v})), lambda e: [CAST(e.key AS VARCHAR), CAST(e.value AS VARCHAR)])[1:${FEW + 1}]`;
}

function readCounts(draft: Draft, cell: Cell): void {
  const entries = Array.isArray(cell) ? (cell as readonly (readonly [string, string])[]) : [];
  if (entries.length > FEW) return;
  draft.counted = entries
    .filter(([value]) => value.trim() !== '')
    .map(([value, count]) => ({ value, count: Number(count) }));
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function emptyDraft(): Draft {
  return {
    values: 0,
    empty: 0,
    misfits: 0,
    losing: 0,
    examples: [],
    numbers: null,
    provenDates: 0,
    statistics: null,
    measured: {
      kind: 'measured',
      distinct: 0,
      min: null,
      max: null,
      mean: null,
      percentiles: null,
      longest: 0,
    },
    counted: null,
    scaleMin: 0,
    scaleMax: 0,
    largest: 0,
  };
}

function finished(
  draft: Draft,
  { type, few }: ScannedColumn,
  rows: number,
  statistics: boolean,
): ColumnFacts {
  const { measured, counted, scaleMin, scaleMax, largest, ...facts } = draft;
  const whole = Math.max(1, Math.floor(Math.log10(Math.max(1, largest))) + 1);
  return {
    ...facts,
    values: type.kind === 'text' ? rows - facts.empty : facts.values,
    numbers: type.kind === 'decimal' && scaleMax <= 38 ? { whole, scaleMin, scaleMax } : null,
    statistics: statistics ? statisticsFrom(measured, counted, few) : null,
  };
}

function statisticsFrom(
  measured: Measured,
  counted: readonly Counted[] | null,
  few: boolean,
): ColumnStatistics | null {
  if (few) {
    return counted === null
      ? null
      : {
          kind: 'counted',
          values: counted,
          longest: Math.max(0, ...counted.map(({ value }) => value.length)),
        };
  }
  // Numbers and dates are as long as the smallest or the largest of them, near enough.
  const { min, max } = measured;
  return { ...measured, longest: Math.max(measured.longest, min?.length ?? 0, max?.length ?? 0) };
}
