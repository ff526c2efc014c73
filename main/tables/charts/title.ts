import type { ChartMeasure, ChartSpec } from '#shared/domain';
import { assertNever } from '#shared/lib';

export const MEASURE_WORDS: Readonly<Record<ChartMeasure, string>> = {
  count: 'Rows',
  sum: 'Sum',
  mean: 'Mean',
  median: 'Median',
  min: 'Least',
  max: 'Most',
};

/** What a chart is of, in a line, e.g. `Mean of amount by city and year`. */
export function titleOf({ kind, x, y, group, measure }: ChartSpec, name: (index: number) => string): string {
  const of = (index: number | null): string => (index === null ? '' : name(index));
  const by = group === null ? of(x) : `${of(x)} and ${of(group)}`;
  switch (kind) {
    case 'histogram':
      return `Rows by ${by}`;
    case 'bar':
    case 'line':
      return measure === 'count' ? `Rows by ${by}` : `${MEASURE_WORDS[measure]} of ${of(y)} by ${by}`;
    case 'scatter':
      return `${of(y)} against ${of(x)}${group === null ? '' : ` by ${of(group)}`}`;
    case 'heatmap':
      return `Rows by ${of(x)} and ${of(y)}`;
    case 'box':
      return x === null ? of(y) : `${of(y)} by ${of(x)}`;
    default:
      return assertNever(kind);
  }
}
