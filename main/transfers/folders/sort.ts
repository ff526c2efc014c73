import { Breath } from './breath.ts';

/** Sorted at once; takes about a millisecond. */
const RUN = 2048;

/**
 * Sorts many things without keeping the process to itself: runs at once, then merged pair by pair. Stable.
 * @returns a new array
 */
export async function sortPatiently<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
): Promise<readonly T[]> {
  const breath = new Breath();
  let runs: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    if (breath.due()) await breath.take();
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [first = [], second = []] = runs.slice(at, at + 2);
      merged.push(await merge(first, second, compare, breath));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  first: readonly T[],
  second: readonly T[],
  compare: (a: T, b: T) => number,
  breath: Breath,
): Promise<readonly T[]> {
  const [last, next] = [first.at(-1), second[0]];
  // What comes in order needs no comparing: most listings do.
  if (last === undefined || next === undefined || compare(last, next) <= 0) return [...first, ...second];
  const merged: T[] = [];
  let [a, b] = [0, 0];
  while (a < first.length && b < second.length) {
    const [left, right] = [first[a] as T, second[b] as T];
    if (compare(left, right) <= 0) {
      merged.push(left);
      a += 1;
    } else {
      merged.push(right);
      b += 1;
    }
    if (merged.length % 1024 === 0 && breath.due()) await breath.take();
  }
  return [...merged, ...first.slice(a), ...second.slice(b)];
}
