import { MOST_POINTS, type ChartData, type ChartSpec, type Column } from '#shared/domain';
import { literal } from '../sql/index.ts';
import type { Query } from '../profile/index.ts';
import { axesOf, type Axis } from './axes.ts';
import { cellSql, EMPTY } from './axis.ts';
import { draw, TABLE } from './draw.ts';
import { titleOf } from './title.ts';

/** The rows a chart is made of. */
export interface ChartSource {
  readonly query: Query;
  /** A query of the rows: `p`, and the cells as text. */
  readonly rows: string;
  readonly columns: readonly Column[];
  /** The name of a column in `rows`. */
  readonly cell: (index: number) => string;
}

/** Sums up the rows of a table for a chart: at most MOST_POINTS. Throws INPUT_INVALID for what cannot be drawn. */
export async function drawChart(source: ChartSource, spec: ChartSpec): Promise<ChartData> {
  const { query } = source;
  const drawing = { query, spec, ...axesOf(source.columns, spec) };
  const { x, y, group } = drawing;
  const taken = (axis: Axis | null, key: string): string[] =>
    axis === null ? [] : [`${cellSql(source.cell(axis.index), axis.column, axis.role)} AS ${key}`];
  const cells = ['p', ...taken(x, 'x'), ...taken(y, 'y'), ...taken(group, 'g')];
  await query(`CREATE OR REPLACE TEMP TABLE ${TABLE} AS SELECT ${cells.join(', ')} FROM (${source.rows})`);
  const there = [x === null ? [] : ['x IS NOT NULL'], y === null ? [] : ['y IS NOT NULL']].flat();
  const [[total, usable] = [0, 0]] = await query(
    `SELECT count(*), count(*) FILTER (${there.join(' AND ')}) FROM ${TABLE}`,
  );
  await query(`DELETE FROM ${TABLE} WHERE NOT (${there.join(' AND ')})`);
  if (group !== null) await query(`UPDATE ${TABLE} SET g = ${literal(EMPTY)} WHERE g IS NULL`);
  const drawn =
    Number(usable) === 0 ? { fields: [], rows: [], notes: [] } : await draw(drawing, Number(usable));
  await query(`DROP TABLE ${TABLE}`);
  return {
    spec,
    title: titleOf(spec, (index) => source.columns[index]?.name ?? ''),
    fields: [...drawn.fields],
    rows: drawn.rows.slice(0, MOST_POINTS),
    total: Number(total),
    leftOut: Number(total) - Number(usable),
    notes: [...new Set(drawn.notes)],
  };
}
