import type { CitedCell, ColumnFacts, ColumnFinding } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { whiteSpace } from '../sql/index.ts';
import { TABLE, type FactSource } from './source.ts';

type Known = Omit<ColumnFacts, 'findings'>;

/** So many cells stand for all. */
const CITED = 5;
const NEARLY_EMPTY = 0.95;
/** Of the distance between the quarters: what lies farther out is far from all others. */
const FAR = 3;
/** Values that differ in their case are looked for among so many. */
const COMPARED = 2_000_000;

const THINGS = {
  text: 'texts',
  integer: 'whole numbers',
  decimal: 'numbers',
  boolean: 'yes or no',
  date: 'dates',
  timestamp: 'times',
} as const;

/** What a person should know of a column, the gravest first. */
export async function findingsOf(
  source: FactSource,
  facts: Known,
  counts: { readonly misfits: number; readonly empty: number },
): Promise<ColumnFinding[]> {
  const found = [
    await misfits(source, facts, counts.misfits),
    emptiness(facts, counts.empty),
    sameness(facts),
    await outliers(source, facts),
    await caseDiffers(source, facts),
    await blanksAround(source, facts),
    await numberForms(source, facts),
    dateForms(facts),
  ];
  return found.filter((finding) => finding !== null);
}

async function misfits(source: FactSource, { type }: Known, count: number): Promise<ColumnFinding | null> {
  if (count === 0) return null;
  const cells = await cited(source, 'k > 0', 'p');
  const what = type.kind === 'date' || type.kind === 'timestamp' ? THINGS[type.kind] : 'values';
  const one = what.slice(0, -1);
  const fail = type.kind === 'date' || type.kind === 'timestamp' ? 'parse' : 'fit';
  return {
    code: 'misfits',
    sentence: `${formatCount(count)} ${count === 1 ? `${one} does` : `${what} do`} not ${fail}: ${cells.map(cite).join(', ')}${count > cells.length ? ' …' : ''}.`,
    count,
    cells,
  };
}

function emptiness({ rows, name }: Known, empty: number): ColumnFinding | null {
  if (rows === 0) return null;
  if (empty === rows)
    return { code: 'empty', sentence: `${name} is empty throughout.`, count: empty, cells: [] };
  if (empty / rows < NEARLY_EMPTY) return null;
  const filled = rows - empty;
  return {
    code: 'nearly-empty',
    sentence: `Only ${formatCount(filled)} of ${formatCount(rows)} rows ${filled === 1 ? 'has' : 'have'} a value.`,
    count: empty,
    cells: [],
  };
}

function sameness({ values, distinct, type }: Known): ColumnFinding | null {
  if (values > 1 && distinct === 1)
    return { code: 'constant', sentence: 'It has the same value throughout.', count: values, cells: [] };
  if (values > 1 && distinct === values && type.kind !== 'decimal')
    return { code: 'unique', sentence: 'No value comes twice: it may be a key.', count: values, cells: [] };
  return null;
}

async function outliers(source: FactSource, { type, quantiles }: Known): Promise<ColumnFinding | null> {
  if (type.kind !== 'integer' && type.kind !== 'decimal') return null;
  const at = (share: number): number => Number(quantiles.find((one) => one.at === share)?.value ?? NaN);
  const [lower, upper] = [at(0.25), at(0.75)];
  const [low, high] = [lower - FAR * (upper - lower), upper + FAR * (upper - lower)];
  if (!(upper > lower)) return null;
  const far = `k IS NULL AND (CAST(v AS DOUBLE) < ${low} OR CAST(v AS DOUBLE) > ${high})`;
  const count = await countOf(source, far);
  if (count === 0) return null;
  const cells = await cited(source, far, `abs(CAST(v AS DOUBLE) - ${(low + high) / 2}) DESC, p`);
  return {
    code: 'outliers',
    sentence: `${formatCount(count)} ${count === 1 ? 'value lies' : 'values lie'} far from the others: ${cells.map(cite).join(', ')}${count > cells.length ? ' …' : ''}.`,
    count,
    cells,
  };
}

async function caseDiffers(source: FactSource, { type, distinct }: Known): Promise<ColumnFinding | null> {
  if (type.kind !== 'text' || distinct > COMPARED) return null;
  const folded = `lower(trim(c, ${whiteSpace}))`;
  const rows = await source.query(
    `SELECT count(*) OVER (), list_sort(list(DISTINCT trim(c, ${whiteSpace})))[1:3] FROM ${TABLE} WHERE k IS NULL GROUP BY ${folded} HAVING count(DISTINCT trim(c, ${whiteSpace})) > 1 ORDER BY count(*) DESC, ${folded} LIMIT 3`,
  );
  const count = Number(rows[0]?.[0] ?? 0);
  if (count === 0) return null;
  const examples = rows.map(([, ways]) =>
    (Array.isArray(ways) ? ways : []).map((way) => `'${short(String(way))}'`).join(' and '),
  );
  return {
    code: 'case-differs',
    sentence: `${formatCount(count)} ${count === 1 ? 'value is' : 'values are'} written in upper and lower case: ${examples.join('; ')}.`,
    count,
    cells: [],
  };
}

async function blanksAround(source: FactSource, { type }: Known): Promise<ColumnFinding | null> {
  if (type.kind !== 'text') return null;
  const blank = `k IS NULL AND c <> trim(c, ${whiteSpace})`;
  const count = await countOf(source, blank);
  if (count === 0) return null;
  const cells = await cited(source, blank, 'p');
  return {
    code: 'blanks-around',
    sentence: `${formatCount(count)} ${count === 1 ? 'value has' : 'values have'} blanks before or behind: ${cells.map(cite).join(', ')}${count > cells.length ? ' …' : ''}.`,
    count,
    cells,
  };
}

/** Numbers with a decimal comma among numbers with a decimal point. */
async function numberForms(source: FactSource, { type, values }: Known): Promise<ColumnFinding | null> {
  if (type.kind !== 'text' || values === 0) return null;
  const form = (point: string): string =>
    `k IS NULL AND regexp_full_match(c, '\\s*[+-]?\\d+(?:[.,'' ]\\d{3})*${point}\\d{1,2}\\s*')`;
  const [[commas = 0, points = 0] = []] = await source.query(
    `SELECT count(*) FILTER (${form(',')}), count(*) FILTER (${form('\\.')}) FROM ${TABLE}`,
  );
  const count = Math.min(Number(commas), Number(points));
  if (count === 0 || Number(commas) + Number(points) < values * 0.2) return null;
  const cells = await cited(source, form(Number(commas) < Number(points) ? ',' : '\\.'), 'p');
  return {
    code: 'number-forms',
    sentence: `${formatCount(Number(points))} numbers have a decimal point and ${formatCount(Number(commas))} a decimal comma: ${cells.map(cite).join(', ')}.`,
    count,
    cells,
  };
}

function dateForms({ type, values }: Known): ColumnFinding | null {
  if ((type.kind !== 'date' && type.kind !== 'timestamp') || type.formats.length < 2) return null;
  return {
    code: 'date-forms',
    sentence: `Its ${THINGS[type.kind]} are written in ${type.formats.length} ways.`,
    count: values,
    cells: [],
  };
}

async function countOf({ query }: FactSource, where: string): Promise<number> {
  const [[count] = [0]] = await query(`SELECT count(*) FROM ${TABLE} WHERE ${where}`);
  return Number(count);
}

async function cited(source: FactSource, where: string, order: string): Promise<CitedCell[]> {
  const rows = await source.query(
    `SELECT p, left(c, 200) FROM ${TABLE} WHERE ${where} ORDER BY ${order} LIMIT ${CITED}`,
  );
  const places = rows.map(([place]) => Number(place));
  const lines = await source.linesOf(places);
  return rows.map(([place, value], at) => ({
    row: Number(place) + 1,
    line: lines[at] ?? null,
    value: String(value),
  }));
}

const cite = ({ row, line, value }: CitedCell): string =>
  `${line === null ? `row ${formatCount(row)}` : `line ${formatCount(line)}`} '${short(value)}'`;

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
