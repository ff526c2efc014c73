import { expect, test } from 'vitest';
import { limitsOf, storeKind } from '#main/storage';

const at = (endpoint: string | null, bucket = 'bucket') => ({ kind: 's3' as const, endpoint, bucket });

test.each([
  [null, 'aws'],
  ['https://s3.eu-west-1.amazonaws.com', 'aws'],
  ['https://bucket.s3.cn-north-1.amazonaws.com.cn', 'aws'],
  ['https://account.r2.cloudflarestorage.com', 'r2'],
  ['https://s3.us-west-004.backblazeb2.com', 'b2'],
  ['https://gateway.storjshare.io', 'storj'],
  ['https://storage.googleapis.com', 'gcs'],
  ['https://s3.eu-central-1.wasabisys.com', 'wasabi'],
  ['https://fra1.digitaloceanspaces.com', 'digitalocean'],
  ['http://127.0.0.1:9000', 'unknown'],
  ['https://amazonaws.com.example.org', 'unknown'],
])('%s is %s', (endpoint, kind) => {
  expect(storeKind(at(endpoint))).toBe(kind);
  expect(limitsOf(at(endpoint)).kind).toBe(kind);
});

test('a directory bucket is told by its name', () => {
  expect(limitsOf(at(null, 'logs--use1-az4--x-s3'))).toMatchObject({
    kind: 'aws-directory',
    accelerate: false,
    md5Etags: false,
  });
});

test('the bucket of the app is known whatever its address', () => {
  expect(storeKind({ ...at('http://127.0.0.1:9000'), kind: 'builtin' })).toBe('builtin');
});

test('every kind can hold what it says it can', () => {
  for (const endpoint of [
    null,
    'https://account.r2.cloudflarestorage.com',
    'https://gateway.storjshare.io',
  ]) {
    const { minPart, maxPart, maxParts, maxObject, maxPut, preferredPart } = limitsOf(at(endpoint));
    expect(maxPart * maxParts).toBeGreaterThanOrEqual(maxObject);
    expect(maxPut).toBeLessThanOrEqual(maxPart);
    expect(preferredPart ?? minPart).toBeGreaterThanOrEqual(minPart);
  }
});
