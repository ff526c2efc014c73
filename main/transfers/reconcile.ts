import type { PartRecord } from '#main/journal';
import type { StoredPart } from '#main/storage';
import { partRange, type UploadPlan } from './plan.ts';

/**
 * Which parts need not be sent again: the store lists them, the journal saw them land, and the two agree with the plan
 * in size, ETag and checksum. Anything less is sent again; a part that only the store knows may be half a story.
 */
export function partsToKeep(
  plan: UploadPlan,
  seen: readonly PartRecord[],
  listed: readonly StoredPart[],
): readonly (PartRecord & { readonly etag: string })[] {
  const byNumber = new Map(listed.map((part) => [part.number, part]));
  return seen.flatMap((part) => {
    const there = byNumber.get(part.number);
    if (there === undefined || part.number > plan.partCount) return [];
    if (there.size !== partRange(plan, part.number).length) return [];
    if (part.etag !== null && there.etag !== part.etag) return [];
    if (there.crc32 !== null && there.crc32 !== part.crc32) return [];
    return [{ ...part, etag: there.etag }];
  });
}
