import type { Column, Relation, Relations } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { physicalType, valueSql, whiteSpace } from '../sql/index.ts';
import { someOf, type FactSource } from './source.ts';

const TABLE = 'related_rows';
/** Rows that are enough to tell how far columns go together. */
const ROWS = 100_000;
const SUSPECT = 0.98;
/** Columns are compared so many at a time. */
const AT_ONCE = 200;

type Role = 'number' | 'category';

/** How far each column tells a target. Throws INPUT_INVALID where there is no such column. */
export async function relationsOf(source: FactSource, target: number): Promise<Relations> {
  const { query, columns, total } = source;
  const aim = columns[target];
  if (aim === undefined) throw sluiceError('INPUT_INVALID', { what: `there is no column ${target + 1}` });
  const found: Relation[] = [];
  let rows = 0;
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const others = columns
      .map((column, index) => ({ column, index }))
      .slice(from, from + AT_ONCE)
      .filter(({ index }) => index !== target);
    const cells = others.map(({ column, index }) => `${valueOf(source, index, column)} AS x${index}`);
    await query(
      `CREATE OR REPLACE TEMP TABLE ${TABLE} AS SELECT ${[`${valueOf(source, target, aim)} AS t`, ...cells].join(', ')} FROM (${source.rows}) WHERE ${someOf(total, ROWS)}`,
    );
    const [[count] = [0]] = await query(`SELECT count(t) FROM ${TABLE}`);
    rows = Number(count);
    for (const { column, index } of others) {
      const told = await compare(source, `x${index}`, roleOf(column), roleOf(aim));
      if (told === null) continue;
      found.push({
        column: index,
        name: column.name,
        ...told,
        suspect: Math.abs(told.value) >= SUSPECT,
      });
    }
  }
  await query(`DROP TABLE IF EXISTS ${TABLE}`);
  return {
    target,
    name: aim.name,
    rows,
    relations: found.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)),
  };
}

function roleOf({ type }: Column): Role {
  return type.kind === 'text' || type.kind === 'boolean' ? 'category' : 'number';
}

/** Numbers as they are, times as seconds, texts without the blanks around them. */
function valueOf({ cell }: FactSource, index: number, { type }: Column): string {
  const value = valueSql(cell(index), type, physicalType(type, null));
  switch (type.kind) {
    case 'text':
    case 'boolean':
      return `nullif(lower(trim(${cell(index)}, ${whiteSpace})), '')`;
    case 'date':
    case 'timestamp':
      return `epoch(CAST(${value} AS TIMESTAMP))`;
    case 'integer':
    case 'decimal':
      return `CASE WHEN isfinite(TRY_CAST(${value} AS DOUBLE)) THEN TRY_CAST(${value} AS DOUBLE) END`;
    default:
      return type satisfies never;
  }
}

function compare(
  source: FactSource,
  x: string,
  role: Role,
  target: Role,
): Promise<Pick<Relation, 'measure' | 'value'> | null> {
  if (role === 'number' && target === 'number') return correlation(source, x);
  if (role === 'category' && target === 'category') return cramersV(source, x);
  return role === 'category' ? eta(source, x, 't') : eta(source, 't', x);
}

async function correlation(
  { query }: FactSource,
  x: string,
): Promise<Pick<Relation, 'measure' | 'value'> | null> {
  const [[linear, ranked] = [null, null]] = await query(
    `SELECT corr(a, b), corr(ra, rb) FROM (SELECT a, b, CASE WHEN a IS NOT NULL THEN rank() OVER (ORDER BY a) + (count(*) OVER (PARTITION BY a) - 1) / 2.0 END AS ra, CASE WHEN b IS NOT NULL THEN rank() OVER (ORDER BY b) + (count(*) OVER (PARTITION BY b) - 1) / 2.0 END AS rb
    FROM (SELECT ${x} AS a, t AS b FROM ${TABLE} WHERE ${x} IS NOT NULL AND t IS NOT NULL))`,
  );
  const [pearson, spearman] = [finite(linear), finite(ranked)];
  if (pearson === null || spearman === null) return null;
  // A bent line goes together by rank more than by value.
  return Math.abs(spearman) > Math.abs(pearson) + 0.1
    ? { measure: 'spearman', value: spearman }
    : { measure: 'pearson', value: pearson };
}

/** The share of a number's spread that lies between the categories, less what chance would bring. */
async function eta(
  { query }: FactSource,
  category: string,
  number: string,
): Promise<Pick<Relation, 'measure' | 'value'> | null> {
  const [[between, all, groups, count] = [null, null, 0, 0]] = await query(
    `WITH d AS (SELECT ${category} AS g, ${number} AS y FROM ${TABLE} WHERE ${category} IS NOT NULL AND ${number} IS NOT NULL),
    m AS (SELECT avg(y) AS mean, count(*) AS n, var_pop(y) * count(*) AS spread FROM d),
    s AS (SELECT avg(y) AS mean, count(*) AS n FROM d GROUP BY g)
    SELECT sum(s.n * (s.mean - m.mean) * (s.mean - m.mean)), any_value(m.spread), count(*), any_value(m.n) FROM s, m`,
  );
  const [inside, total] = [finite(between), finite(all)];
  const [k, n] = [Number(groups), Number(count)];
  if (inside === null || total === null || !(total > 0) || k < 2 || k > n / 2) return null;
  const share = 1 - ((1 - Math.min(1, inside / total)) * (n - 1)) / (n - k);
  return { measure: 'eta', value: Math.sqrt(Math.max(0, Math.min(1, share))) };
}

/** Corrected for what chance would bring. */
async function cramersV(
  { query }: FactSource,
  x: string,
): Promise<Pick<Relation, 'measure' | 'value'> | null> {
  const [[sum, across, down, count] = [null, 0, 0, 0]] = await query(
    `WITH d AS (SELECT ${x} AS a, t AS b, count(*) AS n FROM ${TABLE} WHERE ${x} IS NOT NULL AND t IS NOT NULL GROUP BY ALL),
    a AS (SELECT a, sum(n) AS n FROM d GROUP BY a), b AS (SELECT b, sum(n) AS n FROM d GROUP BY b)
    SELECT sum(CAST(d.n AS DOUBLE) * d.n / (CAST(a.n AS DOUBLE) * b.n)), (SELECT count(*) FROM a), (SELECT count(*) FROM b), sum(d.n) FROM d JOIN a USING (a) JOIN b USING (b)`,
  );
  const told = finite(sum);
  const [rows, columns, n] = [Number(across), Number(down), Number(count)];
  if (told === null || rows < 2 || columns < 2 || rows > n / 2 || columns > n / 2) return null;
  const phi = Math.max(0, told - 1 - ((rows - 1) * (columns - 1)) / (n - 1));
  const [r, c] = [rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)];
  return { measure: 'cramers-v', value: Math.sqrt(Math.min(1, phi / Math.min(r - 1, c - 1))) };
}

function finite(cell: unknown): number | null {
  if (cell === null || cell === undefined) return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : null;
}
