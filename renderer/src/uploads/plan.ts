import { type PartState, type PartStrip } from '#shared/domain';

/** One contiguous byte range of a file; `end` is not part of it. */
export interface PartRange {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

const THERE: ReadonlySet<PartState> = new Set(['sent', 'kept', 'resent', 'verified']);

/** @returns the parts the store does not have yet, in order */
export function missingParts(size: number, partSize: number, strip: PartStrip): readonly PartRange[] {
  const missing: PartRange[] = [];
  let number = 1;
  for (const { state, count } of strip) {
    for (const last = number + count; number < last; number += 1) {
      if (THERE.has(state)) continue;
      const start = (number - 1) * partSize;
      missing.push({ number, start, end: Math.min(size, start + partSize) });
    }
  }
  return missing;
}
