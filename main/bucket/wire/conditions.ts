/** If-Match and its relatives, in the order HTTP weighs them. */
import { assertNever } from '#shared/lib';
import { S3Error } from './s3-error.ts';
import { bareETag, parseHttpDate, type RequestHeaders } from './headers.ts';

export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  /** ms since the epoch. */
  readonly modified: number;
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((tag) => tag.trim() === '*' || bareETag(tag) === etag);
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', undefined, { Condition: condition });
}

/** HTTP dates have whole seconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** @returns whether a GET or HEAD is answered in full or with 304; throws PreconditionFailed */
export function checkRead(headers: RequestHeaders, object: Validators): 'send' | 'not-modified' {
  const ifMatch = headers.get('if-match');
  const unmodifiedSince = parseHttpDate(headers.get('if-unmodified-since'));
  if (ifMatch !== null) {
    if (!names(ifMatch, object.etag)) throw failed('If-Match');
  } else if (unmodifiedSince !== null && seconds(object.modified) > seconds(unmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers.get('if-none-match');
  const modifiedSince = parseHttpDate(headers.get('if-modified-since'));
  if (ifNoneMatch !== null) return names(ifNoneMatch, object.etag) ? 'not-modified' : 'send';
  if (modifiedSince !== null && seconds(object.modified) <= seconds(modifiedSince)) return 'not-modified';
  return 'send';
}

/** Throws PreconditionFailed where x-amz-copy-source-if-* do not hold for the source. */
export function checkCopySource(headers: RequestHeaders, source: Validators): void {
  const prefix = 'x-amz-copy-source-if-';
  const ifMatch = headers.get(`${prefix}match`);
  const unmodifiedSince = parseHttpDate(headers.get(`${prefix}unmodified-since`));
  if (ifMatch !== null) {
    if (!names(ifMatch, source.etag)) throw failed(`${prefix}match`);
  } else if (unmodifiedSince !== null && seconds(source.modified) > seconds(unmodifiedSince)) {
    throw failed(`${prefix}unmodified-since`);
  }
  const ifNoneMatch = headers.get(`${prefix}none-match`);
  const modifiedSince = parseHttpDate(headers.get(`${prefix}modified-since`));
  if (ifNoneMatch !== null) {
    if (names(ifNoneMatch, source.etag)) throw failed(`${prefix}none-match`);
  } else if (modifiedSince !== null && seconds(source.modified) <= seconds(modifiedSince)) {
    throw failed(`${prefix}modified-since`);
  }
}

/** What must hold of the object at a key at the moment it is replaced or deleted. */
export type WriteCondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'etag'; readonly etag: string };

export const ALWAYS: WriteCondition = { kind: 'none' };

export function parseWriteCondition(headers: RequestHeaders): WriteCondition {
  const ifNoneMatch = headers.get('if-none-match');
  const ifMatch = headers.get('if-match');
  if (ifNoneMatch !== null) {
    if (ifNoneMatch.trim() !== '*' || ifMatch !== null) {
      throw new S3Error('NotImplemented', undefined, { Header: 'If-None-Match' });
    }
    return { kind: 'absent' };
  }
  return ifMatch === null ? ALWAYS : { kind: 'etag', etag: bareETag(ifMatch) };
}

/** Throws PreconditionFailed, or NoSuchKey where an object is required and there is none. */
export function checkWrite(condition: WriteCondition, current: Validators | null): void {
  switch (condition.kind) {
    case 'none':
      return;
    case 'absent':
      if (current !== null) throw failed('If-None-Match');
      return;
    case 'etag':
      if (current === null) throw new S3Error('NoSuchKey');
      if (condition.etag !== '*' && condition.etag !== current.etag) throw failed('If-Match');
      return;
    default:
      assertNever(condition);
  }
}
