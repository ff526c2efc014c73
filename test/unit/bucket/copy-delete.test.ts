/** Copies and deletions, through the stock client. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sendSigned } from './raw.ts';
import { BUCKET, bytesOf, failure, MIB, openTestBucket, type TestBucket } from './support.ts';

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await openTestBucket({ buckets: [BUCKET, 'other'] });
});
afterAll(async () => {
  await bucket.close();
  expect(bucket.logged).toEqual([]);
});

const Bucket = BUCKET;

async function put(Key: string, Body: Buffer | string, more = {}): Promise<string> {
  const { ETag } = await bucket.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  return ETag!;
}

async function read(Key: string, from = Bucket): Promise<Buffer> {
  const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket: from, Key }));
  return Buffer.from(await Body!.transformToByteArray());
}

async function files(): Promise<string[]> {
  const names = await readdir(join(bucket.root, 'data'), { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Uploads data in parts of 5 MiB. */
async function putInParts(Key: string, data: Buffer): Promise<void> {
  const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let at = 0; at < data.length; at += 5 * MIB) {
    const PartNumber = Parts.length + 1;
    const Body = data.subarray(at, at + 5 * MIB);
    const { ETag } = await bucket.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  await bucket.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
}

describe('copies', () => {
  const data = bytesOf(500_000, 21);

  test('keep the bytes and what was said of them, also of another bucket and an odd key', async () => {
    const etag = await put('söurce/+ %', data, { ContentType: 'text/csv', Metadata: { a: 'b' } });
    const CopySource = `${Bucket}/${encodeURIComponent('söurce/+ %')}`;
    const copied = await bucket.s3.send(new CopyObjectCommand({ Bucket: 'other', Key: 'copy', CopySource }));
    expect(copied.CopyObjectResult?.ETag).toBe(etag);
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket: 'other', Key: 'copy' }));
    expect(head).toMatchObject({ ContentType: 'text/csv', Metadata: { a: 'b' }, ETag: etag });
    await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key: 'söurce/+ %' }));
    expect(Buffer.compare(await read('copy', 'other'), data)).toBe(0);
  });

  test('share the bytes on disk until nobody has them', async () => {
    const before = (await files()).length;
    await put('shared', data);
    for (const Key of ['shared-1', 'shared-2']) {
      await bucket.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/shared` }));
    }
    expect((await files()).length).toBe(before + 1);
    for (const Key of ['shared', 'shared-1']) {
      await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key }));
      expect(Buffer.compare(await read('shared-2'), data)).toBe(0);
    }
    await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key: 'shared-2' }));
    await vi.waitFor(async () => expect((await files()).length).toBe(before));
  });

  test('onto themselves only change what is said', async () => {
    await put('self', data);
    const copy = (more: object): Promise<unknown> =>
      bucket.s3.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource: `${Bucket}/self`, ...more }));
    expect(await failure(copy({}))).toEqual(['InvalidRequest', 400]);
    await copy({ MetadataDirective: 'REPLACE', Metadata: { new: 'yes' }, ContentType: 'text/plain' });
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key: 'self' }));
    expect(head).toMatchObject({ Metadata: { new: 'yes' }, ContentType: 'text/plain' });
    expect(Buffer.compare(await read('self'), data)).toBe(0);
  });

  test('of an upload in parts have the MD5 of the whole, and a checksum asked for', async () => {
    const whole = bytesOf(5 * MIB + 77, 22);
    await putInParts('in-parts', whole);
    const CopySource = `${Bucket}/in-parts`;
    const copied = await bucket.s3.send(
      new CopyObjectCommand({ Bucket, Key: 'flat', CopySource, ChecksumAlgorithm: 'SHA256' }),
    );
    expect(copied.CopyObjectResult).toMatchObject({
      ETag: `"${createHash('md5').update(whole).digest('hex')}"`,
      ChecksumSHA256: createHash('sha256').update(whole).digest('base64'),
    });
    expect(Buffer.compare(await read('flat'), whole)).toBe(0);
  });

  test('heed their conditions', async () => {
    const etag = await put('conditional', 'x');
    const copy = (more: object): Promise<unknown> =>
      bucket.s3.send(
        new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/conditional`, ...more }),
      );
    expect(await failure(copy({ CopySourceIfMatch: '"x"' }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(copy({ CopySourceIfNoneMatch: etag }))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(copy({ CopySource: `${Bucket}/none` }))).toEqual(['NoSuchKey', 404]);
    expect(await failure(copy({ CopySource: 'none/none' }))).toEqual(['NoSuchBucket', 404]);
    await copy({ CopySourceIfMatch: etag, IfNoneMatch: '*' });
    expect(await failure(copy({ IfNoneMatch: '*' }))).toEqual(['PreconditionFailed', 412]);
  });

  test('as parts, whole and in ranges', async () => {
    const whole = bytesOf(11 * MIB, 23);
    await putInParts('parts-source', whole);
    const Key = 'assembled';
    const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const copyPart = async (PartNumber: number, CopySourceRange?: string) => {
      const { CopyPartResult } = await bucket.s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber,
          CopySource: `${Bucket}/parts-source`,
          CopySourceRange,
        }),
      );
      return { PartNumber, ETag: CopyPartResult!.ETag };
    };
    // Across the joint of two parts of the source.
    const middle = whole.subarray(3 * MIB, 9 * MIB);
    const Parts = [await copyPart(1, `bytes=${3 * MIB}-${9 * MIB - 1}`), await copyPart(2)];
    expect(Parts[0]!.ETag).toBe(`"${createHash('md5').update(middle).digest('hex')}"`);
    expect(await failure(copyPart(3, 'bytes=0-99999999'))).toEqual(['InvalidArgument', 400]);
    await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key: 'parts-source' }));
    await bucket.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    expect(Buffer.compare(await read(Key), Buffer.concat([middle, whole]))).toBe(0);
  });
});

describe('deleting many', () => {
  test('tells each, or only what failed', async () => {
    const names = ['many/ a ', 'many/b&<>"\'', 'many/ü🎉', 'many/\tx', 'many/&amp;'];
    for (const name of names) await put(name, 'x');
    const etag = await put('many/kept', 'x');
    const Objects = [...names.map((Key) => ({ Key })), { Key: 'many/none' }];
    const told = await bucket.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [...Objects, { Key: 'many/kept', ETag: '"x"' }, { Key: 'many/kept', VersionId: 'v' }],
        },
      }),
    );
    expect(told.Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect(told.Errors?.map(({ Code }) => Code)).toEqual(['PreconditionFailed', 'NoSuchVersion']);
    for (const name of names) expect(await failure(read(name))).toEqual(['NoSuchKey', 404]);
    const quiet = await bucket.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Quiet: true, Objects: [{ Key: 'many/kept', ETag: etag }] },
      }),
    );
    expect(quiet.Deleted).toBeUndefined();
    expect(await failure(read('many/kept'))).toEqual(['NoSuchKey', 404]);
  });

  test('refuses lists that are none', async () => {
    const send = async (body: string, more: Record<string, string> = {}): Promise<string | undefined> => {
      const md5 = createHash('md5').update(body).digest('base64');
      const headers = { 'content-md5': md5, ...more };
      const raw = { method: 'POST', path: `/${Bucket}?delete`, headers, body };
      return (await sendSigned(bucket.origin, raw)).code;
    };
    expect(await send('<Delete></Delete>')).toBe('MalformedXML');
    expect(await send('not xml')).toBe('MalformedXML');
    expect(await send('<Other><Object><Key>a</Key></Object></Other>')).toBe('MalformedXML');
    expect(await send(`<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`)).toBe(
      'MalformedXML',
    );
    expect(await send('x'.repeat(9 * MIB))).toBe('MaxMessageLengthExceeded');
    const other = createHash('md5').update('other').digest('base64');
    expect(await send('<Delete><Object><Key>a</Key></Object></Delete>', { 'content-md5': other })).toBe(
      'BadDigest',
    );
    const body = '<Delete><Object><Key>a</Key></Object></Delete>';
    const unproven = await sendSigned(bucket.origin, { method: 'POST', path: `/${Bucket}?delete`, body });
    expect(unproven.code).toBe('InvalidRequest');
  });
});
