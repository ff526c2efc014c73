import { identifier } from '../../sql/index.ts';
import { as, namesFor, type Hidden, type Relation } from './relation.ts';

export interface Rendered {
  readonly query: string;
  /** The rows of the query; `sql` is the query in brackets. */
  readonly relation: Relation;
  /** To be run on the table that was made of the query. */
  readonly afterwards: ((table: string) => string) | null;
}

export interface Column {
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

export function made(
  query: string,
  columns: readonly string[],
  names: ReadonlyMap<string, string>,
  hidden: ReadonlyMap<Hidden, string>,
  afterwards: Rendered['afterwards'] = null,
): Rendered {
  return { query, relation: { sql: `(\n${query}\n)`, placed: false, columns, names, hidden }, afterwards };
}

export function called(sql: string, name: string): string {
  return sql.endsWith(`.${identifier(name)}`) &&
    /^[a-z]\."/.test(sql) &&
    sql.length === identifier(name).length + 2
    ? sql
    : as(sql, name);
}
