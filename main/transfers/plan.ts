import type { StoreLimits } from '#main/storage';
import { sluiceError, type SluiceError } from '#shared/errors';
import { formatBytes } from '#shared/lib';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** What S3 itself allows; a store may allow less. */
export const LIMITS = {
  minPartSize: 5 * MiB,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  /** 10,000 parts of 5 GiB. */
  maxSize: 10_000 * 5 * GiB,
} as const;

/** Of files that a lost part of this size is a noticeable share of. */
const SMALL_PART = 8 * MiB;
/** Of larger ones: half the requests, which are what costs a sender beside its bytes; seven fit in the memory for parts. */
const LARGE_PART = 15 * MiB;
const LARGE_FILE = GiB;

/** Of what a store allows, that which decides how a file is cut. Sizes in bytes. */
export type PlanLimits = Pick<
  StoreLimits,
  'minPart' | 'maxPart' | 'maxParts' | 'maxObject' | 'maxPut' | 'preferredPart'
>;

const S3_LIMITS: PlanLimits = {
  minPart: LIMITS.minPartSize,
  maxPart: LIMITS.maxPartSize,
  maxParts: LIMITS.maxParts,
  maxObject: LIMITS.maxSize,
  maxPut: LIMITS.maxPartSize,
  preferredPart: null,
};

/** How a file is cut; fixed for the life of an upload. What fits in one part goes up in one PUT. Parts are equal but for the last (some stores insist). */
export type UploadPlan =
  | { readonly kind: 'single'; readonly size: number; readonly partSize: number; readonly partCount: 1 }
  | {
      readonly kind: 'multipart';
      readonly size: number;
      readonly partSize: number;
      readonly partCount: number;
    };

/** A contiguous byte range; numbers count from 1, as S3 counts. */
export interface PartRange {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

/**
 * @param size bytes, at least 1
 * @param wanted part size in bytes, or null to have one chosen
 * @throws PLAN_IMPOSSIBLE before the first byte is sent
 */
export function planUpload(size: number, wanted: number | null = null, limits = S3_LIMITS): UploadPlan {
  const { minPart, maxPart, maxParts, maxObject, maxPut } = limits;
  if (size > maxObject) {
    throw impossible(`the file is larger than the ${formatBytes(maxObject)} that an object can have there`);
  }
  if (wanted !== null) {
    if (!Number.isSafeInteger(wanted) || wanted < minPart || wanted > maxPart) {
      throw impossible(`parts must have between ${inMiB(minPart)} and ${inMiB(maxPart)}`);
    }
    if (Math.ceil(size / wanted) > maxParts) {
      throw impossible(`it would take more than ${maxParts.toLocaleString('en-US')} parts of that size`);
    }
  }
  const partSize = wanted ?? partSizeFor(size, limits);
  if (size <= Math.min(partSize, maxPut)) return { kind: 'single', size, partSize, partCount: 1 };
  return { kind: 'multipart', size, partSize, partCount: Math.ceil(size / partSize) };
}

/** 8 MiB, or 15 MiB from 1 GiB on, for as long as nine tenths of the parts allowed are enough; then the next whole MiB that is. */
function partSizeFor(size: number, { minPart, maxPart, maxParts, preferredPart }: PlanLimits): number {
  const usual = preferredPart ?? (size < LARGE_FILE ? SMALL_PART : LARGE_PART);
  const needed = Math.ceil(size / (maxParts * 0.9));
  return Math.min(maxPart, Math.max(minPart, usual, Math.ceil(needed / MiB) * MiB));
}

const inMiB = (bytes: number): string => (bytes >= GiB ? `${bytes / GiB} GiB` : `${bytes / MiB} MiB`);

const impossible = (reason: string): SluiceError => sluiceError('PLAN_IMPOSSIBLE', { reason });

/** @param number from 1 to the plan's part count */
export function partRange(plan: Pick<UploadPlan, 'size' | 'partSize'>, number: number): PartRange {
  const offset = (number - 1) * plan.partSize;
  return { number, offset, length: Math.min(plan.partSize, plan.size - offset) };
}

/** @returns the plan that a record was made with */
export function recordedPlan(record: {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}): UploadPlan {
  const { size, partSize, partCount } = record;
  return partCount === 1
    ? { kind: 'single', size, partSize, partCount: 1 }
    : { kind: 'multipart', size, partSize, partCount };
}
