import { assertNever } from '#shared/lib';
import { identifier, literal } from '../../sql/index.ts';
import type { Measured, Operation, OperationOf } from '../tree.ts';
import { double, expressionSql, predicateSql } from './expressions.ts';
import { as, namesFor, scopeOf, type Hidden, type Relation } from './relation.ts';

/** Operations that a query can make; what a person wrote in SQL runs elsewhere. */
export type Renderable = Exclude<Operation, { op: 'source' | 'derive' | 'query' }>;

export interface Rendered {
  readonly query: string;
  /** The rows of the query; `sql` is the query in brackets. */
  readonly relation: Relation;
  /** To be run on the table that was made of the query. */
  readonly afterwards: ((table: string) => string) | null;
}

export interface RenderOptions {
  /** Counts for this step the cells of each row that change, where the operation changes cells. */
  readonly count: number | null;
  /** The rows of the other table, in a table. */
  readonly other: Relation | null;
}

/** Whether an operation needs the rows in a table, since it asks for their places or looks at them twice. */
export function needsTable(operation: Renderable): boolean {
  switch (operation.op) {
    case 'project':
      return operation.columns.some(({ value }) => value.op === 'previous');
    case 'filter':
    case 'unpivot':
    case 'limit':
    case 'append':
      return false;
    case 'distinct':
    case 'aggregate':
    case 'join':
    case 'sort':
    case 'sample':
    case 'split':
      return true;
    default:
      return assertNever(operation);
  }
}

export function render(operation: Renderable, from: Relation, options: RenderOptions): Rendered {
  const scope = scopeOf(from);
  const same = from.columns.map((name) => ({ name, sql: scope(name) }));
  switch (operation.op) {
    case 'project':
      return project(operation, from, options.count);
    case 'filter':
      return select(from, same, `WHERE ${predicateSql(operation.where, scope)}`);
    case 'distinct':
      return distinct(operation, from);
    case 'aggregate':
      return aggregate(operation, from);
    case 'unpivot':
      return unpivot(operation, from);
    case 'join':
      return join(operation, from, given(options.other));
    case 'append':
      return append(operation, from, given(options.other));
    case 'sort': {
      const by = operation.by.map(
        ({ column, descending }) => `${scope(column)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
      );
      return select(from, same, `ORDER BY ${[...by, 't.rowid'].join(', ')}`);
    }
    case 'limit':
      return select(from, same, `LIMIT ${operation.rows} OFFSET ${operation.skip}`);
    case 'sample': {
      const size =
        operation.size.kind === 'rows'
          ? String(operation.size.rows)
          : `(SELECT CAST(round(count(*) * ${double(operation.size.share)}) AS BIGINT) FROM ${from.sql})`;
      const chosen = `SELECT s.rowid FROM ${from.sql} AS s ORDER BY ${lot(operation.seed, 's')} LIMIT ${size}`;
      return select(from, same, `WHERE t.rowid IN (${chosen})\nORDER BY t.rowid`);
    }
    case 'split': {
      const within = operation.stratum === null ? '' : `PARTITION BY ${scope(operation.stratum)} `;
      const test = `row_number() OVER (${within}ORDER BY ${lot(operation.seed, 't')}) <= round(count(*) OVER (${within.trim()}) * ${double(operation.share)})`;
      const said = { name: operation.into, sql: `CASE WHEN ${test} THEN 'test' ELSE 'train' END` };
      return select(from, [...same, said], 'ORDER BY t.rowid');
    }
    default:
      return assertNever(operation);
  }
}

/** Any number but by its hash: the same on every machine and in every engine. */
function lot(seed: number, table: string): string {
  return `md5(concat(${literal(`${seed}:`)}, ${table}.rowid)), ${table}.rowid`;
}

function given(other: Relation | null): Relation {
  if (other === null) throw new Error('the other table is not there');
  return other;
}

interface Column {
  readonly name: string;
  readonly sql: string;
}

/** SELECT with the columns, those of ours carried along, and what follows. */
export function select(
  from: Relation,
  columns: readonly Column[],
  rest: string,
  counted: readonly { readonly kind: Hidden; readonly sql: string }[] = [],
  source = `${from.sql} AS t`,
): Rendered {
  const carried = [...from.hidden.keys()];
  const { names, hidden } = namesFor(
    columns.map(({ name }) => name),
    [...carried, ...counted.map(({ kind }) => kind)],
  );
  const list = [
    ...columns.map(({ name, sql }) => called(sql, names.get(name) ?? name)),
    ...[...from.hidden].map(([kind, name]) => called(`t.${identifier(name)}`, hidden.get(kind) ?? name)),
    ...counted.map(({ kind, sql }) => called(sql, hidden.get(kind) ?? kind)),
  ];
  const query = `SELECT\n${list.map((item) => `  ${item}`).join(',\n')}\nFROM ${source}${rest === '' ? '' : `\n${rest}`}`;
  return made(
    query,
    columns.map(({ name }) => name),
    names,
    hidden,
  );
}

function made(
  query: string,
  columns: readonly string[],
  names: ReadonlyMap<string, string>,
  hidden: ReadonlyMap<Hidden, string>,
  afterwards: Rendered['afterwards'] = null,
): Rendered {
  return { query, relation: { sql: `(\n${query}\n)`, placed: false, columns, names, hidden }, afterwards };
}

function called(sql: string, name: string): string {
  return sql.endsWith(`.${identifier(name)}`) &&
    /^[a-z]\."/.test(sql) &&
    sql.length === identifier(name).length + 2
    ? sql
    : as(sql, name);
}

function project(operation: OperationOf<'project'>, from: Relation, count: RenderOptions['count']): Rendered {
  const scope = scopeOf(from);
  const columns = operation.columns.map(({ name, value }) => ({
    name,
    value,
    sql: expressionSql(value, scope),
  }));
  const changed = columns.filter(
    ({ name, value }) => from.names.has(name) && !(value.op === 'column' && value.name === name),
  );
  const ordered = columns.some(({ value }) => value.op === 'previous') ? 'ORDER BY t.rowid' : '';
  if (count === null || changed.length === 0) return select(from, columns, ordered);
  const sum = changed.map(({ name, sql }) => changedSql(scope(name), sql)).join(' + ');
  const read = changed.filter(({ value }) => value.op === 'parse');
  const lost = read.map(
    ({ name, sql }) => `CASE WHEN ${scope(name)} IS NOT NULL AND ${sql} IS NULL THEN 1 ELSE 0 END`,
  );
  return select(from, columns, ordered, [
    { kind: `changed ${count}`, sql: sum },
    ...(lost.length === 0 ? [] : [{ kind: `lost ${count}` as const, sql: lost.join(' + ') }]),
  ]);
}

/** 1 where a cell holds something else than before, else 0. */
export function changedSql(before: string, after: string): string {
  return `CASE WHEN CAST(${before} AS VARCHAR) IS DISTINCT FROM CAST(${after} AS VARCHAR) THEN 1 ELSE 0 END`;
}

/**
 * Rows with the same hash are few; only they are compared value by value. Deleting keeps the order of the rest, which
 * joining against the rows to drop would not.
 */
function distinct(operation: OperationOf<'distinct'>, from: Relation): Rendered {
  const scope = scopeOf(from);
  const carried = [...from.hidden.keys()];
  const { names, hidden } = namesFor(from.columns, carried);
  const taken = new Set([...names.values(), ...hidden.values()].map((name) => name.toLowerCase()));
  let free = 'row_hash';
  while (taken.has(free)) free += '_';
  const hash = identifier(free);
  const keys = operation.keys.map((name) => identifier(names.get(name) ?? name)).join(', ');
  const list = [
    ...from.columns.map((name) => called(scope(name), names.get(name) ?? name)),
    ...[...from.hidden].map(([kind, name]) => called(`t.${identifier(name)}`, hidden.get(kind) ?? name)),
    as(`hash(${operation.keys.map(scope).join(', ')})`, free),
  ];
  const query = `SELECT\n${list.map((item) => `  ${item}`).join(',\n')}\nFROM ${from.sql} AS t`;
  const order = operation.keep === 'first' ? 'rowid' : 'rowid DESC';
  const afterwards = (table: string): string =>
    `DELETE FROM ${table} WHERE rowid IN (\n  SELECT place FROM (\n    SELECT rowid AS place, row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}) AS nth\n    FROM ${table}\n    WHERE ${hash} IN (SELECT ${hash} FROM ${table} GROUP BY ${hash} HAVING count(*) > 1)\n  ) WHERE nth > 1\n)`;
  return made(query, from.columns, names, hidden, afterwards);
}

function aggregate(operation: OperationOf<'aggregate'>, from: Relation): Rendered {
  const scope = scopeOf(from);
  const by = operation.by.map((name) => ({ name, sql: scope(name) }));
  const measures = operation.measures.map((measured) => ({
    name: measured.name,
    sql: measureSql(measured, scope),
  }));
  const group = by.map(({ sql }) => sql).join(', ');
  const rest =
    by.length === 0
      ? ''
      : `GROUP BY ${group}\nORDER BY ${by.map(({ sql }) => `${sql} ASC NULLS LAST`).join(', ')}`;
  return select({ ...from, hidden: new Map() }, [...by, ...measures], rest);
}

/** Sums of doubles depend on their order, which has to be the same every time. */
function measureSql({ measure, of, whole, where }: Measured, scope: (column: string) => string): string {
  const conditions: string[] = [];
  if (where !== null)
    conditions.push(
      where.value === null
        ? `${scope(where.column)} IS NULL`
        : `CAST(${scope(where.column)} AS VARCHAR) = ${literal(where.value)}`,
    );
  const x = of === null ? '*' : scope(of);
  const sql = (): string => {
    switch (measure) {
      case 'count':
        return 'count(*)';
      case 'count-present':
        return `count(${x})`;
      case 'count-distinct':
        return `count(DISTINCT ${x})`;
      case 'sum':
        return `sum(${x} ORDER BY t.rowid)`;
      case 'mean':
        return `avg(${x} ORDER BY t.rowid)`;
      case 'median':
        return `quantile_cont(CAST(${x} AS DOUBLE), 0.5)`;
      case 'smallest':
        return `min(${x})`;
      case 'largest':
        return `max(${x})`;
      case 'deviation':
        return `stddev_samp(CAST(${x} AS DOUBLE) ORDER BY t.rowid)`;
      case 'first':
      case 'last':
        conditions.push(`${x} IS NOT NULL`);
        return `${measure}(${x} ORDER BY t.rowid)`;
      default:
        return assertNever(measure);
    }
  };
  const value = sql();
  const filtered = conditions.length === 0 ? value : `${value} FILTER (WHERE ${conditions.join(' AND ')})`;
  return measure === 'sum' && whole ? `CAST(${filtered} AS DECIMAL(38, 0))` : filtered;
}

function unpivot(operation: OperationOf<'unpivot'>, from: Relation): Rendered {
  const scope = scopeOf(from);
  const cell = (name: string): string => (operation.asText ? `CAST(${scope(name)} AS VARCHAR)` : scope(name));
  return select(
    from,
    [
      ...operation.keep.map((name) => ({ name, sql: scope(name) })),
      { name: operation.name, sql: `unnest([${operation.columns.map(literal).join(', ')}])` },
      { name: operation.value, sql: `unnest([${operation.columns.map(cell).join(', ')}])` },
    ],
    '',
  );
}

function join(operation: OperationOf<'join'>, from: Relation, other: Relation): Rendered {
  const left = scopeOf(from);
  const right = scopeOf(other, 'o');
  const { how, keys } = operation;
  const on = keys.map((key) => `${left(key.left)} = ${right(key.right)}`).join(' AND ');
  const alone = how === 'right' || how === 'full';
  const mine = from.columns.map((name) => {
    const key = alone ? keys.find((pair) => pair.left === name) : undefined;
    return { name, sql: key === undefined ? left(name) : `coalesce(${left(name)}, ${right(key.right)})` };
  });
  if (how === 'anti')
    return select(
      from,
      mine,
      `WHERE NOT EXISTS (SELECT 1 FROM ${other.sql} AS o WHERE ${on})\nORDER BY t.rowid`,
    );
  const taken = operation.take.map(({ column, as: name }) => ({ name, sql: right(column) }));
  return select(
    from,
    [...mine, ...taken],
    'ORDER BY t.rowid NULLS LAST, o.rowid NULLS LAST',
    [],
    `${from.sql} AS t\n${how.toUpperCase()} JOIN ${other.sql} AS o ON ${on}`,
  );
}

function append(operation: OperationOf<'append'>, from: Relation, other: Relation): Rendered {
  const above = select(
    from,
    operation.columns.map(({ name, above: value }) => ({ name, sql: expressionSql(value, scopeOf(from)) })),
    '',
  );
  const below = operation.columns.map(({ below: value }) => expressionSql(value, scopeOf(other, 'o')));
  const none = [...from.hidden].map(() => 'NULL');
  const query = `${above.query}\nUNION ALL\nSELECT\n${[...below, ...none].map((item) => `  ${item}`).join(',\n')}\nFROM ${other.sql} AS o`;
  const { columns, names, hidden } = above.relation;
  return made(query, columns, names, hidden);
}
