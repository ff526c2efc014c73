/** Buckets, and what there is to say of their configuration. */
import { readSmallBody } from '../body/index.ts';
import {
  childText,
  CORS_METHODS,
  document,
  empty,
  EXPOSED_HEADERS,
  field,
  group,
  isoDate,
  optional,
  parseXml,
  type Reply,
  S3Error,
  type S3ErrorCode,
  xml,
} from '../wire/index.ts';
import { bodyOf, bucketOf, type Exchange, objectOf, OWNER } from './exchange.ts';
import { refuseUnsupported } from './facts.ts';

const MAX_XML = 64 * 1024;

export function listBuckets({ store, target, region }: Exchange): Reply {
  const prefix = target.query.get('prefix') ?? '';
  const buckets = store.listBuckets().filter(({ name }) => name.startsWith(prefix));
  return xml(
    document(
      'ListAllMyBucketsResult',
      group('Owner', field('ID', OWNER.id), field('DisplayName', OWNER.name)),
      group(
        'Buckets',
        ...buckets.map(({ name, created }) =>
          group(
            'Bucket',
            field('Name', name),
            field('CreationDate', isoDate(created)),
            field('BucketRegion', region),
          ),
        ),
      ),
      optional('Prefix', prefix === '' ? null : prefix),
    ),
  );
}

/** Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
  if (!wellFormed || name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw new S3Error('InvalidBucketName', undefined, { BucketName: name });
  }
}

export async function createBucket(exchange: Exchange): Promise<Reply> {
  const { store, target, region, headers } = exchange;
  const name = target.bucket ?? '';
  checkBucketName(name);
  refuseUnsupported(headers);
  if (headers.get('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true') {
    throw new S3Error('NotImplemented', undefined, { Header: 'x-amz-bucket-object-lock-enabled' });
  }
  if ((headers.get('content-length') ?? '0') !== '0' || headers.get('transfer-encoding') !== null) {
    const root = parseXml(await readSmallBody(bodyOf(exchange), MAX_XML));
    const location = childText(root, 'LocationConstraint')?.trim() ?? '';
    if (location !== '' && location !== region) {
      throw new S3Error(
        'IllegalLocationConstraintException',
        `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
  }
  const made = await store.createBucket(name);
  // In us-east-1 S3 answers the owner who makes a bucket twice as if it were the first time.
  if (!made && region !== 'us-east-1') {
    throw new S3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: name });
  }
  return empty(200, { location: `/${name}` });
}

export function headBucket(exchange: Exchange): Reply {
  bucketOf(exchange);
  return empty(200, { 'x-amz-bucket-region': exchange.region });
}

export async function deleteBucket(exchange: Exchange): Promise<Reply> {
  await exchange.store.deleteBucket(bucketOf(exchange).id);
  return empty(204);
}

export function bucketLocation(exchange: Exchange): Reply {
  bucketOf(exchange);
  const { region } = exchange;
  const named = region === 'us-east-1' ? '' : region;
  return xml(document('LocationConstraint', named));
}

/** The rules that pages are answered by; they are the app's own and cannot be put. */
export function bucketCors(exchange: Exchange): Reply {
  bucketOf(exchange);
  const origins = exchange.allowedOrigins();
  if (origins.length === 0) throw new S3Error('NoSuchCORSConfiguration');
  return xml(
    document(
      'CORSConfiguration',
      group(
        'CORSRule',
        ...origins.map((origin) => field('AllowedOrigin', origin)),
        ...CORS_METHODS.map((method) => field('AllowedMethod', method)),
        field('AllowedHeader', '*'),
        ...EXPOSED_HEADERS.map((header) => field('ExposeHeader', header)),
      ),
    ),
  );
}

const policy = group(
  'AccessControlList',
  group(
    'Grant',
    `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${field('ID', OWNER.id)}${field('DisplayName', OWNER.name)}</Grantee>`,
    field('Permission', 'FULL_CONTROL'),
  ),
);

export function accessControl(exchange: Exchange): Reply {
  if (exchange.target.key === null) bucketOf(exchange);
  else objectOf(exchange);
  const owner = group('Owner', field('ID', OWNER.id), field('DisplayName', OWNER.name));
  return xml(document('AccessControlPolicy', owner, policy));
}

export function objectTagging(exchange: Exchange): Reply {
  const { tags = {} } = objectOf(exchange).facts;
  const set = Object.entries(tags).map(([name, value]) =>
    group('Tag', field('Key', name), field('Value', value)),
  );
  return xml(document('Tagging', group('TagSet', ...set)));
}

/** What S3 says of a bucket on which none of this was ever set up, as it is with every bucket here. */
const UNSET: Readonly<Record<string, S3ErrorCode | (() => Reply)>> = {
  accelerate: () => xml(document('AccelerateConfiguration')),
  encryption: 'ServerSideEncryptionConfigurationNotFoundError',
  lifecycle: 'NoSuchLifecycleConfiguration',
  logging: () => xml(document('BucketLoggingStatus')),
  notification: () => xml(document('NotificationConfiguration')),
  'object-lock': 'ObjectLockConfigurationNotFoundError',
  ownershipControls: 'OwnershipControlsNotFoundError',
  policy: 'NoSuchBucketPolicy',
  policyStatus: 'NoSuchBucketPolicy',
  publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
  replication: 'ReplicationConfigurationNotFoundError',
  requestPayment: () => xml(document('RequestPaymentConfiguration', field('Payer', 'BucketOwner'))),
  tagging: 'NoSuchTagSet',
  versioning: () => xml(document('VersioningConfiguration')),
  website: 'NoSuchWebsiteConfiguration',
};

/** @returns the operation that reads a configuration nobody set, or null for one that is not known */
export function unsetConfiguration(name: string): ((exchange: Exchange) => Reply) | null {
  const answer = UNSET[name];
  if (answer === undefined) return null;
  return (exchange) => {
    bucketOf(exchange);
    if (typeof answer === 'function') return answer();
    throw new S3Error(answer, undefined, { BucketName: exchange.target.bucket ?? '' });
  };
}
