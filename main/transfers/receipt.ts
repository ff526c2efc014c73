import { fileIdentity, type TransferRecord } from '#main/journal';
import type { ObjectStore, StoredObject } from '#main/storage';
import type { Receipt } from '#shared/domain';
import { encodeCrc32 } from '#shared/lib';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The proof of a finished upload, from what was read, what was sent and what the store then said. */
export function makeReceipt(facts: {
  readonly record: TransferRecord;
  readonly store: ObjectStore;
  readonly stored: Pick<StoredObject, 'etag' | 'versionId' | 'size'>;
  readonly crc32: number;
  readonly parts: { readonly kept: number; readonly resent: number };
  readonly proven: readonly string[];
  readonly startedAt: number;
  readonly finishedAt: number;
}): Receipt {
  const { record, store, stored } = facts;
  return {
    version: 1,
    transferId: record.id,
    source: {
      name: record.name,
      path: record.source.kind === 'page' ? null : record.source.path,
      size: fileIdentity(record)?.size ?? record.size,
      modified: modifiedOf(record),
    },
    object: {
      endpoint: store.endpoint,
      bucket: record.bucket,
      key: record.key,
      etag: stored.etag,
      versionId: stored.versionId,
      size: stored.size,
    },
    crc32: encodeCrc32(facts.crc32),
    sha256: record.sha256,
    parts: { count: record.partCount, size: record.partSize, ...facts.parts },
    original: originalOf(record),
    proven: [...facts.proven],
    notes: [...(record.prepared?.notes ?? [])],
    startedAt: iso(facts.startedAt),
    finishedAt: iso(facts.finishedAt),
  };
}

/** Of a file that was compressed: what was read, and how. */
function originalOf({ prepared }: TransferRecord): Receipt['original'] {
  const packing = prepared?.packing;
  return packing?.kind === 'packed'
    ? { size: packing.source.size, crc32: encodeCrc32(packing.crc32), compressedBy: packing.packer }
    : null;
}

function modifiedOf(record: TransferRecord): string | null {
  if (record.source.kind === 'page') return iso(record.source.lastModified);
  const identity = fileIdentity(record);
  return identity === null ? null : iso(Number(BigInt(identity.modifiedNs) / 1_000_000n));
}
