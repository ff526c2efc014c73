import type { ColumnProfile, ColumnType, TableProfile, TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { identifier, literal } from '../sql/index.ts';
import { isNothing } from '../types/index.ts';
import { histogramOfCounts, histogramOfPercentiles, measuresOfCounts } from './measures.ts';
import { FEW, type ColumnFacts, type Counted } from './scan.ts';
import type { Query, VerifiedColumn, VerifiedColumns } from './verify.ts';

const TOP = 10;

interface Frequent {
  /** Whether these are all values of the column. */
  readonly all: boolean;
  readonly values: Counted[];
}

/**
 * What a profile shows of each column, from what looking at all cells brought. Rows are looked at once more only where the
 * sample did not tell beforehand that a column has few values, or values that are frequent.
 */
export async function profileColumns(
  query: Query,
  source: string,
  verified: VerifiedColumns,
  samples: readonly (readonly string[])[],
): Promise<Pick<TableProfile, 'columns' | 'duplicates'>> {
  const counted = await countValues(query, source, verified, samples);
  return {
    duplicates: Math.max(0, verified.rows - (verified.distinctRows ?? verified.rows)),
    columns: verified.columns.map((column, index) =>
      profileOf(column, counted.get(index) ?? { all: false, values: [] }),
    ),
  };
}

function profileOf({ column, facts }: VerifiedColumn, frequent: Frequent): ColumnProfile {
  const base = {
    name: column.name,
    type: column.type,
    empty: facts.empty,
    misfits: facts.misfits,
  };
  const { statistics } = facts;
  if (statistics?.kind === 'counted') {
    const { values } = statistics;
    const measures = measuresOfCounts(values, column.type);
    return {
      ...base,
      ...measures,
      distinct: values.length,
      longest: statistics.longest,
      top: topOf(values),
      histogram: isNumber(column.type) ? histogramOfCounts(values, measures.min, measures.max) : [],
    };
  }
  const [q25, q50, q75] = [25, 50, 75].map((at) => statistics?.percentiles?.[at]);
  return {
    ...base,
    distinct: frequent.all ? frequent.values.length : Math.min(statistics?.distinct ?? 0, facts.values),
    min: statistics?.min ?? null,
    max: statistics?.max ?? null,
    mean: statistics?.mean ?? null,
    quantiles: q25 === undefined || q50 === undefined || q75 === undefined ? null : { q25, q50, q75 },
    longest: statistics?.longest ?? 0,
    top: topOf(frequent.values),
    histogram: isNumber(column.type) ? measuredHistogram(facts) : [],
  };
}

function measuredHistogram({ statistics, values }: ColumnFacts): number[] {
  if (statistics?.kind !== 'measured') return [];
  return histogramOfPercentiles(statistics.percentiles ?? [], statistics.min, statistics.max, values);
}

function isNumber(type: ColumnType): boolean {
  return type.kind === 'integer' || type.kind === 'decimal';
}

function topOf(values: readonly Counted[]): Counted[] {
  return [...values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, TOP);
}

/** One look at the rows counts the values of all columns that want it, each in a grouping of its own. */
async function countValues(
  query: Query,
  source: string,
  verified: VerifiedColumns,
  samples: readonly (readonly string[])[],
): Promise<Map<number, Frequent>> {
  const found = new Map<number, Frequent>();
  const wanted: { index: number; sql: string }[] = [];
  for (const [index, { column, facts }] of verified.columns.entries()) {
    if (facts.values === 0 || facts.statistics?.kind !== 'measured') continue;
    const cell = identifier(column.name);
    const all = facts.statistics.distinct <= FEW;
    const frequent = all ? [] : repeated(samples[index] ?? []);
    if (!all && frequent.length === 0) continue;
    found.set(index, { all, values: [] });
    wanted.push({
      index,
      sql: all ? cell : `CASE WHEN ${cell} IN (${frequent.map(literal).join(', ')}) THEN ${cell} END`,
    });
  }
  if (wanted.length === 0) return found;
  const names = wanted.map((_, place) => `t${place}`);
  const rows = await query(
    `SELECT list_position([${names.map((name) => `grouping(${name})`).join(', ')}], 0) AS which, coalesce(${names.join(', ')}) AS value, count(*) AS n
    FROM (SELECT ${wanted.map(({ sql }, place) => `${sql} AS t${place}`).join(', ')} FROM ${identifier(source)})
    GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})`,
  );
  for (const [which, value, count] of rows) {
    const frequent = found.get(wanted[Number(which) - 1]?.index ?? -1);
    if (typeof value === 'string' && value.trim() !== '')
      frequent?.values.push({ value, count: Number(count) });
  }
  return found;
}

/** The values that came most often in the sample of a column that has very many, if they came often at all. */
function repeated(cells: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) if (!isNothing(cell.trim())) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= Math.max(4, cells.length / 200))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, TOP)
    .map(([value]) => value);
}

const KINDS = {
  integer: 'whole numbers',
  decimal: 'numbers',
  boolean: 'yes or no',
  date: 'dates',
  timestamp: 'times',
} as const;

/** What the whole content says that a person should know, in words. */
export function contentWarnings(verified: VerifiedColumns): TableWarning[] {
  const warnings: TableWarning[] = [];
  for (const { column, facts } of verified.columns) {
    if (column.type.kind === 'text' || facts.misfits === 0) continue;
    const examples = facts.examples.slice(0, 2).map((example) => `'${example.trim().slice(0, 40)}'`);
    warnings.push({
      code: 'values-do-not-fit',
      sentence: `${formatCount(facts.misfits)} value${facts.misfits === 1 ? '' : 's'} of ${column.name} ${facts.misfits === 1 ? 'is' : 'are'} no ${KINDS[column.type.kind]}, such as ${examples.join(' and ')}.`,
      count: facts.misfits,
    });
  }
  return warnings;
}
