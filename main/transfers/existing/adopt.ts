import type { PartRecord } from '#main/journal';
import type { StoredPart, SurveyedUpload } from '#main/storage';
import type { Capabilities } from '#shared/domain';
import { crcOfRange, FileSource, md5OfRange } from '../source/index.ts';
import { LIMITS, partRange, type UploadPlan } from '../plan.ts';

/** How an upload that nobody here remembers was cut, and whether it can be gone on with. */
export type Fit =
  | { readonly kind: 'fits'; readonly plan: UploadPlan }
  /** @property why one clause, for a sentence */
  | { readonly kind: 'no-fit'; readonly why: string };

const noFit = (why: string): Fit => ({ kind: 'no-fit', why });

/**
 * Whether the parts of an unfinished upload can be parts of a file of this size, and how they are to be gone on with.
 * The store refuses parts with another checksum than the upload was begun with, so that must be ours.
 */
export function fitOf(upload: SurveyedUpload, size: number, proof: Capabilities['checksum']): Fit {
  const { parts, checksum } = upload;
  const type = proof === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT';
  const sameProof =
    proof === 'none' ? checksum === null : checksum?.algorithm === 'CRC32' && checksum.type === type;
  if (!sameProof) return noFit('it was begun with another kind of checksum');
  const partSize = Math.max(0, ...parts.map((part) => part.size));
  if (parts.length === 0) return noFit('nothing of it was stored');
  const partCount = Math.ceil(size / partSize);
  if (partCount < 2 || partCount > LIMITS.maxParts || partSize < LIMITS.minPartSize)
    return noFit('it is not cut in a way that this file can go on with');
  const plan: UploadPlan = { kind: 'multipart', size, partSize, partCount };
  const fits = parts.every(
    ({ number, size: bytes }) => number <= partCount && bytes === partRange(plan, number).length,
  );
  return fits ? { kind: 'fits', plan } : noFit('its parts are not those of a file of this size');
}

/**
 * Whether a file can go on with an unfinished upload: as `fitOf`, and the first part that is stored is proven to be of
 * this file. The others are proven one by one once it goes on.
 */
export async function fileFits(
  path: string,
  upload: SurveyedUpload,
  proof: Capabilities['checksum'],
  signal: AbortSignal,
): Promise<Fit> {
  const source = await FileSource.open(path);
  try {
    const fit = fitOf(upload, source.identity.size, proof);
    if (fit.kind === 'no-fit') return fit;
    const proven = await provenParts(source, fit.plan, upload.parts.slice(0, 1), signal);
    return proven.length === 1 ? fit : noFit('what is stored is not proven to be of this file');
  } finally {
    await source.close();
  }
}

/**
 * Which stored parts are proven to be ranges of the file: by the store's CRC-32 of the part, else by an ETag that is its
 * MD5. What neither can prove is left out, and so sent again.
 */
export async function provenParts(
  source: FileSource,
  plan: UploadPlan,
  parts: readonly StoredPart[],
  signal: AbortSignal,
): Promise<readonly PartRecord[]> {
  const proven: PartRecord[] = [];
  for (const { number, etag, crc32: told } of parts) {
    const { offset, length } = partRange(plan, number);
    const bare = etag.replaceAll('"', '');
    if (told === null && !/^[0-9a-f]{32}$/.test(bare)) continue;
    const crc = await crcOfRange(source, offset, length, signal);
    const same =
      told === null
        ? (await md5OfRange(source, offset, length, signal)).toString('hex') === bare
        : crc === told;
    if (same) proven.push({ number, crc32: crc, etag });
  }
  return proven;
}
