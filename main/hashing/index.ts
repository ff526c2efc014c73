export {
  CHECKSUM_ALGORITHMS,
  checksumElement,
  checksumHeader,
  digestName,
  digestOf,
  isChecksumValue,
  parseChecksumAlgorithm,
  type ChecksumAlgorithm,
  type ChecksumType,
  type DigestName,
  type Digests,
} from './algorithms.ts';
export { combineCrcs, isCombinable } from './crc-combine.ts';
export { compositeChecksum, multipartETag } from './etag.ts';
export { digestNow } from './hasher.ts';
export { HashPool, type HashStream } from './pool.ts';
export { openSha256, type OrderedHash } from './sha256.ts';
