/** DeleteObject and DeleteObjects. */
import { readSmallBody } from '../body/index.ts';
import {
  ALWAYS,
  bareETag,
  checkKeyLength,
  childrenNamed,
  childText,
  document,
  empty,
  field,
  group,
  optional,
  parseWriteCondition,
  parseXml,
  type Reply,
  S3Error,
  toS3Error,
  type WriteCondition,
  xml,
  type XmlElement,
} from '../wire/index.ts';
import { bodyOf, bucketOf, checkVersion, type Exchange, keyOf } from './exchange.ts';

const MAX_KEYS = 1000;
const MAX_XML = 8 * 1024 * 1024;

export async function deleteObject(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange);
  checkVersion(exchange.target.query.get('versionId'));
  const condition = parseWriteCondition(exchange.headers);
  await exchange.store.deleteObject(bucket.id, keyOf(exchange), condition);
  return empty(204);
}

interface Doomed {
  readonly key: string;
  readonly versionId: string | null;
  readonly condition: WriteCondition;
}

export async function deleteObjects(exchange: Exchange): Promise<Reply> {
  const bucket = bucketOf(exchange);
  const body = bodyOf(exchange);
  if (body.checksum === null && exchange.headers.get('content-md5') === null) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const root = parseXml(await readSmallBody(body, MAX_XML));
  const objects = childrenNamed(root, 'Object').map(parseObject);
  if (root.name !== 'Delete' || objects.length === 0 || objects.length > MAX_KEYS) {
    throw new S3Error('MalformedXML');
  }
  const quiet = childText(root, 'Quiet')?.trim() === 'true';
  const results = await Promise.all(objects.map((object) => deleteOne(exchange, bucket.id, object, quiet)));
  return xml(document('DeleteResult', ...results));
}

function parseObject(element: XmlElement): Doomed {
  const key = childText(element, 'Key');
  if (key === null || key === '') throw new S3Error('MalformedXML');
  for (const unsupported of ['LastModifiedTime', 'Size']) {
    if (childText(element, unsupported) !== null) throw new S3Error('NotImplemented');
  }
  const etag = childText(element, 'ETag');
  return {
    key,
    versionId: childText(element, 'VersionId'),
    condition: etag === null ? ALWAYS : { kind: 'etag', etag: bareETag(etag) },
  };
}

/** One key's failure is told in the result and keeps no other from going. */
async function deleteOne(
  { store }: Exchange,
  bucket: number,
  { key, versionId, condition }: Doomed,
  quiet: boolean,
): Promise<string> {
  const named = field('Key', key) + optional('VersionId', versionId);
  try {
    checkKeyLength(key);
    checkVersion(versionId);
    await store.deleteObject(bucket, key, condition);
    return quiet ? '' : group('Deleted', named);
  } catch (error) {
    const { code, message } = toS3Error(error);
    return group('Error', named, field('Code', code), field('Message', message));
  }
}
