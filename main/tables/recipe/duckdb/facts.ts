import { assertNever } from '#shared/lib';
import { literal } from '../../sql/index.ts';
import type { Question, RowsAsked } from '../facts.ts';
import { double } from './expressions.ts';
import { scopeOf, type Relation } from './relation.ts';

/** A cell of an answer, as JSON has it. */
type Cell = string | number | boolean | null | readonly Cell[];

/** A question in SQL, and how its rows are read. */
export interface AskedSql {
  readonly sql: string;
  read(rows: readonly (readonly Cell[])[]): unknown;
}

const numberOf = (cell: Cell | undefined): number | null =>
  cell === null || cell === undefined || !Number.isFinite(Number(cell)) ? null : Number(cell);

/** @param other the rows of the other table of a join */
export function askSql(question: Question, from: Relation, other: Relation | null): AskedSql {
  switch (question.ask) {
    case 'summary': {
      const x = `CAST(${scopeOf(from)(question.column)} AS DOUBLE)`;
      return {
        // In the order of the rows: sums of doubles depend on it.
        sql: `SELECT avg(${x} ORDER BY t.rowid), stddev_samp(${x} ORDER BY t.rowid), min(${x}), max(${x})\nFROM ${from.sql} AS t${asked(question.rows, from)}`,
        read: ([row = []]) => ({
          mean: numberOf(row[0]),
          deviation: numberOf(row[1]),
          min: numberOf(row[2]),
          max: numberOf(row[3]),
        }),
      };
    }
    case 'quantiles': {
      const x = `CAST(${scopeOf(from)(question.column)} AS DOUBLE)`;
      const parts = question.at.map((part) => `quantile_cont(${x}, ${double(part)})`);
      return {
        sql: `SELECT ${parts.join(', ')}\nFROM ${from.sql} AS t${asked(question.rows, from)}`,
        read: ([row = []]) => question.at.map((_, index) => numberOf(row[index])),
      };
    }
    case 'frequent': {
      const x = scopeOf(from)(question.column);
      const present = question.missing ? '' : `${x} IS NOT NULL`;
      return {
        sql: `SELECT CAST(${x} AS VARCHAR)\nFROM ${from.sql} AS t${asked(question.rows, from, present)}\nGROUP BY 1\nORDER BY count(*) DESC, 1 NULLS LAST\nLIMIT ${question.limit}`,
        read: (rows) => rows.map(([value]) => (value === null || value === undefined ? null : String(value))),
      };
    }
    case 'join-size':
      return joinSize(question, from, other);
    case 'pattern':
      return {
        sql: `SELECT regexp_matches('', ${literal(question.pattern)})`,
        read: () => ({ problem: null }),
      };
    default:
      return assertNever(question);
  }
}

function asked(rows: RowsAsked, from: Relation, also = ''): string {
  const conditions = also === '' ? [] : [also];
  if (rows.kind === 'train') conditions.push(`${scopeOf(from)(rows.split)} = 'train'`);
  return conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`;
}

/** Exact, and cheap: each key is counted on both sides. */
function joinSize(
  { how, keys }: Extract<Question, { ask: 'join-size' }>,
  from: Relation,
  other: Relation | null,
): AskedSql {
  if (other === null) throw new Error('the other table is not there');
  const counted = (relation: Relation, names: readonly string[]): string => {
    const scope = scopeOf(relation);
    const list = names.map((name, index) => `${scope(name)} AS k${index}`);
    return `SELECT ${list.join(', ')}, count(*) AS n FROM ${relation.sql} AS t GROUP BY ALL`;
  };
  const left = counted(
    from,
    keys.map((key) => key.left),
  );
  const right = counted(
    other,
    keys.map((key) => key.right),
  );
  const on = keys.map((_, index) => `l.k${index} = r.k${index}`).join(' AND ');
  return {
    sql: `SELECT coalesce(sum(CAST(l.n AS DOUBLE) * r.n), 0), coalesce(sum(l.n), 0), coalesce(sum(r.n), 0),\n  (SELECT count(*) FROM ${from.sql}), (SELECT count(*) FROM ${other.sql})\nFROM (${left}) AS l\nJOIN (${right}) AS r ON ${on}`,
    read: ([row = []]) => {
      const [pairs = 0, matchedLeft = 0, matchedRight = 0, all = 0, others = 0] = row.map(Number);
      const rows = {
        inner: pairs,
        left: pairs + all - matchedLeft,
        right: pairs + others - matchedRight,
        full: pairs + all - matchedLeft + others - matchedRight,
        anti: all - matchedLeft,
      }[how];
      return { rows, left: all, right: others };
    },
  };
}
