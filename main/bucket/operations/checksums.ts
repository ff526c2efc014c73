/** How checksums are stored and told. */
import {
  type ChecksumAlgorithm,
  checksumElement,
  checksumHeader,
  type DigestName,
  digestName,
  digestOf,
  type Digests,
} from '#main/hashing';
import type { Checksum, ObjectRecord } from '../store/index.ts';
import { field, type ReplyHeaders, type RequestHeaders } from '../wire/index.ts';

/**
 * What objects get when nobody names an algorithm. S3 itself takes CRC64NVME; this one is native, so it costs nothing,
 * and the CRCs of parts combine just as well.
 */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC32';

/** @returns the checksum of all the bytes that were digested */
export function fullObject(algorithm: ChecksumAlgorithm, digests: Digests): Checksum {
  const value = digestOf(digests, digestName(algorithm)).toString('base64');
  return { algorithm, type: 'FULL_OBJECT', value };
}

/** @returns each name once */
export function unique(...names: readonly DigestName[]): DigestName[] {
  return [...new Set(names)];
}

export function checksumHeaders({ algorithm, type, value }: Checksum): ReplyHeaders {
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': type };
}

export function checksumFields({ algorithm, type, value }: Checksum): string {
  return field(checksumElement(algorithm), value) + field('ChecksumType', type);
}

/** @returns the checksum headers of a read that asked for them */
export function askedChecksum(headers: RequestHeaders, object: ObjectRecord): ReplyHeaders {
  const asked = headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return asked ? checksumHeaders(object.checksum) : {};
}
