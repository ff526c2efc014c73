import { assertNever } from '#shared/lib';
import { literal } from '../../sql/index.ts';
import type { Measured } from '../tree.ts';

/** Sums of doubles depend on their order, which has to be the same every time. */
export function measureSql(
  { measure, of, whole, where }: Measured,
  scope: (column: string) => string,
): string {
  const conditions: string[] = [];
  if (where !== null)
    conditions.push(
      where.value === null
        ? `${scope(where.column)} IS NULL`
        : `CAST(${scope(where.column)} AS VARCHAR) = ${literal(where.value)}`,
    );
  const x = of === null ? '*' : scope(of);
  const sql = (): string => {
    switch (measure) {
      case 'count':
        return 'count(*)';
      case 'count-present':
        return `count(${x})`;
      case 'count-distinct':
        return `count(DISTINCT ${x})`;
      case 'sum':
        return `sum(${x} ORDER BY t.rowid)`;
      case 'mean':
        return `avg(${x} ORDER BY t.rowid)`;
      case 'median':
        return `quantile_cont(CAST(${x} AS DOUBLE), 0.5)`;
      case 'smallest':
        return `min(${x})`;
      case 'largest':
        return `max(${x})`;
      case 'deviation':
        return `stddev_samp(CAST(${x} AS DOUBLE) ORDER BY t.rowid)`;
      case 'first':
      case 'last':
        conditions.push(`${x} IS NOT NULL`);
        return `${measure}(${x} ORDER BY t.rowid)`;
      default:
        return assertNever(measure);
    }
  };
  const value = sql();
  const filtered = conditions.length === 0 ? value : `${value} FILTER (WHERE ${conditions.join(' AND ')})`;
  return measure === 'sum' && whole ? `CAST(${filtered} AS DECIMAL(38, 0))` : filtered;
}
