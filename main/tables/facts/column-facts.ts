import type { Column, ColumnFacts } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { misfitSql, physicalType, valueSql, whiteSpace } from '../sql/index.ts';
import { findingsOf } from './findings.ts';
import { someOf, TABLE, type FactSource } from './source.ts';

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
/** Forms are told from so many cells. */
const FORMED = 200_000;
const FORMS = 8;
/** A text is known by its beginning. */
const FORMED_LETTERS = 60;

/** A closer look at a column. Throws INPUT_INVALID where there is none. */
export async function columnFactsOf(source: FactSource, index: number): Promise<ColumnFacts> {
  const column = source.columns[index];
  if (column === undefined) throw sluiceError('INPUT_INVALID', { what: `there is no column ${index + 1}` });
  const { query } = source;
  await query(
    `CREATE OR REPLACE TEMP TABLE ${TABLE} AS SELECT p, c, v, ${judged(column)} AS k FROM (SELECT p, ${source.cell(index)} AS c, ${typed(source.cell(index), column)} AS v FROM (${source.rows}))`,
  );
  const numeric = column.type.kind === 'integer' || column.type.kind === 'decimal';
  const timed = column.type.kind === 'date' || column.type.kind === 'timestamp';
  const quantiles =
    numeric || timed ? `CAST(quantile_disc(v, [${QUANTILES.join(', ')}]) AS VARCHAR[])` : 'NULL';
  const [row = []] = await query(
    `SELECT count(*), count(*) FILTER (k IS NULL), count(DISTINCT v) FILTER (k IS NULL), ${numeric ? 'stddev_samp(CAST(v AS DOUBLE))' : 'NULL'}, ${quantiles},
    min(length(c)) FILTER (k IS NULL OR k > 0), avg(length(c)) FILTER (k IS NULL OR k > 0), max(length(c)) FILTER (k IS NULL OR k > 0),
    count(*) FILTER (k > 0), count(*) FILTER (k = 0) FROM ${TABLE}`,
  );
  const [rows = 0, values = 0, distinct = 0, deviation, measured, least, mean, most, misfits = 0, empty = 0] =
    row;
  const told = Array.isArray(measured) ? measured.map(String) : [];
  const facts = {
    column: index,
    name: column.name,
    type: column.type,
    rows: Number(rows),
    values: Number(values),
    distinct: Number(distinct),
    deviation: deviation === null || deviation === undefined ? null : Number(deviation),
    quantiles: QUANTILES.flatMap((at, place) => {
      const value = told[place];
      return value === undefined ? [] : [{ at, value }];
    }),
    length:
      least === null || least === undefined
        ? null
        : { least: Number(least), mean: Number(mean), most: Number(most) },
    patterns: await patternsOf(source),
  };
  const counts = { misfits: Number(misfits), empty: Number(empty) };
  const findings = await findingsOf(source, facts, counts);
  await query(`DROP TABLE ${TABLE}`);
  return { ...facts, findings };
}

function typed(cell: string, { type }: Column): string {
  return type.kind === 'text' ? cell : valueSql(cell, type, physicalType(type, null));
}

/** 0 for nothing, more for what does not fit, null for a value. */
function judged({ type }: Column): string {
  if (type.kind === 'text') return `CASE WHEN c IS NULL OR trim(c, ${whiteSpace}) = '' THEN 0 END`;
  return misfitSql('c', '(v)', type);
}

async function patternsOf({ query, total }: FactSource): Promise<ColumnFacts['patterns']> {
  // Letters first: what replaces them is a letter itself.
  const steps = [
    ["'\\p{Lu}|\\p{Lt}'", "'A'"],
    ["'\\p{Ll}|\\p{Lo}|\\p{Lm}'", "'a'"],
    ["'\\p{Nd}'", "'9'"],
    ["'A{5,}'", "'A+'"],
    ["'a{5,}'", "'a+'"],
    ["'9{5,}'", "'9+'"],
  ] as const;
  const shape = steps.reduce(
    (text, [pattern, by]) => `regexp_replace(${text}, ${pattern}, ${by}, 'g')`,
    `left(trim(c, ${whiteSpace}), ${FORMED_LETTERS})`,
  );
  const rows = await query(
    `SELECT shape, n / sum(n) OVER (), example FROM (SELECT ${shape} AS shape, count(*) AS n, min(left(c, 200)) AS example FROM ${TABLE} WHERE (k IS NULL OR k > 0) AND ${someOf(total, FORMED)} GROUP BY shape) ORDER BY n DESC, shape LIMIT ${FORMS}`,
  );
  return rows.map(([form, share, example]) => ({
    shape: String(form),
    share: Number(share),
    example: String(example),
  }));
}
