/** One claim and what was measured of it, beside what was promised. */
export interface Row {
  readonly name: string;
  /** Null where this machine could not measure it. */
  readonly value: number | null;
  readonly unit: string;
  /** Such as `>= 1.5`; null where there is no promise. */
  readonly bar: string | null;
  /** Null where there is no bar or no value. */
  readonly met: boolean | null;
  /** What the value was made of or stands beside, by name and unit. */
  readonly peers: Readonly<Record<string, number>>;
  /** What was not measured and why; what to know of how it was. */
  readonly notes: readonly string[];
}

export type Bar = { readonly atLeast: number } | { readonly atMost: number };

export function row(
  name: string,
  value: number | null,
  unit: string,
  bar: Bar | null,
  peers: Readonly<Record<string, number | null>> = {},
  notes: readonly string[] = [],
): Row {
  return {
    name,
    value: value === null ? null : rounded(value),
    unit,
    bar: bar === null ? null : 'atLeast' in bar ? `>= ${rounded(bar.atLeast)}` : `<= ${rounded(bar.atMost)}`,
    met:
      bar === null || value === null ? null : 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost,
    peers: Object.fromEntries(
      Object.entries(peers).flatMap(([peer, of]) => (of === null ? [] : [[peer, rounded(of)]])),
    ),
    notes,
  };
}

/** Four significant digits: more than a measurement on a shared machine is worth. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** @returns a / b, or null where either was not measured */
export const ratio = (a: number | null, b: number | null): number | null =>
  a === null || b === null || b === 0 ? null : a / b;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
