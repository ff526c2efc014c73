/** What happens on the wire: pages, Expect, refused bodies, clients that go away. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sendRaw, sendSigned, signRaw } from './raw.ts';
import { BUCKET, bytesOf, failure, MIB, openTestBucket, type TestBucket } from './support.ts';

const Bucket = BUCKET;
const PAGE = 'http://127.0.0.1:4321';

let bucket: TestBucket;
const origins: string[] = [PAGE];
beforeAll(async () => {
  bucket = await openTestBucket({ allowedOrigins: () => origins });
});
afterAll(async () => {
  await bucket.close();
  expect(bucket.logged).toEqual([]);
});

async function files(): Promise<number> {
  const names = await readdir(join(bucket.root, 'data'), { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).length;
}

describe('pages', () => {
  const ask = (origin: string, more: Record<string, string> = {}): ReturnType<typeof sendRaw> =>
    sendRaw(bucket.origin, {
      method: 'OPTIONS',
      path: `/${BUCKET}/key?partNumber=1`,
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,x-amz-checksum-crc32',
        ...more,
      },
    });

  test('of an allowed origin may ask', async () => {
    const answer = await ask(PAGE, { 'access-control-request-private-network': 'true' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-headers': 'content-type,x-amz-checksum-crc32',
      'access-control-allow-private-network': 'true',
    });
    expect(answer.headers['access-control-allow-methods']).toContain('PUT');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test.each(['http://evil.example', 'null', `${PAGE}0`, 'http://localhost:4321'])(
    'of %s may not',
    async (origin) => {
      const answer = await ask(origin);
      expect([answer.status, answer.code]).toEqual([403, 'AccessForbidden']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  test('for another method may not, nor without asking', async () => {
    expect((await ask(PAGE, { 'access-control-request-method': 'PATCH' })).status).toBe(403);
    expect((await sendRaw(bucket.origin, { method: 'OPTIONS', path: '/' })).status).toBe(403);
  });

  test('put parts by presigned URL, and read their tags and what went wrong', async () => {
    const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'page' }));
    const command = new UploadPartCommand({ Bucket, Key: 'page', UploadId, PartNumber: 1 });
    const signer = bucket.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(signer, command, { expiresIn: 60 });
    const send = (to: string): Promise<Response> =>
      fetch(to, { method: 'PUT', body: 'part', headers: { origin: PAGE } });
    const good = await send(url);
    expect(good.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(good.headers.get('access-control-expose-headers')).toMatch(/ETag.*x-amz-checksum-crc32/);
    expect(good.headers.get('etag')).toMatch(/^"[\da-f]{32}"$/);
    const bad = await send(`${url}0`);
    expect(bad.status).toBe(403);
    expect(bad.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(await bad.text()).toContain('SignatureDoesNotMatch');
  });

  test('are those of this moment', async () => {
    const cors = (): Promise<unknown> => bucket.s3.send(new GetBucketCorsCommand({ Bucket }));
    expect(await cors()).toMatchObject({ CORSRules: [{ AllowedOrigins: [PAGE] }] });
    origins.length = 0;
    expect(await failure(cors())).toEqual(['NoSuchCORSConfiguration', 404]);
    expect((await ask(PAGE)).status).toBe(403);
    origins.push(PAGE);
    expect((await ask(PAGE)).status).toBe(200);
  });
});

describe('Expect: 100-continue', () => {
  const put = { method: 'PUT', path: `/${BUCKET}/expected`, body: bytesOf(200_000) };

  test('asks for the body when it is wanted', async () => {
    const { headers } = signRaw(bucket.origin, put);
    const answer = await sendRaw(bucket.origin, {
      ...put,
      headers: { ...headers, 'content-length': '200000', expect: '100-continue' },
    });
    expect([answer.status, answer.continued]).toEqual([200, true]);
  });

  test('refuses without the body when it is not', async () => {
    const { headers } = signRaw(bucket.origin, put, { secret: 'wrong' });
    const answer = await sendRaw(bucket.origin, {
      ...put,
      headers: { ...headers, 'content-length': '200000', expect: '100-continue' },
    });
    expect([answer.status, answer.code, answer.continued]).toEqual([403, 'SignatureDoesNotMatch', false]);
    expect(answer.headers.connection).toBe('close');
  });

  test('as the stock client does it above 2 MiB', async () => {
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: bytesOf(3 * MIB) }));
    const again = new PutObjectCommand({ Bucket, Key: 'large', Body: bytesOf(3 * MIB), IfNoneMatch: '*' });
    expect(await failure(bucket.s3.send(again))).toEqual(['PreconditionFailed', 412]);
  });
});

describe('bodies that are refused', () => {
  test('are read to their end, so that the reason is seen and the connection lives', async () => {
    const client = bucket.client({ requestHandler: { expectContinueHeader: false } });
    for (let round = 0; round < 3; round += 1) {
      const command = new PutObjectCommand({ Bucket: 'missing', Key: 'x', Body: bytesOf(4 * MIB) });
      expect(await failure(client.send(command))).toEqual(['NoSuchBucket', 404]);
    }
    await client.send(new PutObjectCommand({ Bucket, Key: 'after', Body: 'x' }));
  });

  test.each([
    ['without a length', {}, 411, 'MissingContentLength'],
    ['in chunks of HTTP alone', { 'transfer-encoding': 'chunked' }, 501, 'NotImplemented'],
    [
      'beyond 5 GiB',
      { 'content-length': String(5 * 1024 ** 3 + 1), expect: '100-continue' },
      400,
      'EntityTooLarge',
    ],
  ])('%s', async (_, more, status, code) => {
    const raw = { method: 'PUT', path: `/${BUCKET}/length` };
    const { headers } = signRaw(bucket.origin, raw, { payload: 'UNSIGNED-PAYLOAD' });
    const answer = await sendRaw(bucket.origin, { ...raw, headers: { ...headers, ...more } });
    // Node's client adds a length of nothing by itself.
    if (status === 411) expect([200, 411]).toContain(answer.status);
    else expect([answer.status, answer.code]).toEqual([status, code]);
  });

  test('nonsense instead of HTTP gets an answer of HTTP', async () => {
    const socket = connect(bucket.server.port, '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 400/);
    socket.destroy();
  });

  test.each([
    ['PATCH', `/${BUCKET}/key`, 405],
    ['POST', `/${BUCKET}/key`, 501],
    ['POST', `/${BUCKET}`, 501],
    ['PUT', `/${BUCKET}?versioning`, 501],
    ['PUT', `/${BUCKET}?cors`, 501],
    ['GET', `/${BUCKET}?versions`, 501],
    ['PUT', `/${BUCKET}/key?tagging`, 501],
    ['POST', `/${BUCKET}/key?select`, 501],
    ['DELETE', `/${BUCKET}?policy`, 501],
    ['GET', `/${BUCKET}/%FF`, 400],
  ])('%s %s answers %i', async (method, path, status) => {
    const { headers } = signRaw(bucket.origin, { method, path: path.replace('%FF', 'x') });
    expect((await sendRaw(bucket.origin, { method, path, headers })).status).toBe(status);
  });

  test.each([
    ['lifecycle', 404, 'NoSuchLifecycleConfiguration'],
    ['policy', 404, 'NoSuchBucketPolicy'],
    ['encryption', 404, 'ServerSideEncryptionConfigurationNotFoundError'],
    ['publicAccessBlock', 404, 'NoSuchPublicAccessBlockConfiguration'],
    ['versioning', 200, undefined],
    ['location', 200, undefined],
    ['acl', 200, undefined],
  ])('GET ?%s tells the truth of a plain bucket', async (sub, status, code) => {
    const answer = await sendSigned(bucket.origin, { method: 'GET', path: `/${BUCKET}?${sub}` });
    expect([answer.status, answer.code]).toEqual([status, code]);
  });
});

describe('clients that go away', () => {
  test('in the middle of sending leave nothing behind', async () => {
    const before = await files();
    const raw = { method: 'PUT', path: `/${BUCKET}/half` };
    const { headers } = signRaw(bucket.origin, raw, { payload: 'UNSIGNED-PAYLOAD' });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(bucket.server.port, '127.0.0.1');
    socket.write(`PUT ${raw.path} HTTP/1.1\r\n${lines.join('')}content-length: 8000000\r\n\r\n`);
    socket.write(bytesOf(2_000_000));
    await vi.waitFor(async () => expect(await files()).toBe(before + 1));
    socket.destroy();
    await vi.waitFor(async () => expect(await files()).toBe(before));
    const get = bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'half' }));
    expect(await failure(get)).toEqual(['NoSuchKey', 404]);
  });

  test('in the middle of reading let the bytes go', async () => {
    const data = bytesOf(20 * MIB);
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'abandoned', Body: data }));
    const before = await files();
    const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'abandoned' }));
    const stream = Body as unknown as NodeJS.ReadableStream & { destroy(): void };
    await once(stream, 'readable');
    stream.destroy();
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'abandoned', Body: 'short' }));
    await vi.waitFor(async () => expect(await files()).toBe(before - 1));
  });

  test('while a part is on its way and the upload ends', async () => {
    const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'ended' }));
    const part = { Bucket, Key: 'ended', UploadId, PartNumber: 1, Body: bytesOf(MIB) };
    const sent = Array.from({ length: 6 }, () => bucket.s3.send(new UploadPartCommand(part)));
    await Promise.all(sent);
    const { Parts } = await bucket.s3.send(new ListPartsCommand({ Bucket, Key: 'ended', UploadId }));
    expect(Parts).toHaveLength(1);
  });
});
