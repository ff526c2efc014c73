import type { ColumnProfile, TableProfile, TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { identifier, literal, valueSql } from '../sql/index.ts';
import { isNothing } from '../types/index.ts';
import type { Query, VerifiedColumn, VerifiedColumns } from './verify.ts';

const BINS = 20;
const TOP = 10;
/** Up to so many different values all are counted; beyond, only those the sample shows to be frequent. */
const FEW = 3000;

interface Frequent {
  readonly top: readonly { value: string; count: number }[];
  /** Exact where all values were counted. */
  readonly distinct: number | null;
}

/** The second look at the rows, once ranges and counts are known: frequent values, histograms, duplicates. */
export async function profileColumns(
  query: Query,
  source: string,
  verified: VerifiedColumns,
  samples: readonly (readonly string[])[],
): Promise<Pick<TableProfile, 'columns' | 'duplicates'>> {
  const frequent = await countFrequent(query, source, verified);
  const second = await secondLook(query, source, verified, samples, frequent);
  return {
    duplicates: second.duplicates,
    columns: verified.columns.map((column, index) => profileOf(column, index, frequent.get(index), second)),
  };
}

function profileOf(
  { column, facts }: VerifiedColumn,
  index: number,
  frequent: Frequent | undefined,
  second: SecondLook,
): ColumnProfile {
  return {
    name: column.name,
    type: column.type,
    empty: facts.empty,
    misfits: column.type.kind === 'text' ? 0 : facts.misfits,
    distinct: frequent?.distinct ?? Math.min(facts.distinct, facts.values),
    min: facts.min,
    max: facts.max,
    mean: facts.mean,
    quantiles: facts.quantiles,
    longest: facts.longest,
    top: [...(frequent?.top ?? second.top.get(index) ?? [])],
    histogram: [...(second.histograms.get(index) ?? [])],
  };
}

/** The text a value is counted by: its own, without the white space around it. */
function valueText({ column }: VerifiedColumn): string {
  return column.type.kind === 'text' ? identifier(column.name) : `trim(${identifier(column.name)})`;
}

async function countFrequent(
  query: Query,
  source: string,
  verified: VerifiedColumns,
): Promise<Map<number, Frequent>> {
  const few = verified.columns.flatMap(({ facts }, index) =>
    facts.values > 0 && facts.distinct <= FEW ? [index] : [],
  );
  const found = new Map<number, Frequent>();
  if (few.length === 0) return found;
  const columns = few.map((index) => verified.columns[index]).filter((column) => column !== undefined);
  const values = columns.map((column, place) => `${valueText(column)} AS t${place}`);
  const names = columns.map((_, place) => `t${place}`);
  const sets = names.map((name) => `(${name})`).join(', ');
  // One look at the rows counts the values of all these columns, each in a grouping of its own.
  const rows = await query(
    `SELECT which, value, n, total FROM (
      SELECT *, count(*) OVER (PARTITION BY which) AS total, row_number() OVER (PARTITION BY which ORDER BY n DESC, value) AS nth
      FROM (
        SELECT list_position([${names.map((name) => `grouping(${name})`).join(', ')}], 0) AS which, coalesce(${names.join(', ')}) AS value, count(*) AS n
        FROM (SELECT ${values.join(', ')} FROM ${identifier(source)})
        GROUP BY GROUPING SETS (${sets})
      ) WHERE value IS NOT NULL AND trim(value) <> ''
    ) WHERE nth <= ${TOP} ORDER BY which, nth`,
  );
  for (const [which, value, count, total] of rows) {
    const index = few[Number(which) - 1];
    if (index === undefined) continue;
    const known = found.get(index);
    const entry = { value: String(value as string), count: Number(count) };
    found.set(index, { top: [...(known?.top ?? []), entry], distinct: Number(total) });
  }
  return found;
}

interface SecondLook {
  readonly duplicates: number;
  readonly histograms: ReadonlyMap<number, readonly number[]>;
  readonly top: ReadonlyMap<number, readonly { value: string; count: number }[]>;
}

async function secondLook(
  query: Query,
  source: string,
  verified: VerifiedColumns,
  samples: readonly (readonly string[])[],
  frequent: ReadonlyMap<number, Frequent>,
): Promise<SecondLook> {
  const all = verified.columns.map(({ column }) => identifier(column.name)).join(', ');
  const measures = [`count(DISTINCT hash(${all}))`];
  const readers: ((cell: unknown) => void)[] = [];
  let distinctRows = 0;
  readers.push((cell) => (distinctRows = Number(cell)));
  const histograms = new Map<number, readonly number[]>();
  const top = new Map<number, { value: string; count: number }[]>();
  for (const [index, entry] of verified.columns.entries()) {
    const bins = binsOf(entry);
    if (bins !== null) {
      measures.push(
        `histogram(${valueSql(identifier(entry.column.name), entry.column.type, 'DOUBLE')}, [${bins.join(', ')}])`,
      );
      readers.push((cell) => histograms.set(index, readBins(cell, bins)));
    }
    if (frequent.has(index)) continue;
    for (const value of repeated(samples[index] ?? [])) {
      measures.push(`count(*) FILTER (${valueText(entry)} = ${literal(value)})`);
      readers.push((cell) => {
        const list = top.get(index) ?? [];
        list.push({ value, count: Number(cell) });
        top.set(index, list);
      });
    }
  }
  const [row = []] = await query(`SELECT ${measures.join(', ')} FROM ${identifier(source)}`);
  for (const [place, read] of readers.entries()) read(row[place]);
  for (const list of top.values()) list.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { duplicates: Math.max(0, verified.rows - distinctRows), histograms, top };
}

/** Values that came more than once in the sample of a column with very many. */
function repeated(cells: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const value = cell.trim();
    if (!isNothing(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 5)
    .map(([value]) => value);
}

/** Upper edges of equally wide bins, the last the largest value. */
function binsOf({ column, facts }: VerifiedColumn): readonly number[] | null {
  if (column.type.kind !== 'integer' && column.type.kind !== 'decimal') return null;
  if (facts.min === null || facts.max === null) return null;
  const [min, max] = [Number(facts.min), Number(facts.max)];
  if (!(max > min)) return null;
  return Array.from({ length: BINS }, (_, index) =>
    index === BINS - 1 ? max : min + ((max - min) * (index + 1)) / BINS,
  );
}

function readBins(cell: unknown, bins: readonly number[]): readonly number[] {
  const entries = Array.isArray(cell) ? (cell as readonly { key: unknown; value: unknown }[]) : [];
  const counts = new Map(entries.map(({ key, value }) => [Number(key), Number(value)]));
  return bins.map((edge) => counts.get(edge) ?? 0);
}

/** What the whole content says that a person should know, in words. */
export function contentWarnings(verified: VerifiedColumns): TableWarning[] {
  const warnings: TableWarning[] = [];
  for (const { column, facts } of verified.columns) {
    if (column.type.kind === 'text' || facts.misfits === 0) continue;
    const what = {
      integer: 'whole numbers',
      decimal: 'numbers',
      boolean: 'yes or no',
      date: 'dates',
      timestamp: 'times',
    }[column.type.kind];
    const examples = facts.examples
      .slice(0, 2)
      .map((example) => `'${example.slice(0, 40)}'`)
      .join(' and ');
    warnings.push({
      code: 'values-do-not-fit',
      sentence: `${formatCount(facts.misfits)} value${facts.misfits === 1 ? '' : 's'} of ${column.name} ${facts.misfits === 1 ? 'is' : 'are'} no ${what}, such as ${examples}.`,
      count: facts.misfits,
    });
  }
  return warnings;
}
