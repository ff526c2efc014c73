/** CopyObject and UploadPartCopy. No byte is written: the copy is made of the same blobs. */
import { type ChecksumAlgorithm, digestName, digestOf, parseChecksumAlgorithm } from '#main/hashing';
import {
  type Bytes,
  type Checksum,
  type NewObject,
  type ObjectFacts,
  type ObjectRecord,
  SourceChanged,
} from '../store/index.ts';
import {
  checkCopySource,
  document,
  field,
  isoDate,
  parseCopyRange,
  parseCopySource,
  parseWriteCondition,
  type Reply,
  type RequestHeaders,
  S3Error,
  xml,
} from '../wire/index.ts';
import { checksumFields, DEFAULT_ALGORITHM, fullObject, unique } from './checksums.ts';
import { bucketOf, checkVersion, type Exchange, keyOf, namedBucket } from './exchange.ts';
import { factsOf, refuseUnsupported } from './facts.ts';
import { parsePartNumber } from './get-object.ts';
import { MAX_BODY } from './put-object.ts';
import { checkPartAlgorithm, partChecksum } from './uploads.ts';

const ATTEMPTS = 5;

interface Source {
  readonly bucket: number;
  readonly object: ObjectRecord;
}

/** Throws NoSuchBucket, NoSuchKey or PreconditionFailed. */
function sourceOf({ store, headers }: Exchange): Source {
  const named = parseCopySource(headers.get('x-amz-copy-source') ?? '');
  checkVersion(named.versionId);
  const bucket = namedBucket(store, named.bucket);
  const object = store.findObject(bucket.id, named.key);
  if (object === null) throw new S3Error('NoSuchKey', undefined, { Key: named.key });
  checkCopySource(headers, object);
  return { bucket: bucket.id, object };
}

function shared({ store }: Exchange, { bucket, object }: Source, start: number, length: number): Bytes {
  const slices = store.slicesOf(object.id, { start, length });
  return { kind: 'shared', slices, source: { bucket, key: object.key, id: object.id } };
}

/** Does it again with what is there now when the source was replaced meanwhile. */
async function withSource<T>(exchange: Exchange, copy: (source: Source) => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await copy(sourceOf(exchange));
    } catch (error) {
      if (!(error instanceof SourceChanged)) throw error;
    }
  }
  throw new S3Error('OperationAborted');
}

function tooLarge(): S3Error {
  return new S3Error(
    'InvalidRequest',
    `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_BODY}`,
  );
}

export async function copyObject(exchange: Exchange): Promise<Reply> {
  const { store, headers } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  refuseUnsupported(headers);
  const directive = headers.get('x-amz-metadata-directive')?.toUpperCase() ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.', {
      ArgumentName: 'x-amz-metadata-directive',
      ArgumentValue: directive,
    });
  }
  const wanted = wantedAlgorithm(headers.get('x-amz-checksum-algorithm'));
  const condition = parseWriteCondition(headers);

  const copied = await withSource(exchange, async (source) => {
    const { object } = source;
    if (object.size > MAX_BODY) throw tooLarge();
    const onItself = source.bucket === bucket.id && object.key === key;
    if (onItself && directive === 'COPY' && wanted === null) {
      throw new S3Error(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    const facts = factsOfCopy(headers, object.facts, directive);
    const proof = await proofOfCopy(exchange, object, wanted);
    const made: NewObject = { size: object.size, ...proof, facts, partCount: 0, upload: null };
    return store.putObject(bucket.id, key, made, shared(exchange, source, 0, object.size), condition);
  });
  return xml(
    document(
      'CopyObjectResult',
      field('LastModified', isoDate(copied.modified)),
      field('ETag', `"${copied.etag}"`),
      checksumFields(copied.checksum),
    ),
  );
}

/** As S3 has it: metadata and tags come along unless they are replaced, class and encryption are those of the request. */
function factsOfCopy(
  headers: RequestHeaders,
  source: ObjectFacts,
  directive: 'COPY' | 'REPLACE',
): ObjectFacts {
  const { tags: newTags, ...asked } = factsOf(headers);
  const replacesTags = headers.get('x-amz-tagging-directive')?.toUpperCase() === 'REPLACE';
  const tags = replacesTags ? newTags : source.tags;
  const { headers: kept, metadata } = directive === 'COPY' ? source : asked;
  return {
    headers: kept,
    metadata,
    ...(asked.asked !== undefined && { asked: asked.asked }),
    ...(tags !== undefined && { tags }),
  };
}

function wantedAlgorithm(header: string | null): ChecksumAlgorithm | null {
  if (header === null) return null;
  const algorithm = parseChecksumAlgorithm(header);
  if (algorithm === null)
    throw new S3Error('NotImplemented', undefined, { Header: 'x-amz-checksum-algorithm' });
  return algorithm;
}

/** The tag and checksum of a copy. Only what was uploaded in parts, or wants another checksum, has to be read. */
async function proofOfCopy(
  { store }: Exchange,
  object: ObjectRecord,
  wanted: ChecksumAlgorithm | null,
): Promise<{ etag: string; checksum: Checksum }> {
  const algorithm = wanted ?? object.checksum.algorithm;
  const same = algorithm === object.checksum.algorithm && object.checksum.type === 'FULL_OBJECT';
  if (same && object.partCount === 0) return { etag: object.etag, checksum: object.checksum };
  const names = unique('md5', digestName(algorithm));
  const digests = await store.digestContent(object.id, { start: 0, length: object.size }, names);
  return { etag: digestOf(digests, 'md5').toString('hex'), checksum: fullObject(algorithm, digests) };
}

export async function uploadPartCopy(exchange: Exchange): Promise<Reply> {
  const { store, headers, target } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  const number = parsePartNumber(target.query.get('partNumber') ?? '');
  const uploadId = target.query.get('uploadId') ?? '';

  const part = await withSource(exchange, async (source) => {
    const upload = store.findUpload(bucket.id, key, uploadId);
    const range = parseCopyRange(headers.get('x-amz-copy-source-range'), source.object.size);
    if (range.length > MAX_BODY) throw tooLarge();
    const algorithm = checkPartAlgorithm(upload, null) ?? DEFAULT_ALGORITHM;
    const names = unique('md5', 'crc32', digestName(algorithm));
    const digests = await store.digestContent(source.object.id, range, names);
    const made = { number, size: range.length, ...partChecksum(algorithm, digests) };
    const bytes = shared(exchange, source, range.start, range.length);
    return store.putPart(bucket.id, key, uploadId, made, bytes);
  });
  return xml(
    document(
      'CopyPartResult',
      field('LastModified', isoDate(part.modified)),
      field('ETag', `"${part.etag}"`),
      field(`Checksum${part.algorithm}`, part.checksum),
    ),
  );
}
