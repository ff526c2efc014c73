import type { StoredObject } from '#main/storage';
import type { Difference, ManifestFile } from '#shared/domain';
import { decodeCrc32, encodeCrc32 } from '#shared/lib';

/** What was computed from bytes that were read. */
export interface Sums {
  readonly size: number;
  readonly crc32: number;
  readonly sha256: string;
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

/** @returns how bytes that were read differ from those the manifest tells of */
export function compareBytes(file: ManifestFile, sums: Sums): readonly Difference[] {
  const differences: Difference[] = [];
  if (sums.size !== file.size) {
    differences.push({ what: 'size', expected: String(file.size), found: String(sums.size) });
  }
  if (file.crc32 !== null && decodeCrc32(file.crc32) !== sums.crc32) {
    differences.push({ what: 'crc32', expected: file.crc32, found: encodeCrc32(sums.crc32) });
  }
  if (file.sha256 !== null && file.sha256 !== sums.sha256) {
    differences.push({ what: 'sha256', expected: file.sha256, found: sums.sha256 });
  }
  return differences;
}
