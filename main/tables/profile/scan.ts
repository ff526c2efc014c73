import type { ColumnType } from '#shared/domain';
import { identifier, misfitSql, valueSql } from '../sql/index.ts';
import type { NumberFacts } from '../types/index.ts';

/** A column as it is looked at: its name and how its cells are read. */
export interface ScannedColumn {
  readonly name: string;
  readonly type: ColumnType;
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
  readonly distinct: number;
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number | null;
  readonly quantiles: { q25: string; q50: string; q75: string } | null;
  readonly longest: number;
}

export interface ScanResult {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
}

type Cell = string | number | boolean | null | readonly Cell[];

/**
 * The query that looks at every cell once. With `statistics` it also takes what a profile shows; without, only what has to
 * be known before the types can be trusted.
 */
export function scanSql(source: string, columns: readonly ScannedColumn[], statistics: boolean): string {
  const inner: string[] = [];
  const outer: string[] = ['count(*)'];
  for (const [index, { name, type }] of columns.entries()) {
    const cell = identifier(name);
    inner.push(`${cell} AS x${index}`);
    if (type.kind !== 'text') inner.push(`${valueSql(cell, type, scanType(type))} AS v${index}`);
    outer.push(...measures(index, type, statistics));
  }
  const judgements = columns.map(({ type }, index) =>
    type.kind === 'text'
      ? `${blankSql(`x${index}`)} AS k${index}`
      : `${misfitSql(`x${index}`, `v${index}`, type)} AS k${index}`,
  );
  const judged = `SELECT *, ${judgements.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${identifier(source)})`;
  return `SELECT ${outer.join(', ')} FROM (${judged})`;
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
  }
}

/** So many expressions stand for a column in the result; `readScan` takes them in the same order. */
const BASIC = 9;
const STATISTICS = 6;

function measures(index: number, type: ColumnType, statistics: boolean): string[] {
  const [x, v, k] = [`x${index}`, `v${index}`, `k${index}`];
  if (type.kind === 'text') {
    const basic = ['NULL', `count(*) FILTER (${k})`, ...nulls(BASIC - 2)];
    if (!statistics) return basic;
    return [
      ...basic,
      `approx_count_distinct(${x})`,
      `min(${x}) FILTER (NOT ${k})`,
      `max(${x}) FILTER (NOT ${k})`,
      'NULL',
      'NULL',
      `max(length(${x}))`,
    ];
  }
  const basic = [
    `count(${v})`,
    `count(*) FILTER (${k} = 0)`,
    `count(*) FILTER (${k} = 1)`,
    `count(*) FILTER (${k} = 2)`,
    `min(${x}) FILTER (${k} = 1)`,
    `max(${x}) FILTER (${k} = 1)`,
    ...numberMeasures(x, v, type),
    extraMeasure(v, type),
  ];
  if (!statistics) return basic;
  const numeric = type.kind === 'integer' || type.kind === 'decimal';
  const ordered = numeric || type.kind === 'date' || type.kind === 'timestamp';
  return [
    ...basic,
    `approx_count_distinct(${v})`,
    `CAST(min(${v}) AS VARCHAR)`,
    `CAST(max(${v}) AS VARCHAR)`,
    numeric ? `avg(${v})` : 'NULL',
    ordered ? `CAST(approx_quantile(${v}, [0.25, 0.5, 0.75]) AS VARCHAR[])` : 'NULL',
    `max(length(${x}))`,
  ];
}

/** Of dates those whose day can be no month; of decimals the largest, to know their digits. */
function extraMeasure(v: string, type: ColumnType): string {
  if (type.kind === 'date' || type.kind === 'timestamp') return `count(*) FILTER (day(${v}) > 12)`;
  return type.kind === 'decimal' ? `max(abs(${v}))` : 'NULL';
}

/** Whether there is nothing but white space: such cells sort before the first printable sign, so that few are looked at. */
function blankSql(x: string): string {
  return `CASE WHEN ${x} IS NULL THEN true WHEN ${x} < '!' THEN regexp_full_match(${x}, '\\s*') ELSE false END`;
}

function nulls(count: number): string[] {
  return Array.from({ length: count }, () => 'NULL');
}

/** Places after the point, fewest and most; 99 says that there are powers of ten. */
function numberMeasures(x: string, v: string, type: ColumnType): string[] {
  if (type.kind !== 'decimal') return ['NULL', 'NULL'];
  const point = type.point === '.' ? "'.'" : "','";
  const digits = `length(rtrim(${x})) - strpos(${x}, ${point})`;
  const powers =
    type.point === '.' && type.thousands === null
      ? ` WHEN contains(${x}, 'e') OR contains(${x}, 'E') THEN 99`
      : '';
  const places = `CASE WHEN ${v} IS NULL THEN NULL${powers} WHEN contains(${x}, ${point}) THEN ${digits} ELSE 0 END`;
  return [`min(${places})`, `max(${places})`];
}

/** @returns the facts the scan's one row holds */
export function readScan(
  row: readonly Cell[],
  columns: readonly ScannedColumn[],
  statistics: boolean,
): ScanResult {
  const step = BASIC + (statistics ? STATISTICS : 0);
  const rows = Number(row[0] ?? 0);
  return {
    rows,
    columns: columns.map(({ type }, index) =>
      readColumn(row.slice(1 + index * step, 1 + (index + 1) * step), type, rows),
    ),
  };
}

function readColumn(cells: readonly Cell[], type: ColumnType, rows: number): ColumnFacts {
  const number = (at: number): number => Number(cells[at] ?? 0);
  const text = (at: number): string | null => {
    const cell = cells[at];
    return cell === null || cell === undefined ? null : String(cell);
  };
  const examples = [...new Set([text(4), text(5)].filter((example) => example !== null))];
  const quantiles = cells[BASIC + 4];
  const [q25, q50, q75] = Array.isArray(quantiles) ? quantiles.map((value) => String(value as string)) : [];
  const mean = cells[BASIC + 3];
  return {
    values: type.kind === 'text' ? rows - number(1) : number(0),
    empty: number(1),
    misfits: number(2) + number(3),
    losing: number(3),
    examples,
    numbers: type.kind === 'decimal' ? numberFacts(number(6), number(7), number(8)) : null,
    provenDates: number(8),
    distinct: number(BASIC),
    min: text(BASIC + 1),
    max: text(BASIC + 2),
    mean: mean === null || mean === undefined ? null : Number(mean),
    quantiles: q25 === undefined || q50 === undefined || q75 === undefined ? null : { q25, q50, q75 },
    longest: number(BASIC + 5),
  };
}

function numberFacts(scaleMin: number, scaleMax: number, largest: number): NumberFacts | null {
  if (scaleMax > 38) return null;
  return { whole: Math.max(1, Math.floor(Math.log10(Math.max(1, largest))) + 1), scaleMin, scaleMax };
}
