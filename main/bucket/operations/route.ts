/** Which operation a request asks for. What is not here is NotImplemented, never something else. */
import { S3Error } from '../wire/index.ts';
import { getObjectAttributes } from './attributes.ts';
import {
  accessControl,
  bucketCors,
  bucketLocation,
  createBucket,
  deleteBucket,
  headBucket,
  listBuckets,
  objectTagging,
  unsetConfiguration,
} from './buckets.ts';
import { completeUpload } from './complete.ts';
import { copyObject, uploadPartCopy } from './copy.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import type { Exchange, Operation } from './exchange.ts';
import { getObject } from './get-object.ts';
import { listObjectsV1, listObjectsV2 } from './list-objects.ts';
import { putObject } from './put-object.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './uploads.ts';

/** Names in a query that turn a request into another operation. Others are options, or of no meaning. */
const SUBRESOURCES = [
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'append',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
] as const;

type Subresource = (typeof SUBRESOURCES)[number];

export function route({
  method,
  target,
  headers,
}: Pick<Exchange, 'method' | 'target' | 'headers'>): Operation {
  const { query } = target;
  const sub = SUBRESOURCES.find((name) => query.has(name)) ?? null;
  const copying = headers.get('x-amz-copy-source') !== null;
  const operation =
    target.bucket === null
      ? ofService(method, sub)
      : target.key === null
        ? ofBucket(method, sub, query)
        : ofObject(method, sub, query, copying);
  if (operation !== null) return operation;
  if (sub === null && !['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method)) {
    throw new S3Error('MethodNotAllowed', undefined, { Method: method });
  }
  throw new S3Error('NotImplemented', undefined, { Method: method, ...(sub !== null && { Resource: sub }) });
}

function ofService(method: string, sub: Subresource | null): Operation | null {
  return method === 'GET' && sub === null ? listBuckets : null;
}

function ofBucket(method: string, sub: Subresource | null, query: URLSearchParams): Operation | null {
  switch (method) {
    case 'GET':
      if (sub === null) return query.get('list-type') === '2' ? listObjectsV2 : listObjectsV1;
      if (sub === 'location') return bucketLocation;
      if (sub === 'cors') return bucketCors;
      if (sub === 'uploads') return listUploads;
      if (sub === 'acl') return accessControl;
      return unsetConfiguration(sub);
    case 'HEAD':
      return sub === null ? headBucket : null;
    case 'PUT':
      return sub === null ? createBucket : null;
    case 'POST':
      return sub === 'delete' ? deleteObjects : null;
    case 'DELETE':
      return sub === null ? deleteBucket : null;
    default:
      return null;
  }
}

function ofObject(
  method: string,
  sub: Subresource | null,
  query: URLSearchParams,
  copying: boolean,
): Operation | null {
  switch (method) {
    case 'GET':
      if (sub === null) return getObject;
      if (sub === 'uploadId') return listParts;
      if (sub === 'attributes') return getObjectAttributes;
      if (sub === 'acl') return accessControl;
      if (sub === 'tagging') return objectTagging;
      return null;
    case 'HEAD':
      return sub === null ? getObject : null;
    case 'PUT':
      if (sub === 'uploadId' && query.has('partNumber')) return copying ? uploadPartCopy : uploadPart;
      if (sub !== null) return null;
      return copying ? copyObject : putObject;
    case 'POST':
      if (sub === 'uploads') return createUpload;
      if (sub === 'uploadId') return completeUpload;
      return null;
    case 'DELETE':
      if (sub === 'uploadId') return abortUpload;
      return sub === null ? deleteObject : null;
    default:
      return null;
  }
}
