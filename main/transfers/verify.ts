import { bareEtag, type StoredObject } from '#main/storage';
import { sluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';

/** Metadata that marks an object as made by one transfer: that some object stands at the key proves nothing. */
export const MARK = 'sluice-id';

export interface Expected {
  readonly key: string;
  readonly size: number;
  readonly crc32: number;
  readonly transferId: string;
  /** Of an upload that another program began: what its ETag is, without quotes, if it is made of exactly our parts. */
  readonly partsEtag?: string | null;
}

/** Whether the object is the one that this transfer made, and not merely one like it. */
function isOurs(stored: StoredObject, { transferId, partsEtag }: Expected): boolean {
  if (partsEtag === undefined) return stored.metadata[MARK] === transferId;
  // Without a mark: by the checksum of the whole, which is compared below, or by its parts.
  return stored.crc32 !== null || (partsEtag !== null && bareEtag(stored.etag) === partsEtag);
}

/**
 * Compares what the store says of the object with what was read from the file.
 * @returns what was proven, in words; @throws VERIFY_FAILED naming what does not agree
 */
export function prove(stored: StoredObject | null, expected: Expected): readonly string[] {
  const fail = (reason: string): never => {
    throw sluiceError('VERIFY_FAILED', { key: expected.key, reason });
  };
  if (stored === null) return fail('the store does not have it');
  if (!isOurs(stored, expected)) return fail('another upload stands there');
  if (stored.size !== expected.size) return fail(`it has ${stored.size} bytes instead of ${expected.size}`);
  const proven = [
    `the store holds ${expected.size} bytes, as many as were read`,
    expected.partsEtag === undefined
      ? 'the object carries the private mark of this upload'
      : 'every part that another program had sent was compared with the file',
  ];
  if (stored.crc32 === null) {
    return [
      ...proven,
      'each part was checked by the store when it arrived; it keeps no checksum of the whole',
    ];
  }
  if (stored.crc32 !== expected.crc32) {
    return fail(`its CRC-32 is ${encodeCrc32(stored.crc32)} instead of ${encodeCrc32(expected.crc32)}`);
  }
  return [
    ...proven,
    `the store's own CRC-32 of the whole object is that of the file (${encodeCrc32(expected.crc32)})`,
  ];
}

/** Whether the object at the key is already what this transfer was making. */
export function isProven(stored: StoredObject | null, expected: Expected): boolean {
  return (
    stored !== null &&
    isOurs(stored, expected) &&
    stored.size === expected.size &&
    (stored.crc32 === null || stored.crc32 === expected.crc32)
  );
}
