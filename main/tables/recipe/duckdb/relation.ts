import { identifier } from '../../sql/index.ts';

/** Columns of ours beside those of the table: the row of the file, how many cells of a row a step changed, and left without a value. */
export type Hidden = 'row' | `changed ${number}` | `lost ${number}`;

/** Rows as SQL finds them: a table, or a query that makes them. */
export interface Relation {
  /** What stands behind FROM. */
  readonly sql: string;
  /** Whether it is a table, whose rows have places (`rowid`) in their order. */
  readonly placed: boolean;
  readonly columns: readonly string[];
  /** What a column is called there. */
  readonly names: ReadonlyMap<string, string>;
  readonly hidden: ReadonlyMap<Hidden, string>;
}

/** A table or view that has its columns under their own names. */
export function plainRelation(table: string, columns: readonly string[], placed: boolean): Relation {
  return {
    sql: identifier(table),
    placed,
    columns,
    names: new Map(columns.map((name) => [name, name])),
    hidden: new Map(),
  };
}

/** @returns the column with the name `t` of its table before it */
export function scopeOf(relation: Relation, table = 't'): (column: string) => string {
  return (column) => {
    const name = relation.names.get(column);
    if (name === undefined) throw new Error(`no column ${column} here`);
    return `${table}.${identifier(name)}`;
  };
}

export interface Names {
  readonly names: ReadonlyMap<string, string>;
  readonly hidden: ReadonlyMap<Hidden, string>;
}

/** What columns are called in a table of ours: one called `rowid` would stand before the row's own place. */
export function namesFor(columns: readonly string[], hidden: readonly Hidden[]): Names {
  const taken = new Set(['rowid', ...columns.map((name) => name.toLowerCase())]);
  const free = (wanted: string): string => {
    let name = wanted;
    while (taken.has(name.toLowerCase())) name += '_';
    taken.add(name.toLowerCase());
    return name;
  };
  return {
    names: new Map(columns.map((name) => [name, name.toLowerCase() === 'rowid' ? free(`${name}_`) : name])),
    hidden: new Map(
      hidden.map((kind) => [kind, free(kind === 'row' ? 'row_number' : kind.replace(' ', '_'))]),
    ),
  };
}

/** The query that gives the rows under the names of their columns, and nothing of ours. */
export function plainQuery(relation: Relation): string {
  const scope = scopeOf(relation);
  const columns = relation.columns.map((name) => `  ${as(scope(name), name, relation.names.get(name))}`);
  return `SELECT\n${columns.join(',\n')}\nFROM ${relation.sql} AS t`;
}

/** A value under a name; left out where the column is called so already. */
export function as(sql: string, name: string, called?: string): string {
  return called === name ? sql : `${sql} AS ${identifier(name)}`;
}
