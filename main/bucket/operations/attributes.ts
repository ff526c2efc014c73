/** GetObjectAttributes. */
import { checksumElement } from '#main/hashing';
import type { ObjectRecord } from '../store/index.ts';
import { document, field, group, httpDate, optional, type Reply, S3Error, xml } from '../wire/index.ts';
import { checksumFields } from './checksums.ts';
import { type Exchange, objectOf } from './exchange.ts';
import { storageClassOf } from './facts.ts';

const KNOWN = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
const MAX_PARTS = 1000;

export function getObjectAttributes(exchange: Exchange): Reply {
  const { headers } = exchange;
  const object = objectOf(exchange);

  const asked = (headers.get('x-amz-object-attributes') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (asked.length === 0 || asked.some((name) => !KNOWN.some((known) => known === name))) {
    throw new S3Error('InvalidArgument', 'Invalid attribute name specified.', {
      ArgumentName: 'x-amz-object-attributes',
    });
  }
  const has = (name: (typeof KNOWN)[number]): boolean => asked.includes(name);
  return xml(
    document(
      'GetObjectAttributesResponse',
      has('ETag') ? field('ETag', object.etag) : '',
      has('Checksum') ? group('Checksum', checksumFields(object.checksum)) : '',
      has('ObjectParts') && object.partCount > 0 ? parts(exchange, object) : '',
      has('StorageClass') ? field('StorageClass', storageClassOf(object.facts)) : '',
      has('ObjectSize') ? field('ObjectSize', object.size) : '',
    ),
    { 'last-modified': httpDate(object.modified) },
  );
}

/** S3 lists the parts only where each has a checksum the whole was made of. */
function parts({ store, headers }: Exchange, object: ObjectRecord): string {
  if (object.checksum.type !== 'COMPOSITE')
    return group('ObjectParts', field('PartsCount', object.partCount));
  const marker = Number(headers.get('x-amz-part-number-marker') ?? 0);
  const limit = Math.min(MAX_PARTS, Number(headers.get('x-amz-max-parts') ?? MAX_PARTS));
  if (!Number.isInteger(marker) || !Number.isInteger(limit) || limit < 0) {
    throw new S3Error('InvalidArgument', undefined, { ArgumentName: 'x-amz-max-parts' });
  }
  const found = store.listParts(object.id, marker, limit + 1);
  const shown = found.slice(0, limit);
  return group(
    'ObjectParts',
    field('PartsCount', object.partCount),
    field('PartNumberMarker', marker),
    optional('NextPartNumberMarker', shown.at(-1)?.number),
    field('MaxParts', limit),
    field('IsTruncated', found.length > limit),
    ...shown.map(({ number, size, algorithm, checksum }) =>
      group(
        'Part',
        field('PartNumber', number),
        field('Size', size),
        field(checksumElement(algorithm), checksum),
      ),
    ),
  );
}
