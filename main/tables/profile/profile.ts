import type { ColumnProfile, TableProfile, TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { identifier, literal } from '../sql/index.ts';
import { isNothing } from '../types/index.ts';
import type { ColumnFacts, ColumnStatistics } from './scan.ts';
import type { Query, VerifiedColumn, VerifiedColumns } from './verify.ts';

const BINS = 20;
const TOP = 10;
/** Columns with at most so many different values have them all counted. */
const FEW = 3000;

interface Counted {
  /** Whether these are all values of the column. */
  readonly all: boolean;
  readonly values: { readonly value: string; readonly count: number }[];
}

/**
 * What a profile shows of each column. A second look at the rows counts values: all of them in columns that have only a
 * few, in the others those that the sample shows to be frequent.
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

function profileOf({ column, facts }: VerifiedColumn, counted: Counted): ColumnProfile {
  const stats: ColumnStatistics = facts.statistics ?? {
    distinct: 0,
    min: null,
    max: null,
    mean: null,
    percentiles: null,
    longest: 0,
  };
  const frequent = [...counted.values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const [q25, q50, q75] = [25, 50, 75].map((at) => stats.percentiles?.[at]);
  return {
    name: column.name,
    type: column.type,
    empty: facts.empty,
    misfits: facts.misfits,
    distinct: counted.all ? counted.values.length : Math.min(stats.distinct, facts.values),
    min: stats.min,
    max: stats.max,
    mean: stats.mean,
    quantiles: q25 === undefined || q50 === undefined || q75 === undefined ? null : { q25, q50, q75 },
    longest: stats.longest,
    top: frequent.slice(0, TOP),
    histogram: histogramOf(column.type.kind, facts, counted),
  };
}

/** One look at the rows counts the values of all columns, each in a grouping of its own. */
async function countValues(
  query: Query,
  source: string,
  verified: VerifiedColumns,
  samples: readonly (readonly string[])[],
): Promise<Map<number, Counted>> {
  const found = new Map<number, Counted>();
  const wanted: { index: number; sql: string }[] = [];
  for (const [index, { column, facts }] of verified.columns.entries()) {
    const cell = identifier(column.name);
    const all = (facts.statistics?.distinct ?? Infinity) <= FEW;
    const frequent = all ? [] : repeated(samples[index] ?? []);
    if (facts.values === 0 || (!all && frequent.length === 0)) continue;
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
    const counted = found.get(wanted[Number(which) - 1]?.index ?? -1);
    if (typeof value === 'string' && value.trim() !== '')
      counted?.values.push({ value, count: Number(count) });
  }
  return found;
}

/** The values that came most often in the sample of a column that has very many, if they came often at all. */
function repeated(cells: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) if (!isNothing(cell.trim())) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= Math.max(3, cells.length / 500))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, TOP)
    .map(([value]) => value);
}

/**
 * Equally wide bins between the smallest and the largest number: exact where all values were counted, else from the
 * percentiles, which place values between two of them evenly.
 */
function histogramOf(
  kind: ColumnProfile['type']['kind'],
  { statistics, values }: ColumnFacts,
  counted: Counted,
): number[] {
  if ((kind !== 'integer' && kind !== 'decimal') || statistics === null) return [];
  const [min, max] = [Number(statistics.min), Number(statistics.max)];
  if (statistics.min === null || !(max > min)) return [];
  const bins = Array.from({ length: BINS }, () => 0);
  const add = (value: number, count: number): void => {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((value - min) / (max - min)) * BINS)));
    bins[bin] = (bins[bin] ?? 0) + count;
  };
  if (counted.all) {
    for (const { value, count } of counted.values) {
      const number = Number(value);
      if (Number.isFinite(number)) add(number, count);
    }
    if (bins.reduce((sum, count) => sum + count, 0) === values) return bins;
    bins.fill(0);
  }
  const edges = (statistics.percentiles ?? []).map(Number);
  const steps = 50;
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]];
    for (let step = 0; step < steps; step += 1) {
      add(from + ((to - from) * (step + 0.5)) / steps, values / (100 * steps));
    }
  }
  return rounded(bins, values);
}

/** Whole counts that still add up. */
function rounded(bins: readonly number[], total: number): number[] {
  let carried = 0;
  let given = 0;
  return bins.map((bin, index) => {
    carried += bin;
    const count = index === bins.length - 1 ? total - given : Math.round(carried) - given;
    given += count;
    return Math.max(0, count);
  });
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
