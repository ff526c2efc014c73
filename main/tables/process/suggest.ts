import type { ColumnProfile, Recipe } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { TableSource } from '../protocol.ts';
import { prepareForModelling } from '../recipe/index.ts';
import { identifier, valueSql } from '../sql/index.ts';
import { profile } from './jobs.ts';
import { withRows, type JobContext, type Rows } from './read.ts';
import { SOURCE } from './source-sql.ts';

/** Columns with more values than this share of the rows tell any target by heart; that says nothing of leakage. */
const FEW = 0.05;

/** A recipe that prepares a file for learning to predict a column. Throws SOURCE_*, TABLE_*, COLUMN_MISSING. */
export async function suggest(context: JobContext, source: TableSource, target: string): Promise<Recipe> {
  const { columns, rows } = await profile(context, source);
  const goal = columns.find(({ name }) => name === target);
  if (goal === undefined) throw sluiceError('COLUMN_MISSING', { column: target });
  return context.tables.use(source, (loaded) =>
    withRows(context, loaded, async (table) => {
      const predicts = new Map<string, number>();
      for (const column of columns) {
        if (column.name === target) continue;
        const share = await certainty(table, column, goal, rows);
        if (share !== null) predicts.set(column.name, share);
      }
      return prepareForModelling({ rows, columns, predicts }, target);
    }),
  );
}

/** How well a column alone tells the target: by its most frequent value for each of its own, or as a straight line. */
async function certainty(
  { query }: Rows,
  column: ColumnProfile,
  goal: ColumnProfile,
  rows: number,
): Promise<number | null> {
  if (isNumber(column) && isNumber(goal) && goal.distinct > 20) {
    const [[r] = [null]] = await query(
      `SELECT abs(corr(${numberSql(column)}, ${numberSql(goal)})) FROM ${identifier(SOURCE)} AS t`,
    );
    return r === null || !Number.isFinite(Number(r)) ? null : Number(r);
  }
  if (rows === 0 || column.distinct > Math.max(50, rows * FEW) || goal.distinct > 1000) return null;
  const feature = `t.${identifier(column.name)}`;
  const wanted = `t.${identifier(goal.name)}`;
  const [[share, most] = [null, null]] = await query(
    `SELECT sum(best) / sum(n), (SELECT max(c) / sum(c) FROM (SELECT count(*) AS c FROM ${identifier(SOURCE)} AS t WHERE ${wanted} IS NOT NULL GROUP BY ${wanted}))\nFROM (SELECT max(c) AS best, sum(c) AS n FROM (\n  SELECT ${feature} AS x, count(*) AS c FROM ${identifier(SOURCE)} AS t WHERE ${wanted} IS NOT NULL GROUP BY ${feature}, ${wanted}\n) GROUP BY x)`,
  );
  // Where nearly all rows have the same target, everything tells it.
  return share === null || Number(most) > 0.95 ? null : Number(share);
}

const isNumber = ({ type }: ColumnProfile): boolean => type.kind === 'integer' || type.kind === 'decimal';

const numberSql = ({ name, type }: ColumnProfile): string =>
  valueSql(`t.${identifier(name)}`, type, 'DOUBLE');
