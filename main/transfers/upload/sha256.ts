import { openSha256 } from '#main/hashing';
import type { TransferRecord } from '#main/journal';
import type { UploadPlan } from '../plan.ts';
import { SourceHash } from '../source/index.ts';
import type { FileUpload } from './context.ts';
import type { PartBody } from './part-body.ts';

/**
 * Does the work with a hash of the source that its parts are to be offered to; with null where nobody asked for one, or
 * where an earlier try hashed it all and nothing is left to send.
 * @param kept the parts that are not sent again
 */
export async function withSha256<T>(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  kept: ReadonlyMap<number, { readonly crc32: number }>,
  work: (hash: SourceHash | null) => Promise<T>,
): Promise<T> {
  const isKnown = record.sha256 !== null && kept.size === plan.partCount;
  const isPacked = record.prepared?.packing?.kind === 'packed'; // then the file was hashed as it was compressed
  if (!record.options.sha256 || isKnown || isPacked) return work(null);
  const { source, tools } = upload;
  const hash = new SourceHash({
    plan,
    path: source.path,
    read: (buffer, offset) => source.read(buffer, offset),
    hash: openSha256(tools.hashes, plan.size),
    kept: new Map([...kept].map(([number, part]) => [number, part.crc32])),
    stale: (number) => tools.records.removePart(upload.id, number), // so that the next try sends it
  });
  try {
    return await work(hash);
  } finally {
    await hash.close();
  }
}

/** Shows the hash a part that is about to be sent. @returns to be called once it was, or will not be */
export const hashPart = (
  hash: SourceHash | null,
  number: number,
  { held, crc32 }: PartBody,
): (() => Promise<void>) | undefined =>
  held === null ? hash?.leave(number, crc32) : hash?.offer(number, held, crc32);

/** Once every part was sent. @throws SOURCE_CHANGED where one is not any more what was sent of it */
export async function keepSha256(upload: FileUpload, hash: SourceHash | null): Promise<void> {
  if (hash === null) return;
  upload.events.phase('verifying'); // parts that an earlier process sent may have to be read for it
  upload.tools.records.saveSha256(upload.id, await hash.digest(upload.signal));
}
