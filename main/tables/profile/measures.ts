import type { ColumnProfile, ColumnType } from '#shared/domain';
import type { Counted } from './scan.ts';

const BINS = 20;

type Measures = Pick<ColumnProfile, 'min' | 'max' | 'mean' | 'quantiles'>;

/** Range, mean and quartiles of a column of which every value was counted. */
export function measuresOfCounts(values: readonly Counted[], type: ColumnType): Measures {
  const numeric = type.kind === 'integer' || type.kind === 'decimal';
  const sorted = [...values].sort(
    numeric
      ? (a, b) => Number(a.value) - Number(b.value)
      : (a, b) => Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)),
  );
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  const at = (share: number): string => {
    let left = share * (total - 1);
    for (const { value, count } of sorted) {
      if (left < count) return value;
      left -= count;
    }
    return sorted.at(-1)?.value ?? '';
  };
  const ordered = numeric || type.kind === 'date' || type.kind === 'timestamp';
  return {
    min: sorted[0]?.value ?? null,
    max: sorted.at(-1)?.value ?? null,
    mean:
      numeric && total > 0
        ? sorted.reduce((sum, { value, count }) => sum + Number(value) * count, 0) / total
        : null,
    quantiles: ordered && total > 0 ? { q25: at(0.25), q50: at(0.5), q75: at(0.75) } : null,
  };
}

/** Equally wide bins between two numbers. @returns a function that adds to them, and the bins; null where there is no width */
function binsBetween(
  min: string | null,
  max: string | null,
): { bins: number[]; add: (value: number, count: number) => void } | null {
  const [low, high] = [Number(min), Number(max)];
  if (min === null || max === null || !(high > low)) return null;
  const bins = Array.from({ length: BINS }, () => 0);
  const add = (value: number, count: number): void => {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * BINS)));
    bins[bin] = (bins[bin] ?? 0) + count;
  };
  return { bins, add };
}

export function histogramOfCounts(
  values: readonly Counted[],
  min: string | null,
  max: string | null,
): number[] {
  const histogram = binsBetween(min, max);
  for (const { value, count } of values) histogram?.add(Number(value), count);
  return histogram?.bins ?? [];
}

/** Places the values between two percentiles evenly: near enough to see how they are spread. */
export function histogramOfPercentiles(
  percentiles: readonly string[],
  min: string | null,
  max: string | null,
  total: number,
): number[] {
  const histogram = binsBetween(min, max);
  if (histogram === null) return [];
  const edges = percentiles.map(Number);
  const steps = 50;
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]];
    for (let step = 0; step < steps; step += 1) {
      histogram.add(from + ((to - from) * (step + 0.5)) / steps, total / (100 * steps));
    }
  }
  return rounded(histogram.bins, total);
}

/** Whole counts that still add up. */
function rounded(bins: readonly number[], total: number): number[] {
  let carried = 0;
  let given = 0;
  return bins.map((bin, index) => {
    carried += bin;
    const count = index === bins.length - 1 ? total - given : Math.max(0, Math.round(carried) - given);
    given += count;
    return count;
  });
}
