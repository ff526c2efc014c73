import { expect, test } from 'vitest';
import { s3ErrorName, storeError } from '#internal/main/storage/store-errors';
import { NoAnswer } from '#internal/main/storage/wire/failures';

const context = { action: 'write', endpoint: 'http://127.0.0.1:1', bucket: 'b', key: 'k' };

function s3(name: string, status: number): Error {
  return Object.assign(new Error('text that decides nothing'), {
    name,
    $metadata: { httpStatusCode: status },
  });
}

test.each([
  ['NoSuchBucket', 404, 'BUCKET_MISSING'],
  ['NoSuchKey', 404, 'OBJECT_MISSING'],
  ['NotFound', 404, 'OBJECT_MISSING'],
  ['InvalidAccessKeyId', 403, 'CREDENTIALS_WRONG'],
  ['SignatureDoesNotMatch', 403, 'CREDENTIALS_WRONG'],
  ['ExpiredToken', 400, 'CREDENTIALS_EXPIRED'],
  ['AccessDenied', 403, 'ACCESS_DENIED'],
  ['RequestTimeTooSkewed', 403, 'CLOCK_SKEWED'],
  ['PreconditionFailed', 412, 'OBJECT_CHANGED'],
  ['SlowDown', 503, 'STORE_BUSY'],
  ['ServiceUnavailable', 503, 'STORE_BUSY'],
  ['Throttling', 400, 'STORE_BUSY'],
  ['RequestLimitExceeded', 400, 'STORE_BUSY'],
  ['Http429', 429, 'STORE_BUSY'],
  ['ConditionalRequestConflict', 409, 'STORE_BUSY'],
  ['InternalError', 500, 'STORE_UNREACHABLE'],
  ['InvalidRequest', 400, 'STORE_REFUSED'],
  ['BadDigest', 400, 'STORE_UNREACHABLE'],
  ['IncompleteBody', 400, 'STORE_UNREACHABLE'],
  ['RequestTimeout', 400, 'STORE_UNREACHABLE'],
  ['Error', 200, 'STORE_UNREACHABLE'],
  ['StorageFull', 507, 'DISK_FULL'],
])('%s (%d) is %s', (name, status, code) => {
  expect(storeError(s3(name, status), context).code).toBe(code);
});

test.each([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'no such host'],
  ['ECONNRESET', 'connection reset'],
])('a socket that says %s means that the store is out of reach', (code, reason) => {
  const error = storeError(Object.assign(new Error(), { code }), context);
  expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', details: { reason } });
  const several = storeError(
    Object.assign(new AggregateError([Object.assign(new Error(), { code })])),
    context,
  );
  expect(several.code).toBe('STORE_UNREACHABLE');
});

test('about a bucket, not found means the bucket', () => {
  expect(storeError(s3('NotFound', 404), { ...context, key: '' }).code).toBe('BUCKET_MISSING');
});

test('the name S3 gave stays to be asked for, through our own error', () => {
  expect(s3ErrorName(storeError(s3('NoSuchUpload', 404), context))).toBe('NoSuchUpload');
  expect(s3ErrorName(new Error('x'))).toBeNull();
});

test('what must not be written over is there', () => {
  expect(storeError(s3('PreconditionFailed', 412), { ...context, absent: true }).code).toBe('OBJECT_EXISTS');
});

test('no answer is told with its reason', () => {
  expect(storeError(new NoAnswer('it did not answer for 30 s'), context)).toMatchObject({
    code: 'STORE_UNREACHABLE',
    details: { reason: 'it did not answer for 30 s' },
  });
});

test('a signature for another region means that region, where the store names it', () => {
  const malformed = s3('AuthorizationHeaderMalformed', 400);
  expect(storeError(malformed, context).code).toBe('CREDENTIALS_WRONG');
  for (const told of [{ region: 'eu-west-1' }, { Region: 'eu-west-1' }]) {
    const error = storeError(Object.assign(s3('AuthorizationHeaderMalformed', 400), told), context);
    expect(error).toMatchObject({ code: 'BUCKET_OTHER_REGION', details: { region: 'eu-west-1' } });
  }
});
