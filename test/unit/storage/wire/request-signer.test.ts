import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, pathOf } from '#internal/main/storage/wire/address';
import { queryText, RequestSigner } from '#internal/main/storage/wire/request-signer';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const NOW = Date.UTC(2026, 10, 20, 16, 5, 9);

const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => text.isWellFormed());
const value = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });

test('the signer of the SDK makes the same signature of whatever is asked', async () => {
  const client = new S3Client({ region: 'eu-west-1', credentials: KEYS });
  const theirs = await client.config.signer();
  const signer = new RequestSigner({ region: 'eu-west-1', service: 's3' });
  const address = addressOf(new URL('https://store.example:9000/base'), 'bucket');
  await fc.assert(
    fc.asyncProperty(key, value, value, fc.option(value), async (name, upload, meta, token) => {
      const keys = { ...KEYS, ...(token === null || token === '' ? {} : { sessionToken: token }) };
      const path = pathOf(address, name);
      const headers = { host: address.hostHeader, 'content-length': '5', 'x-amz-meta-a': meta };
      const query = [
        ['partNumber', '7'],
        ['uploadId', upload],
      ] as const;
      const ours = signer.sign(
        { method: 'PUT', path, query, headers, payload: 'UNSIGNED-PAYLOAD' },
        keys,
        NOW,
      );
      const other = new (theirs.constructor as new (options: object) => typeof theirs)({
        ...client.config,
        service: 's3',
        region: 'eu-west-1',
        uriEscapePath: false,
        applyChecksum: false,
        credentials: keys,
      });
      const signed = await other.sign(
        {
          method: 'PUT',
          protocol: 'https:',
          hostname: 'store.example',
          port: 9000,
          path,
          query: Object.fromEntries(query),
          headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        },
        { signingDate: new Date(NOW) },
      );
      expect(ours['authorization']).toBe(signed.headers['authorization']);
    }),
    { numRuns: 100 },
  );
  client.destroy();
});

test('keys are sent as they are, and encoded as they are signed', () => {
  const plain = addressOf(new URL('http://[::1]:9000'), 'my.bucket');
  expect(plain).toMatchObject({ host: '::1', port: 9000, hostHeader: '[::1]:9000', secure: false });
  expect(pathOf(plain, 'a/../b//c d+é')).toBe('/my.bucket/a/../b//c%20d%2B%C3%A9');
  const virtual = addressOf(new URL('https://bucket.s3.eu-west-1.amazonaws.com'), null);
  expect(virtual).toMatchObject({ port: 443, hostHeader: 'bucket.s3.eu-west-1.amazonaws.com' });
  expect(pathOf(virtual, "it's")).toBe('/it%27s');
  expect(queryText([])).toBe('');
  expect(queryText([['uploads', '']])).toBe('?uploads');
});

test('directory buckets have a service and a token header of their own', () => {
  const signer = new RequestSigner({ region: 'us-east-1', service: 's3express' });
  const headers = signer.sign(
    { method: 'GET', path: '/k', query: [], headers: { host: 'h' }, payload: 'UNSIGNED-PAYLOAD' },
    { ...KEYS, sessionToken: 'token' },
    NOW,
  );
  expect(headers).toMatchObject({ 'x-amz-s3session-token': 'token' });
  expect(headers).not.toHaveProperty('x-amz-security-token');
  expect(headers['authorization']).toContain('/us-east-1/s3express/aws4_request');
});
