import { assertNever } from '#shared/lib';
import { identifier, literal } from '../../sql/index.ts';
import type { Operation, OperationOf } from '../tree.ts';
import { double, expressionSql, predicateSql } from './expressions.ts';
import { append, join } from './joins.ts';
import { measureSql } from './measures.ts';
import { as, namesFor, scopeOf, type Relation } from './relation.ts';
import { called, made, select, type Rendered } from './select.ts';

/** Operations that a query can make; what a person wrote in SQL runs elsewhere. */
export type Renderable = Exclude<Operation, { op: 'source' | 'derive' | 'query' }>;

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
