/** The examples AWS publishes for Signature Version 4 with S3. */
import { describe, expect, test } from 'vitest';
import {
  canonicalRequest,
  parseAmzDate,
  sameSignature,
  type Scope,
  sign,
  signingKey,
  stringToSign,
  uriEncode,
  uriEncodePath,
} from '#main/sigv4';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AMZ_DATE = '20130524T000000Z';
const SCOPE: Scope = { date: '20130524', region: 'us-east-1', service: 's3' };
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const HOST = 'examplebucket.s3.amazonaws.com';

interface Example {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  readonly signature: string;
}

const examples: readonly Example[] = [
  {
    name: 'GET Object',
    method: 'GET',
    path: '/test.txt',
    query: '',
    headers: { host: HOST, range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY, 'x-amz-date': AMZ_DATE },
    payloadHash: EMPTY,
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'PUT Object',
    method: 'PUT',
    path: '/test$file.text',
    query: '',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      host: HOST,
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-date': AMZ_DATE,
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    payloadHash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    name: 'GET Bucket Lifecycle',
    method: 'GET',
    path: '/',
    query: 'lifecycle',
    headers: { host: HOST, 'x-amz-content-sha256': EMPTY, 'x-amz-date': AMZ_DATE },
    payloadHash: EMPTY,
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'GET Bucket (list objects)',
    method: 'GET',
    path: '/',
    query: 'prefix=J&max-keys=2',
    headers: { host: HOST, 'x-amz-content-sha256': EMPTY, 'x-amz-date': AMZ_DATE },
    payloadHash: EMPTY,
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
  {
    name: 'a presigned GET',
    method: 'GET',
    path: '/test.txt',
    query:
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=whatever',
    headers: { host: HOST },
    payloadHash: 'UNSIGNED-PAYLOAD',
    signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  },
  {
    name: 'the seed of a chunked PUT',
    method: 'PUT',
    path: '/examplebucket/chunkObject.txt',
    query: '',
    headers: {
      'content-encoding': 'aws-chunked',
      'content-length': '66824',
      host: 's3.amazonaws.com',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-date': AMZ_DATE,
      'x-amz-decoded-content-length': '66560',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  },
];

describe('Signature Version 4', () => {
  test.each(examples)('$name is signed as AWS publishes it', (example) => {
    const canonical = canonicalRequest({
      method: example.method,
      uri: uriEncodePath(example.path),
      query: new URLSearchParams(example.query),
      header: (name) => example.headers[name] ?? null,
      signedHeaders: Object.keys(example.headers).sort(),
      payloadHash: example.payloadHash,
    });
    const text = stringToSign(AMZ_DATE, SCOPE, canonical);
    expect(sign(signingKey(SECRET, SCOPE), text)).toBe(example.signature);
  });

  test('encodes all but the unreserved characters', () => {
    expect(uriEncode("aZ09-_.~ !'()*+/ü🎉")).toBe('aZ09-_.~%20%21%27%28%29%2A%2B%2F%C3%BC%F0%9F%8E%89');
    expect(uriEncodePath('/a b/../c')).toBe('/a%20b/../c');
  });

  test('sorts a query by name, then by value', () => {
    const canonical = canonicalRequest({
      method: 'GET',
      uri: '/',
      query: new URLSearchParams('b=2&a-b=1&a=2&a=1&a.b=0&B=3'),
      header: () => null,
      signedHeaders: [],
      payloadHash: EMPTY,
    });
    expect(canonical.split('\n')[2]).toBe('B=3&a=1&a=2&a-b=1&a.b=0&b=2');
  });

  test('collapses spaces in header values', () => {
    const canonical = canonicalRequest({
      method: 'GET',
      uri: '/',
      query: [],
      header: () => '  a   b  c ',
      signedHeaders: ['x-amz-meta-a'],
      payloadHash: EMPTY,
    });
    expect(canonical).toContain('x-amz-meta-a:a b c\n');
  });

  test('compares signatures of any length', () => {
    expect(sameSignature('abc', 'abc')).toBe(true);
    expect(sameSignature('abc', 'abd')).toBe(false);
    expect(sameSignature('abc', 'ab')).toBe(false);
    expect(sameSignature('abc', '')).toBe(false);
  });

  test('reads only the long form of a date', () => {
    expect(parseAmzDate(AMZ_DATE)).toBe(Date.UTC(2013, 4, 24));
    expect(parseAmzDate('2013-05-24T00:00:00Z')).toBeNull();
    expect(parseAmzDate('')).toBeNull();
  });
});
