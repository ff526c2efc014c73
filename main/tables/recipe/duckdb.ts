import { assertNever } from '#shared/lib';
import { identifier, physicalType, valueSql, whiteSpace } from '../sql/index.ts';
import { columnsOf, type Expression, type Operation } from './tree.ts';

/** SQL that makes a table: statements to run first, in order, and the query that gives its rows. */
export interface DuckDbPlan {
  readonly statements: readonly string[];
  readonly query: string;
  /** The tables made, with how to ask for the rows that went out of each. */
  readonly stages: readonly string[];
}

/** @param source name of the table or view that holds the rows of the file, all text */
export function toDuckDb(operation: Operation, source: string): DuckDbPlan {
  switch (operation.op) {
    case 'source':
      return {
        statements: [],
        query: `SELECT ${operation.columns.map(identifier).join(', ')}\nFROM ${identifier(source)}`,
        stages: [],
      };
    case 'project': {
      const from = toDuckDb(operation.from, source);
      const columns = operation.columns.map(({ name, value }) => `  ${named(expressionSql(value), name)}`);
      return {
        ...from,
        query: `SELECT\n${columns.join(',\n')}\nFROM ${nested(operation.from, from, source)}`,
      };
    }
    case 'first-of-equals':
      return firstOfEquals(operation, source);
    default:
      return assertNever(operation);
  }
}

function nested(operation: Operation, plan: DuckDbPlan, source: string): string {
  return operation.op === 'source' ? identifier(source) : `(\n${plan.query}\n)`;
}

function named(sql: string, name: string): string {
  return sql === identifier(name) ? sql : `${sql} AS ${identifier(name)}`;
}

/**
 * Rows with the same hash are few; only they are compared value by value. Deleting keeps the order of the rest, which
 * joining against the rows to drop would not.
 */
function firstOfEquals(operation: Extract<Operation, { op: 'first-of-equals' }>, source: string): DuckDbPlan {
  const from = toDuckDb(operation.from, source);
  const columns = columnsOf(operation);
  const table = identifier(`stage_${from.stages.length + 1}`);
  const inside = stageNames(columns);
  const hash = identifier(inside.hash);
  const names = inside.names.map(identifier);
  const renamed = columns.map((name, index) => named(identifier(name), inside.names[index] ?? name));
  const statements = [
    ...from.statements,
    `CREATE TEMP TABLE ${table} AS\nSELECT ${renamed.join(', ')}, hash(${columns.map(identifier).join(', ')}) AS ${hash}\nFROM (\n${from.query}\n)`,
    `DELETE FROM ${table} WHERE rowid IN (\n  SELECT place FROM (\n    SELECT rowid AS place, row_number() OVER (PARTITION BY ${names.join(', ')} ORDER BY rowid) AS nth\n    FROM ${table}\n    WHERE ${hash} IN (SELECT ${hash} FROM ${table} GROUP BY ${hash} HAVING count(*) > 1)\n  ) WHERE nth > 1\n)`,
  ];
  const back = columns.map((name, index) => named(names[index] ?? identifier(name), name));
  return {
    statements,
    query: `SELECT ${back.join(', ')}\nFROM ${table}`,
    stages: [...from.stages, table],
  };
}

/** A column called `rowid` would stand before the row's own number, so that it has another name in a stage. */
function stageNames(columns: readonly string[]): { names: readonly string[]; hash: string } {
  const taken = new Set(columns.map((name) => name.toLowerCase()));
  const free = (wanted: string): string => {
    let name = wanted;
    while (taken.has(name.toLowerCase())) name += '_';
    taken.add(name.toLowerCase());
    return name;
  };
  const names = columns.map((name) => (name.toLowerCase() === 'rowid' ? free(`${name}_`) : name));
  return { names, hash: free('row_hash') };
}

export function expressionSql(expression: Expression): string {
  switch (expression.op) {
    case 'column':
      return identifier(expression.name);
    case 'trim':
      return `trim(${expressionSql(expression.of)}, ${whiteSpace})`;
    case 'null-if-empty':
      return `nullif(${expressionSql(expression.of)}, '')`;
    case 'parse':
      return valueSql(
        expressionSql(expression.of),
        expression.type,
        physicalType(expression.type, expression.numbers),
      );
    default:
      return assertNever(expression);
  }
}
