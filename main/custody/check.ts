import type { StoredObject } from '#main/storage';
import type { Difference, ManifestFile } from '#shared/domain';
import { decodeCrc32, encodeCrc32 } from '#shared/lib';

/** What was computed from bytes that were read. */
export interface Sums {
  readonly size: number;
  readonly crc32: number;
  /** In hex; null where nothing is to be compared with it. */
  readonly sha256: string | null;
}

/** @returns how what the store says of an object differs from what the manifest says */
export function compareObject(file: ManifestFile, stored: StoredObject | null): readonly Difference[] {
  if (stored === null) return [{ what: 'object', expected: 'there', found: 'missing' }];
  const differences: Difference[] = [];
  const compare = (what: Difference['what'], expected: string | null, found: string | null): void => {
    if (expected !== null && found !== null && expected !== found)
      differences.push({ what, expected, found });
  };
  compare('size', String(file.size), String(stored.size));
  compare('etag', file.etag, stored.etag);
  compare('version', file.versionId, stored.versionId ?? 'none');
  compare('crc32', file.crc32, stored.crc32 === null ? null : encodeCrc32(stored.crc32));
  return differences;
}

interface Expected {
  readonly size: number;
  readonly crc32: string | null;
  readonly sha256: string | null;
}

/** What the bytes of the object have to be. */
export const storedBytes = ({ size, crc32, sha256, original }: ManifestFile): Expected => ({
  size,
  crc32,
  sha256: original === null ? sha256 : null,
});

/** What the bytes of the file have to be: those of the object, unless it was compressed before it was sent. */
export const ownBytes = ({ size, crc32, sha256, original }: ManifestFile): Expected =>
  original === null ? { size, crc32, sha256 } : { size: original.size, crc32: original.crc32, sha256 };

/** @returns how bytes that were read differ from those that were expected */
export function compareBytes(expected: Expected, sums: Sums): readonly Difference[] {
  const differences: Difference[] = [];
  if (sums.size !== expected.size) {
    differences.push({ what: 'size', expected: String(expected.size), found: String(sums.size) });
  }
  if (expected.crc32 !== null && decodeCrc32(expected.crc32) !== sums.crc32) {
    differences.push({ what: 'crc32', expected: expected.crc32, found: encodeCrc32(sums.crc32) });
  }
  if (expected.sha256 !== null && sums.sha256 !== null && expected.sha256 !== sums.sha256) {
    differences.push({ what: 'sha256', expected: expected.sha256, found: sums.sha256 });
  }
  return differences;
}
