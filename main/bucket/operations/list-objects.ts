/** ListObjects, both versions. */
import type { ListedObject, Page, Position } from '../store/index.ts';
import { document, field, group, isoDate, optional, type Reply, S3Error, xml } from '../wire/index.ts';
import { bucketOf, countOf, type Exchange, OWNER } from './exchange.ts';
import { encodeKey, type Encoding, encodingOf } from './list-encoding.ts';

const PAGE = 1000;

export function listObjectsV2(exchange: Exchange): Reply {
  const { store, target } = exchange;
  const { query } = target;
  const bucket = bucketOf(exchange);
  const { prefix, delimiter, limit, encoding } = common(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = token === null ? afterKey(startAfter, prefix, delimiter) : readToken(token);
  const page = store.listObjects(bucket.id, { prefix, delimiter, after, limit });
  const withOwner = query.get('fetch-owner') === 'true';
  return xml(
    document(
      'ListBucketResult',
      field('Name', bucket.name),
      field('Prefix', encodeKey(prefix, encoding)),
      optional('Delimiter', delimiter === null ? null : encodeKey(delimiter, encoding)),
      field('MaxKeys', limit),
      optional('EncodingType', encoding),
      field('KeyCount', page.objects.length + page.prefixes.length),
      optional('ContinuationToken', token),
      optional('NextContinuationToken', page.next === null ? null : writeToken(page.next)),
      optional('StartAfter', startAfter === '' ? null : encodeKey(startAfter, encoding)),
      field('IsTruncated', page.next !== null),
      entries(page, encoding, withOwner),
    ),
  );
}

export function listObjectsV1(exchange: Exchange): Reply {
  const { store, target } = exchange;
  const { query } = target;
  const bucket = bucketOf(exchange);
  const { prefix, delimiter, limit, encoding } = common(query);
  const marker = query.get('marker') ?? '';
  const after = afterKey(marker, prefix, delimiter);
  const page = store.listObjects(bucket.id, { prefix, delimiter, after, limit });
  // Without a delimiter clients go on from the last key they saw.
  const next = delimiter === null ? null : page.next;
  return xml(
    document(
      'ListBucketResult',
      field('Name', bucket.name),
      field('Prefix', encodeKey(prefix, encoding)),
      field('Marker', encodeKey(marker, encoding)),
      optional('NextMarker', next === null ? null : encodeKey(positionText(next), encoding)),
      optional('Delimiter', delimiter === null ? null : encodeKey(delimiter, encoding)),
      field('MaxKeys', limit),
      optional('EncodingType', encoding),
      field('IsTruncated', page.next !== null),
      entries(page, encoding, true),
    ),
  );
}

interface Common {
  readonly prefix: string;
  readonly delimiter: string | null;
  readonly limit: number;
  readonly encoding: Encoding;
}

function common(query: URLSearchParams): Common {
  const delimiter = query.get('delimiter') ?? '';
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: delimiter === '' ? null : delimiter,
    limit: countOf(query, 'max-keys', PAGE),
    encoding: encodingOf(query),
  };
}

/** A marker that is a common prefix stands for all that was rolled up in it. */
function afterKey(marker: string, prefix: string, delimiter: string | null): Position | null {
  if (marker === '') return null;
  const rolled =
    delimiter !== null &&
    marker.startsWith(prefix) &&
    marker.indexOf(delimiter, prefix.length) === marker.length - delimiter.length &&
    marker.length >= prefix.length + delimiter.length;
  return rolled ? { kind: 'prefix', prefix: marker } : { kind: 'key', key: marker };
}

function positionText(position: Position): string {
  return position.kind === 'key' ? position.key : position.prefix;
}

function writeToken(position: Position): string {
  const mark = position.kind === 'key' ? 'k' : 'p';
  return Buffer.from(mark + positionText(position), 'utf8').toString('base64url');
}

function readToken(token: string): Position {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('k')) return { kind: 'key', key: text.slice(1) };
  if (text.startsWith('p')) return { kind: 'prefix', prefix: text.slice(1) };
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    ArgumentName: 'continuation-token',
  });
}

function entries(page: Page, encoding: Encoding, withOwner: boolean): string {
  const contents = page.objects.map((object) => content(object, encoding, withOwner));
  const prefixes = page.prefixes.map((prefix) =>
    group('CommonPrefixes', field('Prefix', encodeKey(prefix, encoding))),
  );
  return [...contents, ...prefixes].join('');
}

function content(object: ListedObject, encoding: Encoding, withOwner: boolean): string {
  return group(
    'Contents',
    field('Key', encodeKey(object.key, encoding)),
    field('LastModified', isoDate(object.modified)),
    field('ETag', `"${object.etag}"`),
    field('ChecksumAlgorithm', object.algorithm),
    field('ChecksumType', object.type),
    field('Size', object.size),
    withOwner ? group('Owner', field('ID', OWNER.id), field('DisplayName', OWNER.name)) : '',
    field('StorageClass', object.storageClass ?? 'STANDARD'),
  );
}
