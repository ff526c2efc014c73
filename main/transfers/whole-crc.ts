import { combineCrc32 } from '#shared/lib';
import { partRange, type UploadPlan } from './plan.ts';

/** CRC-32 of the whole, from those of its parts. @throws TypeError where one is missing */
export function wholeCrc(
  plan: Pick<UploadPlan, 'size' | 'partSize' | 'partCount'>,
  parts: ReadonlyMap<number, { readonly crc32: number }>,
): number {
  let whole = 0;
  for (let number = 1; number <= plan.partCount; number += 1) {
    const part = parts.get(number);
    if (part === undefined) throw new TypeError(`part ${number} is missing`);
    whole = combineCrc32(whole, part.crc32, partRange(plan, number).length);
  }
  return whole;
}
