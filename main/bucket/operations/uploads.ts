/** Uploads in parts: beginning, parts, lists, abort. */
import {
  type ChecksumAlgorithm,
  checksumElement,
  checksumHeader,
  type ChecksumType,
  digestName,
  digestOf,
  type Digests,
  isCombinable,
  parseChecksumAlgorithm,
} from '#main/hashing';
import type { PartRecord, UploadRecord } from '../store/index.ts';
import {
  document,
  empty,
  field,
  group,
  isoDate,
  optional,
  type Reply,
  type RequestHeaders,
  S3Error,
  xml,
} from '../wire/index.ts';
import { DEFAULT_ALGORITHM, unique } from './checksums.ts';
import { bodyOf, bucketOf, countOf, type Exchange, keyOf, OWNER } from './exchange.ts';
import { factsOf, refuseUnsupported } from './facts.ts';
import { parsePartNumber } from './get-object.ts';
import { encodeKey, encodingOf } from './list-encoding.ts';
import { checkSize } from './put-object.ts';

const PAGE = 1000;

export async function createUpload(exchange: Exchange): Promise<Reply> {
  const { store, headers } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  refuseUnsupported(headers);
  const checksum = wantedChecksum(headers);
  const { upload } = await store.createUpload(bucket.id, { key, facts: factsOf(headers), checksum });
  return xml(
    document(
      'InitiateMultipartUploadResult',
      field('Bucket', bucket.name),
      field('Key', key),
      field('UploadId', upload),
    ),
    checksum === null
      ? {}
      : { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type },
  );
}

function wantedChecksum(headers: RequestHeaders): UploadRecord['checksum'] {
  const name = headers.get('x-amz-checksum-algorithm');
  const wantedType = headers.get('x-amz-checksum-type')?.toUpperCase() ?? null;
  if (name === null) {
    if (wantedType === null) return null;
    throw new S3Error(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = parseChecksumAlgorithm(name);
  if (algorithm === null)
    throw new S3Error('NotImplemented', undefined, { Header: 'x-amz-checksum-algorithm' });
  const usual: ChecksumType = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = wantedType ?? usual;
  const allowed =
    (type === 'FULL_OBJECT' && isCombinable(algorithm)) ||
    (type === 'COMPOSITE' && algorithm !== 'CRC64NVME');
  if (!allowed) {
    throw new S3Error(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type };
}

/** @returns the algorithm the upload's parts have, or null for any. Throws InvalidRequest where a part has another. */
export function checkPartAlgorithm(
  { checksum }: UploadRecord,
  declared: ChecksumAlgorithm | null,
): ChecksumAlgorithm | null {
  if (checksum === null) return declared;
  if (declared !== null && declared !== checksum.algorithm) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${declared.toLowerCase()}`,
    );
  }
  return checksum.algorithm;
}

export function partChecksum(
  algorithm: ChecksumAlgorithm,
  digests: Digests,
): Pick<PartRecord, 'etag' | 'algorithm' | 'checksum' | 'crc32'> {
  return {
    etag: digestOf(digests, 'md5').toString('hex'),
    algorithm,
    checksum: digestOf(digests, digestName(algorithm)).toString('base64'),
    crc32: digestOf(digests, 'crc32'),
  };
}

export async function uploadPart(exchange: Exchange): Promise<Reply> {
  const { store, target } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  const number = parsePartNumber(target.query.get('partNumber') ?? '');
  const uploadId = target.query.get('uploadId') ?? '';
  const upload = store.findUpload(bucket.id, key, uploadId);
  const body = bodyOf(exchange);
  checkSize(body.length);
  const declared = checkPartAlgorithm(upload, body.checksum?.algorithm ?? null);
  const algorithm = declared ?? DEFAULT_ALGORITHM;

  const names = unique('md5', 'crc32', digestName(algorithm), ...body.digests);
  const { blob, digests } = await store.receive(body.chunks(), body.length, names);
  try {
    body.verify(digests);
    const made = { number, size: blob.size, ...partChecksum(algorithm, digests) };
    const part = await store.putPart(bucket.id, key, uploadId, made, { kind: 'blob', blob });
    return empty(200, { etag: `"${part.etag}"`, [checksumHeader(algorithm)]: part.checksum });
  } catch (error) {
    await store.discard(blob);
    throw error;
  }
}

export async function abortUpload(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange);
  const uploadId = exchange.target.query.get('uploadId') ?? '';
  await exchange.store.abortUpload(bucket.id, keyOf(exchange), uploadId);
  return empty(204);
}

const initiator = group('Initiator', field('ID', OWNER.id), field('DisplayName', OWNER.name));
const owner = group('Owner', field('ID', OWNER.id), field('DisplayName', OWNER.name));

export function listParts(exchange: Exchange): Reply {
  const { store, target } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  const upload = store.findUpload(bucket.id, key, target.query.get('uploadId') ?? '');
  const limit = countOf(target.query, 'max-parts', PAGE);
  const given = target.query.get('part-number-marker') ?? '';
  const marker = given === '' ? 0 : countOf(target.query, 'part-number-marker', 0x7fffffff);
  const found = store.listParts(upload.id, marker, limit + 1);
  const shown = found.slice(0, limit);
  const truncated = limit > 0 && found.length > limit;
  return xml(
    document(
      'ListPartsResult',
      field('Bucket', bucket.name),
      field('Key', key),
      field('UploadId', upload.upload),
      initiator,
      owner,
      field('StorageClass', 'STANDARD'),
      field('PartNumberMarker', marker),
      optional('NextPartNumberMarker', shown.at(-1)?.number ?? marker),
      field('MaxParts', limit),
      field('IsTruncated', truncated),
      optional('ChecksumAlgorithm', upload.checksum?.algorithm),
      optional('ChecksumType', upload.checksum?.type),
      ...shown.map((part) =>
        group(
          'Part',
          field('PartNumber', part.number),
          field('LastModified', isoDate(part.modified)),
          field('ETag', `"${part.etag}"`),
          field('Size', part.size),
          field(checksumElement(part.algorithm), part.checksum),
        ),
      ),
    ),
  );
}

export function listUploads(exchange: Exchange): Reply {
  const { store, target } = exchange;
  const { query } = target;
  const bucket = bucketOf(exchange);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const uploadMarker = query.get('upload-id-marker') ?? '';
  const limit = countOf(query, 'max-uploads', PAGE);
  const encoding = encodingOf(query);
  const page = store.listUploads(bucket.id, {
    prefix,
    delimiter: delimiter === '' ? null : delimiter,
    after: keyMarker === '' ? null : { key: keyMarker, upload: uploadMarker === '' ? null : uploadMarker },
    limit,
  });
  return xml(
    document(
      'ListMultipartUploadsResult',
      field('Bucket', bucket.name),
      field('KeyMarker', encodeKey(keyMarker, encoding)),
      field('UploadIdMarker', uploadMarker),
      optional('NextKeyMarker', page.next === null ? null : encodeKey(page.next.key, encoding)),
      optional('NextUploadIdMarker', page.next?.upload),
      field('Prefix', encodeKey(prefix, encoding)),
      optional('Delimiter', delimiter === '' ? null : encodeKey(delimiter, encoding)),
      optional('EncodingType', encoding),
      field('MaxUploads', limit),
      field('IsTruncated', page.next !== null),
      ...page.uploads.map((upload) =>
        group(
          'Upload',
          field('Key', encodeKey(upload.key, encoding)),
          field('UploadId', upload.upload),
          initiator,
          owner,
          field('StorageClass', 'STANDARD'),
          field('Initiated', isoDate(upload.initiated)),
          optional('ChecksumAlgorithm', upload.checksum?.algorithm),
          optional('ChecksumType', upload.checksum?.type),
        ),
      ),
      ...page.prefixes.map((rolled) => group('CommonPrefixes', field('Prefix', encodeKey(rolled, encoding)))),
    ),
  );
}
