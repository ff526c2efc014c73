import type { OperationOf } from '../tree.ts';
import { expressionSql } from './expressions.ts';
import { scopeOf, type Relation } from './relation.ts';
import { made, select, type Rendered } from './select.ts';

export function join(operation: OperationOf<'join'>, from: Relation, other: Relation): Rendered {
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

export function append(operation: OperationOf<'append'>, from: Relation, other: Relation): Rendered {
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
