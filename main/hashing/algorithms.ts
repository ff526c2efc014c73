/** The checksums S3 knows that this server verifies, and the digests they and ETags are made of. */

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Over the object's bytes, or over the checksums of its parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export type DigestName = 'md5' | 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256';

/** Raw digests, big-endian. */
export type Digests = ReadonlyMap<DigestName, Buffer>;

const NAMES: Readonly<Record<ChecksumAlgorithm, DigestName>> = {
  CRC32: 'crc32',
  CRC32C: 'crc32c',
  CRC64NVME: 'crc64nvme',
  SHA1: 'sha1',
  SHA256: 'sha256',
};

const SIZES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export function digestName(algorithm: ChecksumAlgorithm): DigestName {
  return NAMES[algorithm];
}

/** @returns e.g. `x-amz-checksum-crc32` */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${NAMES[algorithm]}`;
}

/** @returns e.g. `ChecksumCRC32`, the element of the same value */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

export function parseChecksumAlgorithm(name: string): ChecksumAlgorithm | null {
  const upper = name.trim().toUpperCase();
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === upper) ?? null;
}

/** @returns whether text is a checksum of this algorithm in base64 */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value, 'base64').length === SIZES[algorithm];
}

export function digestOf(digests: Digests, name: DigestName): Buffer {
  const digest = digests.get(name);
  if (digest === undefined) throw new TypeError(`${name} was not computed`);
  return digest;
}
