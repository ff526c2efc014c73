import { z } from 'zod';
import { columnIndex } from './rows.ts';

export const chartKind = z.enum(['histogram', 'bar', 'line', 'scatter', 'heatmap', 'box']);
export type ChartKind = z.infer<typeof chartKind>;

/** What becomes of the values that fall together. `count` counts rows and needs no column. */
export const chartMeasure = z.enum(['count', 'sum', 'mean', 'median', 'min', 'max']);
export type ChartMeasure = z.infer<typeof chartMeasure>;

/** What is to be drawn of a table, by the places of its columns. */
export const chartSpec = z.object({
  kind: chartKind,
  /** What it is drawn over. A box plot has none where it is of the whole column. */
  x: columnIndex.nullable(),
  /** The other axis, or what is measured; none where rows are counted. */
  y: columnIndex.nullable(),
  /** What tells the colours apart. */
  group: columnIndex.nullable(),
  /** Of bars and lines. */
  measure: chartMeasure,
});
export type ChartSpec = z.infer<typeof chartSpec>;

/**
 * What the rows of a chart are made of. `x` and `y` are where something stands, `x_to` and `y_to` where its bin ends, `value`
 * how much it is; the others are of box plots.
 */
export const chartKey = z.enum([
  'x',
  'x_to',
  'y',
  'y_to',
  'group',
  'value',
  'low',
  'q25',
  'q50',
  'q75',
  'high',
]);
export type ChartKey = z.infer<typeof chartKey>;

export const chartField = z.object({
  key: chartKey,
  title: z.string(),
  /** Times are texts as in ISO 8601, without a zone. */
  type: z.enum(['number', 'time', 'category']),
});
export type ChartField = z.infer<typeof chartField>;

const chartCell = z.union([z.number(), z.string(), z.null()]);

/** A chart with what is to be drawn, summed up by the engine. */
export const chartData = z.object({
  spec: chartSpec,
  title: z.string(),
  fields: z.array(chartField),
  /** At most MOST_POINTS; one cell for each field. Categories stand in the order they are drawn in. */
  rows: z.array(z.array(chartCell)),
  /** Rows of the table. */
  total: z.number(),
  /** Rows without a value that could be drawn. */
  leftOut: z.number(),
  /** What is not drawn as it is, in words: values put together, a choice of the rows. */
  notes: z.array(z.string()),
});
export type ChartData = z.infer<typeof chartData>;

export const MOST_POINTS = 5000;
