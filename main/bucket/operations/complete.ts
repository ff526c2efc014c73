/** CompleteMultipartUpload. */
import { checksumOfHeaders, readSmallBody } from '../body/index.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumElement,
  checksumHeader,
  combineCrcs,
  compositeChecksum,
  isCombinable,
  multipartETag,
} from '#main/hashing';
import type { Checksum, Completion, ObjectRecord, PartRecord, UploadRecord } from '../store/index.ts';
import {
  bareETag,
  childrenNamed,
  childText,
  document,
  field,
  parseWriteCondition,
  parseXml,
  type Reply,
  type RequestHeaders,
  S3Error,
  xml,
  type XmlElement,
} from '../wire/index.ts';
import { checksumFields, DEFAULT_ALGORITHM } from './checksums.ts';
import { bodyOf, bucketOf, type Exchange, keyOf } from './exchange.ts';

const MIN_PART = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;
const MAX_XML = 8 * 1024 * 1024;

/** A part as the request names it. */
interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

export async function completeUpload(exchange: Exchange): Promise<Reply> {
  const { store, headers, target } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  const uploadId = target.query.get('uploadId') ?? '';
  const condition = parseWriteCondition(headers);
  const body = await readSmallBody(bodyOf(exchange, 'of-object'), MAX_XML);
  const named = parseParts(body);

  const before = store.findObject(bucket.id, key);
  const object =
    before?.upload === uploadId && isSameList(named, store.listParts(before.id))
      ? // Its answer was lost and it is asked for again.
        before
      : await store.completeUpload(bucket.id, key, uploadId, condition, (upload, parts) =>
          assemble(upload, named, parts, headers),
        );
  return xml(
    document(
      'CompleteMultipartUploadResult',
      field('Location', `http://${headers.get('host') ?? ''}${target.rawPath}`),
      field('Bucket', bucket.name),
      field('Key', key),
      field('ETag', `"${object.etag}"`),
      checksumFields(object.checksum),
    ),
  );
}

function isSameList(named: readonly NamedPart[], parts: readonly PartRecord[]): boolean {
  return (
    named.length === parts.length &&
    parts.every(({ number, etag }, at) => named[at]?.number === number && named[at].etag === etag)
  );
}

/** Throws MalformedXML or InvalidPartOrder. */
function parseParts(body: Buffer): NamedPart[] {
  const root = parseXml(body);
  const parts = childrenNamed(root, 'Part').map(parsePart);
  if (root.name !== 'CompleteMultipartUpload' || parts.length === 0 || parts.length > MAX_PARTS) {
    throw new S3Error('MalformedXML');
  }
  let last = 0;
  for (const { number } of parts) {
    if (number <= last) throw new S3Error('InvalidPartOrder');
    last = number;
  }
  return parts;
}

function parsePart(element: XmlElement): NamedPart {
  const number = childText(element, 'PartNumber')?.trim() ?? '';
  const etag = childText(element, 'ETag');
  if (!/^\d{1,6}$/.test(number) || Number(number) === 0 || etag === null) throw new S3Error('MalformedXML');
  const checksums = new Map<ChecksumAlgorithm, string>();
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = childText(element, checksumElement(algorithm));
    if (value !== null) checksums.set(algorithm, value.trim());
  }
  return { number: Number(number), etag: bareETag(etag), checksums };
}

/** Throws InvalidPart, EntityTooSmall, InvalidRequest or BadDigest. */
function assemble(
  upload: UploadRecord,
  named: readonly NamedPart[],
  stored: readonly PartRecord[],
  headers: RequestHeaders,
): Completion {
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  const parts = named.map((part, at) => {
    const found = byNumber.get(part.number);
    checkPart(upload, part, found);
    if (found.size < MIN_PART && at < named.length - 1) throw tooSmall(found);
    return found;
  });
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  checkSize(headers, size);
  const checksum = checksumOf(upload, parts);
  checkClaim(headers, checksum);
  return {
    object: {
      size,
      etag: multipartETag(parts.map(({ etag }) => etag)),
      facts: upload.facts,
      checksum,
      partCount: parts.length,
      upload: upload.upload,
    } satisfies Omit<ObjectRecord, 'key' | 'id' | 'modified'>,
    numbers: new Set(parts.map(({ number }) => number)),
  };
}

function checkPart(
  upload: UploadRecord,
  named: NamedPart,
  stored: PartRecord | undefined,
): asserts stored is PartRecord {
  const claimed = stored === undefined ? undefined : named.checksums.get(stored.algorithm);
  if (
    stored === undefined ||
    stored.etag !== named.etag ||
    (claimed !== undefined && claimed !== stored.checksum)
  ) {
    throw new S3Error('InvalidPart', undefined, {
      UploadId: upload.upload,
      PartNumber: named.number,
      ETag: named.etag,
    });
  }
  if (claimed === undefined && upload.checksum?.type === 'COMPOSITE') {
    const algorithm = upload.checksum.algorithm.toLowerCase();
    throw new S3Error(
      'InvalidRequest',
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    );
  }
}

function tooSmall({ number, size, etag }: PartRecord): S3Error {
  return new S3Error('EntityTooSmall', undefined, {
    ProposedSize: size,
    MinSizeAllowed: MIN_PART,
    PartNumber: number,
    ETag: etag,
  });
}

function checkSize(headers: RequestHeaders, size: number): void {
  const claimed = headers.get('x-amz-mp-object-size');
  if (claimed === null || claimed === String(size)) return;
  throw new S3Error(
    'InvalidRequest',
    `The provided 'x-amz-mp-object-size' header value ${claimed} does not match what was computed: ${size}`,
  );
}

/** Where the client named no algorithm but its parts agree on one that combines, that one; else the default. */
function checksumOf(upload: UploadRecord, parts: readonly PartRecord[]): Checksum {
  const first = parts[0]?.algorithm ?? DEFAULT_ALGORITHM;
  const agreed = parts.every(({ algorithm }) => algorithm === first) ? first : DEFAULT_ALGORITHM;
  const algorithm = upload.checksum?.algorithm ?? (isCombinable(agreed) ? agreed : DEFAULT_ALGORITHM);
  if (upload.checksum?.type === 'COMPOSITE' || !isCombinable(algorithm)) {
    const checksums = parts.map(({ checksum }) => checksum);
    return { algorithm, type: 'COMPOSITE', value: compositeChecksum(algorithm, checksums) };
  }
  const crcs = parts.map((part) => ({
    crc: algorithm === part.algorithm ? Buffer.from(part.checksum, 'base64') : part.crc32,
    size: part.size,
  }));
  return { algorithm, type: 'FULL_OBJECT', value: combineCrcs(algorithm, crcs).toString('base64') };
}

/** Throws BadDigest where the request claims another checksum of the object, or another kind of it. */
function checkClaim(headers: RequestHeaders, checksum: Checksum): void {
  const type = headers.get('x-amz-checksum-type')?.toUpperCase() ?? checksum.type;
  if (type !== checksum.type) {
    throw new S3Error(
      'BadDigest',
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const claim = checksumOfHeaders(headers);
  if (claim === null) return;
  if (claim.algorithm !== checksum.algorithm) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${claim.algorithm.toLowerCase()}`,
    );
  }
  // A composite may be told with the number of its parts or without.
  if (claim.value === checksum.value || claim.value === checksum.value.split('-')[0]) return;
  throw new S3Error(
    'BadDigest',
    `The ${claim.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    {
      ExpectedDigest: claim.value ?? '',
      CalculatedDigest: checksum.value,
      Header: checksumHeader(claim.algorithm),
    },
  );
}
