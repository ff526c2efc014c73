/** Tags and checksums of what was uploaded in parts, made of those of its parts. */
import { createHash } from 'node:crypto';
import type { ChecksumAlgorithm } from './algorithms.ts';
import { digestName, digestOf } from './algorithms.ts';
import { digestNow } from './hasher.ts';

/** @param etags of the parts, in order: MD5s in hex. @returns `md5-of-md5s-N`, without quotes */
export function multipartETag(etags: readonly string[]): string {
  const hash = createHash('md5');
  for (const etag of etags) hash.update(etag, 'hex');
  return `${hash.digest('hex')}-${etags.length}`;
}

/** @param checksums of the parts, in order, in base64. @returns `checksum-of-checksums-N` */
export function compositeChecksum(algorithm: ChecksumAlgorithm, checksums: readonly string[]): string {
  const joined = Buffer.concat(checksums.map((checksum) => Buffer.from(checksum, 'base64')));
  const name = digestName(algorithm);
  return `${digestOf(digestNow(joined, [name]), name).toString('base64')}-${checksums.length}`;
}
