/** Signatures, times and scopes, and what each refusal is called. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMPTY_SHA256, formatAmzDate, scopeText, sign } from '#main/sigv4';
import { type RawRequest, sendRaw, sendSigned, type Signing, signRaw } from './raw.ts';
import { BUCKET, bytesOf, CREDENTIALS, failure, openTestBucket, type TestBucket } from './support.ts';

const Bucket = BUCKET;
const GET: RawRequest = { method: 'GET', path: `/${BUCKET}/key` };

let bucket: TestBucket;
let clock = 0;
beforeAll(async () => {
  bucket = await openTestBucket({ now: () => Date.now() + clock });
  await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'hello' }));
});
afterAll(async () => {
  await bucket.close();
  expect(bucket.logged).toEqual([]);
});

async function outcome(raw: RawRequest, signing: Signing = {}): Promise<[number, string | undefined]> {
  const { status, code } = await sendSigned(bucket.origin, raw, signing);
  return [status, code];
}

describe('signed headers', () => {
  test('are let through, whatever is in the path and the query', async () => {
    expect(await outcome(GET)).toEqual([200, undefined]);
    for (const path of [
      `/${BUCKET}?prefix=a%20b%2Bc%C3%BC&delimiter=%2F`,
      `/${BUCKET}?prefix=a+b&list-type=2`,
    ]) {
      expect(await outcome({ method: 'GET', path })).toEqual([200, undefined]);
    }
    expect(await outcome({ method: 'GET', path: `/${BUCKET}/none/../%F0%9F%8E%89%20(1)!*'` })).toEqual([
      404,
      'NoSuchKey',
    ]);
  });

  test.each<[string, Signing, number, string]>([
    ['a wrong key', { accessKeyId: 'AKIDOTHER' }, 403, 'InvalidAccessKeyId'],
    ['a wrong secret', { secret: 'other' }, 403, 'SignatureDoesNotMatch'],
    ['another region', { region: 'eu-west-1' }, 400, 'AuthorizationHeaderMalformed'],
    ['another service', { service: 'sqs' }, 400, 'AuthorizationHeaderMalformed'],
    ['a clock 16 minutes behind', { now: Date.now() - 16 * 60_000 }, 403, 'RequestTimeTooSkewed'],
    ['a clock 16 minutes ahead', { now: Date.now() + 16 * 60_000 }, 403, 'RequestTimeTooSkewed'],
    ['an unsigned x-amz header', { unsigned: ['x-amz-date'] }, 403, 'AccessDenied'],
    ['an unsigned host', { unsigned: ['host'] }, 403, 'AccessDenied'],
    ['a payload that is none', { payload: 'nonsense' }, 400, 'InvalidArgument'],
    ['an asymmetric payload', { payload: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' }, 501, 'NotImplemented'],
  ])('%s', async (_, signing, status, code) => {
    expect(await outcome(GET, signing)).toEqual([status, code]);
  });

  test.each<[string, (headers: Record<string, string>) => Record<string, string>, number, string]>([
    ['nothing signed', () => ({}), 403, 'AccessDenied'],
    ['the old way', () => ({ authorization: 'AWS a:b' }), 400, 'InvalidRequest'],
    [
      'half a header',
      (h) => ({ ...h, authorization: 'AWS4-HMAC-SHA256 a' }),
      400,
      'AuthorizationHeaderMalformed',
    ],
    ['no date', (h) => ({ ...h, 'x-amz-date': 'yesterday' }), 403, 'AccessDenied'],
    [
      'another date in its scope',
      (h) => ({ ...h, authorization: (h['authorization'] ?? '').replace(/\/\d{8}\//, '/20200101/') }),
      400,
      'AuthorizationHeaderMalformed',
    ],
    ['a session token', (h) => ({ ...h, 'x-amz-security-token': 't' }), 400, 'InvalidToken'],
    ['a header added later', (h) => ({ ...h, 'x-amz-meta-evil': '1' }), 403, 'AccessDenied'],
    ['a host changed later', (h) => ({ ...h, host: 'other' }), 403, 'SignatureDoesNotMatch'],
    [
      'no hash',
      ({ 'x-amz-content-sha256': hash, ...rest }) => (hash === undefined ? {} : rest),
      400,
      'InvalidRequest',
    ],
  ])('%s is refused', async (_, change, status, code) => {
    const headers = change(signRaw(bucket.origin, GET).headers);
    const answer = await sendRaw(bucket.origin, { ...GET, headers });
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.headers['x-amz-request-id']).toMatch(/^[\dA-F]{16}$/);
  });

  test('a body that is not what was signed', async () => {
    const put: RawRequest = { method: 'PUT', path: `/${BUCKET}/forged`, body: 'good' };
    const { headers } = signRaw(bucket.origin, put);
    const forged = await sendRaw(bucket.origin, { ...put, headers, body: 'evil' });
    expect([forged.status, forged.code]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect(await outcome({ method: 'GET', path: `/${BUCKET}/forged` })).toEqual([404, 'NoSuchKey']);
    expect(await outcome({ ...put, body: bytesOf(100_000) })).toEqual([200, undefined]);
    expect(await outcome(put, { payload: 'UNSIGNED-PAYLOAD' })).toEqual([200, undefined]);
  });

  test('a clock that is off is told to the stock client, which corrects it', async () => {
    clock = 3_600_000;
    try {
      const forgiving = bucket.client({ maxAttempts: 3 });
      const { Buckets } = await forgiving.send(new ListBucketsCommand({}));
      expect(Buckets).toHaveLength(1);
    } finally {
      clock = 0;
    }
  });

  test('wrong keys, as the stock client tells them', async () => {
    const list = (credentials: typeof CREDENTIALS): Promise<unknown> =>
      bucket.client({ credentials }).send(new ListBucketsCommand({}));
    expect(await failure(list({ ...CREDENTIALS, secretAccessKey: 'x' }))).toEqual([
      'SignatureDoesNotMatch',
      403,
    ]);
    expect(await failure(list({ ...CREDENTIALS, accessKeyId: 'x' }))).toEqual(['InvalidAccessKeyId', 403]);
  });

  test('virtual hosts', async () => {
    const { port } = new URL(bucket.origin);
    const raw: RawRequest = { method: 'GET', path: '/key', headers: { host: `${BUCKET}.localhost:${port}` } };
    const answer = await sendSigned(bucket.origin, raw);
    expect([answer.status, answer.body.toString()]).toEqual([200, 'hello']);
  });
});

describe('presigned URLs', () => {
  test('read and write with no header at all', async () => {
    const put = await getSignedUrl(bucket.client({ requestChecksumCalculation: 'WHEN_REQUIRED' }), new PutObjectCommand({ Bucket, Key: 'pre signed/ü' }), { expiresIn: 60 }); // prettier-ignore
    const body = bytesOf(100_000, 4);
    const written = await fetch(put, { method: 'PUT', body });
    expect([written.status, written.headers.get('etag')]).toEqual([
      200,
      `"${createHash('md5').update(body).digest('hex')}"`,
    ]);
    const get = await getSignedUrl(
      bucket.s3,
      new GetObjectCommand({
        Bucket,
        Key: 'pre signed/ü',
        ResponseContentDisposition: 'attachment; filename="a b.csv"',
      }),
      { expiresIn: 60 },
    );
    const read = await fetch(get);
    expect(read.headers.get('content-disposition')).toBe('attachment; filename="a b.csv"');
    expect(Buffer.compare(Buffer.from(await read.arrayBuffer()), body)).toBe(0);
  });

  test('carry what was hoisted into their query', async () => {
    const body = Buffer.from('hoisted');
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    const command = new PutObjectCommand({
      Bucket,
      Key: 'hoisted',
      Metadata: { from: 'query' },
      ChecksumCRC32: crc.toString('base64'),
    });
    const url = await getSignedUrl(bucket.s3, command, { expiresIn: 60 });
    expect(new URL(url).searchParams.get('x-amz-checksum-crc32')).toBe(crc.toString('base64'));
    expect((await fetch(url, { method: 'PUT', body: 'something else' })).status).toBe(400);
    expect((await fetch(url, { method: 'PUT', body })).status).toBe(200);
    const { Metadata } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'hoisted' }));
    expect(Metadata).toEqual({ from: 'query' });
  });

  test.each<[string, (url: URL) => void, number, string]>([
    ['another method', () => undefined, 403, 'SignatureDoesNotMatch'],
    ['another key', (url) => (url.pathname += 'x'), 403, 'SignatureDoesNotMatch'],
    ['one more parameter', (url) => url.searchParams.set('versionId', 'null'), 403, 'SignatureDoesNotMatch'],
    ['a longer life', (url) => url.searchParams.set('X-Amz-Expires', '600'), 403, 'SignatureDoesNotMatch'],
    [
      'a life of over a week',
      (url) => url.searchParams.set('X-Amz-Expires', '604801'),
      400,
      'AuthorizationQueryParametersError',
    ],
    ['no life', (url) => url.searchParams.delete('X-Amz-Expires'), 400, 'AuthorizationQueryParametersError'],
    [
      'a life that is no number',
      (url) => url.searchParams.set('X-Amz-Expires', '-1'),
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'another algorithm',
      (url) => url.searchParams.set('X-Amz-Algorithm', 'x'),
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'no signature',
      (url) => url.searchParams.delete('X-Amz-Signature'),
      400,
      'AuthorizationQueryParametersError',
    ],
    [
      'half a credential',
      (url) => url.searchParams.set('X-Amz-Credential', 'a/b'),
      400,
      'AuthorizationQueryParametersError',
    ],
  ])('with %s are refused', async (what, change, status, code) => {
    const url = new URL(await getSignedUrl(bucket.s3, new GetObjectCommand({ Bucket, Key: 'key' }), { expiresIn: 60 })); // prettier-ignore
    change(url);
    const answer = await fetch(url, { method: what === 'another method' ? 'DELETE' : 'GET' });
    const text = await answer.text();
    expect([answer.status, /<Code>(\w+)/.exec(text)?.[1]]).toEqual([status, code]);
  });

  test('expire, and do not work before their time', async () => {
    const url = await getSignedUrl(bucket.s3, new GetObjectCommand({ Bucket, Key: 'key' }), {
      expiresIn: 60,
    });
    const at = async (offset: number): Promise<string> => {
      clock = offset;
      try {
        return (await fetch(url)).text();
      } finally {
        clock = 0;
      }
    };
    expect(await at(0)).toBe('hello');
    expect(await at(50_000)).toBe('hello');
    expect(await at(61_000)).toContain('Request has expired');
    expect(await at(-16 * 60_000)).toContain('Request is not valid yet');
  });

  test('do not let unsigned headers steer the server', async () => {
    const url = await getSignedUrl(bucket.client({ requestChecksumCalculation: 'WHEN_REQUIRED' }), new PutObjectCommand({ Bucket, Key: 'steered' }), { expiresIn: 60 }); // prettier-ignore
    const answer = await fetch(url, {
      method: 'PUT',
      body: 'x',
      headers: { 'x-amz-copy-source': `${Bucket}/key` },
    });
    expect(await answer.text()).toContain('<HeadersNotSigned>x-amz-copy-source</HeadersNotSigned>');
  });

  test('may be narrowed by the hash of the body', async () => {
    const url = await getSignedUrl(bucket.client({ requestChecksumCalculation: 'WHEN_REQUIRED' }), new PutObjectCommand({ Bucket, Key: 'narrowed' }), { expiresIn: 60 }); // prettier-ignore
    const send = async (body: string): Promise<number> => {
      const hash = createHash('sha256').update('right').digest('hex');
      return (await fetch(url, { method: 'PUT', body, headers: { 'x-amz-content-sha256': hash } })).status;
    };
    expect(await send('right')).toBe(200);
    expect(await send('wrong')).toBe(400);
  });
});

describe('aws-chunked bodies', () => {
  const data = bytesOf(150_000, 8);

  /** Signs a body chunk by chunk, as clients without TLS do. */
  async function sendChunked(
    payload: string,
    { trailer, damage, length = data.length }: { trailer?: string; damage?: boolean; length?: number },
  ): Promise<[number, string | undefined]> {
    const raw: RawRequest = {
      method: 'PUT',
      path: `/${BUCKET}/chunked`,
      headers: {
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(length),
        ...(trailer !== undefined && { 'x-amz-trailer': 'x-amz-checksum-crc32' }),
      },
    };
    const { headers, scope, key, amzDate, signature } = signRaw(bucket.origin, raw, { payload });
    const signed = payload.includes('AWS4');
    let previous = signature;
    const chain = (algorithm: string, ...hashes: string[]): string =>
      (previous = sign(key, [algorithm, amzDate, scopeText(scope), previous, ...hashes].join('\n')));
    const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
    const head = (bytes: Buffer): string =>
      bytes.length.toString(16) +
      (signed ? `;chunk-signature=${chain('AWS4-HMAC-SHA256-PAYLOAD', EMPTY_SHA256, sha256(bytes))}` : '');
    const parts: (string | Buffer)[] = [];
    for (let at = 0; at < data.length; at += 65_536) {
      const chunk = data.subarray(at, at + 65_536);
      parts.push(`${head(chunk)}\r\n`, chunk, '\r\n');
    }
    parts.push(`${head(Buffer.alloc(0))}\r\n`);
    if (trailer !== undefined) {
      parts.push(`x-amz-checksum-crc32:${trailer}\r\n`);
      const told = chain('AWS4-HMAC-SHA256-TRAILER', sha256(`x-amz-checksum-crc32:${trailer}\n`));
      if (signed) parts.push(`x-amz-trailer-signature:${told}\r\n`);
    }
    parts.push('\r\n');
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    if (damage === true) body[1000] = body[1000]! ^ 1;
    const answer = await sendRaw(bucket.origin, { ...raw, headers, body });
    return [answer.status, answer.code];
  }

  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(data));
  const trailer = crc.toString('base64');

  test('signed, signed with a trailer, and only with a trailer', async () => {
    expect(await sendChunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', {})).toEqual([200, undefined]);
    expect(await sendChunked('STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { trailer })).toEqual([
      200,
      undefined,
    ]);
    expect(await sendChunked('STREAMING-UNSIGNED-PAYLOAD-TRAILER', { trailer })).toEqual([200, undefined]);
    const { Body, ContentEncoding } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'chunked' }));
    expect(Buffer.compare(Buffer.from(await Body!.transformToByteArray()), data)).toBe(0);
    expect(ContentEncoding).toBeUndefined();
  });

  test('damaged, lying, or of another length', async () => {
    const signed = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    expect(await sendChunked(signed, { damage: true })).toEqual([403, 'SignatureDoesNotMatch']);
    const unsigned = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    expect(await sendChunked(unsigned, { trailer, damage: true })).toEqual([400, 'BadDigest']);
    expect(await sendChunked(unsigned, { trailer: 'AAAAAA==' })).toEqual([400, 'BadDigest']);
    expect(await sendChunked(unsigned, { trailer: 'x' })).toEqual([400, 'MalformedTrailerError']);
    expect(await sendChunked(signed, { length: data.length - 1 })).toEqual([400, 'IncompleteBody']);
    expect(await sendChunked(signed, { length: data.length + 1 })).toEqual([400, 'IncompleteBody']);
  });

  test('need their decoded length', async () => {
    const raw: RawRequest = { method: 'PUT', path: `/${BUCKET}/chunked`, body: '0\r\n\r\n' };
    expect(await outcome(raw, { payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).toEqual([
      411,
      'MissingContentLength',
    ]);
  });
});

test('the time of a request is told as it was signed', () => {
  expect(formatAmzDate(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe('20260102T030405Z');
});
