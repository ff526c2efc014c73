/** What an operation is given: one authorised request and the store it is about. */
import type { IncomingMessage } from 'node:http';
import type { Authorized } from '../auth/index.ts';
import { type BodySource, type IncomingBody, openBody } from '../body/index.ts';
import type { BucketRecord, ObjectRecord, Store } from '../store/index.ts';
import { type Reply, type RequestHeaders, S3Error, type Target } from '../wire/index.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly target: Target;
  /** Those of a presigned query among them. */
  readonly headers: RequestHeaders;
  readonly authorized: Authorized;
  readonly begin: () => void;
  readonly store: Store;
  readonly region: string;
  readonly allowedOrigins: () => readonly string[];
}

export type Operation = (exchange: Exchange) => Reply | Promise<Reply>;

/** Whose everything is: there is one account. */
export const OWNER = {
  id: '0000000000000000000000000000000000000000000000000000000000000000',
  name: 'sluice',
} as const;

/** @returns the bucket a request names; throws NoSuchBucket */
export function bucketOf({ store, target }: Exchange): BucketRecord {
  return namedBucket(store, target.bucket ?? '');
}

export function namedBucket(store: Store, name: string): BucketRecord {
  const bucket = store.findBucket(name);
  if (bucket === null) throw new S3Error('NoSuchBucket', undefined, { BucketName: name });
  return bucket;
}

export function keyOf({ target }: Exchange): string {
  if (target.key === null) throw new S3Error('MethodNotAllowed');
  return target.key;
}

/** @returns the object a request names, in the version it names; throws NoSuchBucket, NoSuchKey or NoSuchVersion */
export function objectOf(exchange: Exchange): ObjectRecord {
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  checkVersion(exchange.target.query.get('versionId'));
  const object = exchange.store.findObject(bucket.id, key);
  if (object === null) throw new S3Error('NoSuchKey', undefined, { Key: key });
  return object;
}

/** @param checksums `of-object` where x-amz-checksum-* tell of the object and not of this body */
export function bodyOf(exchange: Exchange, checksums: 'of-body' | 'of-object' = 'of-body'): IncomingBody {
  const source: BodySource = {
    request: exchange.request,
    authorized: exchange.authorized,
    begin: exchange.begin,
  };
  return openBody(source, checksums);
}

/** @returns a whole number of the query, at most `most`; throws InvalidArgument */
export function countOf(query: URLSearchParams, name: string, most: number): number {
  const text = query.get(name);
  if (text === null || text === '') return most;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0x7fffffff) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: text,
    });
  }
  return Math.min(Number(text), most);
}

/** Every version asked for is the one there is: buckets here keep no others. Throws for any other. */
export function checkVersion(versionId: string | null): void {
  if (versionId === null || versionId === 'null') return;
  throw new S3Error('NoSuchVersion', undefined, { VersionId: versionId });
}
