/** Tags and checksums of what was uploaded in parts, made of those of its parts, as S3 makes them. */
import { crc32 } from 'node:zlib';
import { multipartETag } from '#main/hashing';
import { decodeCrc32 } from '#shared/lib';

/** A CRC-32 over the CRC-32s of the parts, and how many they were. */
export interface CompositeCrc32 {
  readonly crc32: number;
  readonly parts: number;
}

/** @returns an entity tag without quotes and weakness mark */
export const bareEtag = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');

const MD5 = /^[0-9a-f]{32}$/;

export const isMd5 = (etag: string): boolean => MD5.test(bareEtag(etag));

/**
 * @param etags of the parts, in order
 * @returns MD5 of their MD5s with their number, without quotes; null where one of them is no MD5
 */
export function expectedMultipartEtag(etags: readonly string[]): string | null {
  const bare = etags.map(bareEtag);
  if (bare.length === 0 || !bare.every((etag) => MD5.test(etag))) return null;
  return multipartETag(bare);
}

/** @param crcs of the parts, in order */
export function compositeCrc32(crcs: readonly number[]): CompositeCrc32 {
  const joined = Buffer.alloc(crcs.length * 4);
  for (const [index, crc] of crcs.entries()) joined.writeUInt32BE(crc, index * 4);
  return { crc32: crc32(joined), parts: crcs.length };
}

/** @param value `base64-N`; @returns null where it is not of that form */
export function parseComposite(value: string): CompositeCrc32 | null {
  const [base64 = '', count = ''] = value.split('-');
  const crc = decodeCrc32(base64);
  return crc === null || !/^[1-9]\d{0,4}$/.test(count) ? null : { crc32: crc, parts: Number(count) };
}
