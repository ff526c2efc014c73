import { checkExpression, checkQuery } from '../guard/index.ts';
import {
  changedSql,
  plainQuery,
  plainRelation,
  scopeOf,
  select,
  type Operation,
  type Relation,
  type SchemaColumn,
  type ValueType,
} from '../recipe/index.ts';
import { identifier } from '../sql/index.ts';
import type { Session } from './database.ts';
import { withSandboxed, type RunSandbox } from './sandboxed.ts';

/** What running SQL of a person needs. */
export interface PersonSqlOptions {
  readonly session: Session;
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly sandbox: RunSandbox;
}

/** What came of it. The rows stand on a table that is needed until they are in one of their own. */
export interface Computed {
  readonly relation: Relation;
  readonly table: string;
  /** What ran, as it is shown. */
  readonly said: string;
  readonly columns: readonly SchemaColumn[];
  readonly warnings: readonly string[];
}

/** Each row with the value of an expression over it. The guard looks at it first. Throws SQL_*, QUERY_*. */
export async function computeColumn(
  options: PersonSqlOptions,
  before: Relation,
  number: number,
  { name, expression }: Extract<Operation, { op: 'derive' }>,
): Promise<Computed> {
  const { session } = options;
  const { sql, divisors } = await checkExpression(
    (asked) => session.query(asked),
    expression,
    before.columns,
  );
  const made = `value_${number}`;
  const table = identifier(`r_${number}`);
  const request = { ...options, rows: plainQuery(before), sql, value: made, divisors };
  return withSandboxed(request, async (rows, { columns: [stored], divisionsByZero: zeros }) => {
    await session.run(`CREATE TEMP TABLE ${table} AS\n${rows}`);
    const scope = scopeOf(before);
    const value = `r.${identifier(made)}`;
    const replaced = before.names.has(name);
    const columns = before.columns.map((column) => ({
      name: column,
      sql: column === name ? value : scope(column),
    }));
    // The first row of the one belongs to the first of the other: both are in the order of the table.
    const { relation } = select(
      before,
      replaced ? columns : [...columns, { name, sql: value }],
      '',
      replaced ? [{ kind: `changed ${number}`, sql: changedSql(scope(name), value) }] : [],
      `${before.sql} AS t POSITIONAL JOIN ${table} AS r`,
    );
    return {
      relation,
      table,
      said: shown(sql),
      columns: [{ name, type: valueType(stored?.type ?? 'VARCHAR'), reading: null }],
      warnings:
        zeros === 0
          ? []
          : [`${zeros} ${zeros === 1 ? 'row divides' : 'rows divide'} by 0; the result is missing there.`],
    };
  });
}

/** The rows of a query over all rows. The guard looks at it first. Throws SQL_*, QUERY_*. */
export async function computeTable(
  options: PersonSqlOptions,
  before: Relation,
  number: number,
  query: string,
): Promise<Computed> {
  const { session } = options;
  const { sql } = await checkQuery((asked) => session.query(asked), query, before.columns);
  const name = `r_${number}`;
  const request = { ...options, rows: plainQuery(before), sql, value: null, divisors: null };
  return withSandboxed(request, async (rows, { columns }) => {
    await session.run(`CREATE TEMP TABLE ${identifier(name)} AS\n${rows}`);
    const source = plainRelation(
      name,
      columns.map((column) => column.name),
      false,
    );
    const scope = scopeOf(source);
    const { relation } = select(
      source,
      source.columns.map((column) => ({ name: column, sql: scope(column) })),
      '',
    );
    return {
      relation,
      table: identifier(name),
      said: shown(sql),
      columns: columns.map((column) => ({ name: column.name, type: valueType(column.type), reading: null })),
      warnings: [],
    };
  });
}

const shown = (sql: string): string => `-- in a process of its own\n${sql}`;

function valueType(type: string): ValueType {
  if (type === 'BIGINT' || /^DECIMAL\(\d+,\s*0\)$/.test(type)) return 'integer';
  if (type === 'DOUBLE' || type.startsWith('DECIMAL')) return 'decimal';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'DATE') return 'date';
  return type === 'TIMESTAMP' ? 'timestamp' : 'text';
}
