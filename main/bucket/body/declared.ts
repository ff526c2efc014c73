/** What the headers of a request promise of its body. */
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  isChecksumValue,
  parseChecksumAlgorithm,
  type ChecksumAlgorithm,
} from '#main/hashing';
import { type RequestHeaders, S3Error } from '../wire/index.ts';

/** A checksum, known now or to come behind the body. */
export interface DeclaredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64; null when it comes as a trailer. */
  readonly value: string | null;
}

/** x-amz-checksum-* headers that hold no checksum. */
const NOT_CHECKSUMS = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode']);

/** @returns the one checksum of x-amz-checksum-*, or null. Throws InvalidRequest, or NotImplemented for others. */
export function checksumOfHeaders(headers: RequestHeaders): DeclaredChecksum | null {
  const found: DeclaredChecksum[] = [];
  for (const [name, value] of headers.entries()) {
    if (!name.startsWith('x-amz-checksum-') || NOT_CHECKSUMS.has(name)) continue;
    const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => checksumHeader(candidate) === name);
    if (algorithm === undefined) throw new S3Error('NotImplemented', undefined, { Header: name });
    found.push({ algorithm, value });
  }
  if (found.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  return found[0] ?? null;
}

/** @returns the checksum the body is to be held against, or null. Throws InvalidRequest. */
export function declaredChecksum(headers: RequestHeaders): DeclaredChecksum | null {
  const inHeader = checksumOfHeaders(headers);
  if (inHeader !== null && !isChecksumValue(inHeader.algorithm, inHeader.value ?? '')) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeader(inHeader.algorithm)} header is invalid.`);
  }
  const inTrailer = checksumOfTrailer(headers.get('x-amz-trailer'));
  if (inHeader !== null && inTrailer !== null) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const declared = inHeader ?? inTrailer;
  const announced = headers.get('x-amz-sdk-checksum-algorithm');
  if (announced !== null) checkAnnounced(announced, declared);
  return declared;
}

function checksumOfTrailer(trailer: string | null): DeclaredChecksum | null {
  if (trailer === null || trailer.trim() === '') return null;
  const name = trailer.trim().toLowerCase();
  const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => checksumHeader(candidate) === name);
  if (algorithm !== undefined) return { algorithm, value: null };
  if (name.startsWith('x-amz-checksum-')) {
    throw new S3Error('NotImplemented', undefined, { Header: name });
  }
  throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
}

function checkAnnounced(announced: string, declared: DeclaredChecksum | null): void {
  const algorithm = parseChecksumAlgorithm(announced);
  if (declared === null) {
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (algorithm !== declared.algorithm) {
    throw new S3Error('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
}

/** @returns the MD5 the body is to be held against, or null. Throws InvalidDigest. */
export function declaredMd5(headers: RequestHeaders): Buffer | null {
  const header = headers.get('content-md5');
  if (header === null) return null;
  const md5 = Buffer.from(header, 'base64');
  if (md5.length !== 16 || md5.toString('base64') !== header.trim()) throw new S3Error('InvalidDigest');
  return md5;
}
