/** Objects, through the stock client. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type ChecksumAlgorithm,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSigned } from './raw.ts';
import { BUCKET, bytesOf, failure, openTestBucket, type TestBucket } from './support.ts';

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await openTestBucket();
});
afterAll(async () => {
  await bucket.close();
  expect(bucket.logged).toEqual([]);
});

const Bucket = BUCKET;

async function put(Key: string, Body: Buffer | string): Promise<string> {
  const { ETag } = await bucket.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  return ETag ?? '';
}

async function read(Key: string): Promise<Buffer> {
  const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from(await Body!.transformToByteArray());
}

describe('put and get', () => {
  // Around what the index holds itself, what fits one block, and what takes several.
  test.each([0, 1, 65_535, 65_536, 65_537, 524_288, 524_289, 3_000_001])('%i bytes', async (size) => {
    const data = bytesOf(size, size);
    const etag = await put(`sizes/${size}`, data);
    expect(etag).toBe(`"${createHash('md5').update(data).digest('hex')}"`);
    expect(Buffer.compare(await read(`sizes/${size}`), data)).toBe(0);
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key: `sizes/${size}` }));
    expect(head).toMatchObject({ ContentLength: size, ETag: etag, AcceptRanges: 'bytes' });
  });

  const keys = [
    'a',
    'a/',
    'a/b',
    '..',
    '../../../../etc/passwd',
    'a/./b//c/',
    '/leading',
    'x'.repeat(300),
    `${'deep/'.repeat(200)}file`,
    '🎉 emoji ünïcode.csv',
    'CON',
    'nul.txt',
    'UPPER',
    'upper',
    'a+b c%20d&e=f?g#h;i:j@k,l$m!n*o(p)q~r\'s"t<u>v|w\\x^y`z{',
    'tab\tnewline\ncontrol\u0001',
    '\u00e9',
    'e\u0301',
    'é'.repeat(512),
  ];
  test.each(keys)('a key like %j is its own', async (key) => {
    await put(key, key);
    expect((await read(key)).toString()).toBe(key);
  });

  test('none of those keys stood in for another', async () => {
    for (const key of keys) expect((await read(key)).toString()).toBe(key);
  });

  test('a key of more than 1,024 bytes is refused', async () => {
    expect(await failure(put('é'.repeat(513), 'x'))).toEqual(['KeyTooLongError', 400]);
  });

  test('replacing and deleting', async () => {
    await put('replaced', 'one');
    await put('replaced', bytesOf(100_000, 3));
    await put('replaced', 'three');
    expect((await read('replaced')).toString()).toBe('three');
    await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
    expect(await failure(read('replaced'))).toEqual(['NoSuchKey', 404]);
    await bucket.s3.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
    const head = bucket.s3.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }));
    expect(await failure(head)).toEqual(['NotFound', 404]);
    expect(await failure(bucket.s3.send(new GetObjectCommand({ Bucket: 'none', Key: 'a' })))).toEqual([
      'NoSuchBucket',
      404,
    ]);
  });

  test('what was said of an object comes back with it', async () => {
    await bucket.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'facts',
        Body: 'x',
        ContentType: 'text/csv; charset=utf-8',
        ContentEncoding: 'gzip',
        ContentDisposition: 'attachment; filename="a.csv"',
        ContentLanguage: 'de',
        CacheControl: 'no-store',
        Metadata: { 'original-name': 'r%C3%A9sum%C3%A9.csv', empty: '', Case: 'Kept' },
      }),
    );
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key: 'facts' }));
    expect(head).toMatchObject({
      ContentType: 'text/csv; charset=utf-8',
      ContentEncoding: 'gzip',
      ContentDisposition: 'attachment; filename="a.csv"',
      ContentLanguage: 'de',
      CacheControl: 'no-store',
      Metadata: { 'original-name': 'r%C3%A9sum%C3%A9.csv', case: 'Kept' },
    });
    const overridden = await bucket.s3.send(
      new GetObjectCommand({
        Bucket,
        Key: 'facts',
        ResponseContentType: 'text/plain',
        ResponseContentDisposition: 'inline; filename="ü.csv"',
        ResponseCacheControl: 'private',
      }),
    );
    expect(overridden).toMatchObject({ ContentType: 'text/plain', CacheControl: 'private' });
    expect(Buffer.from(overridden.ContentDisposition ?? '', 'latin1').toString()).toContain('ü.csv');
    const plain = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(plain.ContentType).toBe('application/octet-stream');
  });

  test('more than 2 KB of metadata is refused', async () => {
    const big = new PutObjectCommand({ Bucket, Key: 'meta', Body: 'x', Metadata: { a: 'x'.repeat(2048) } });
    expect(await failure(bucket.s3.send(big))).toEqual(['MetadataTooLarge', 400]);
  });

  test('a stream of unknown length, as the client sends it', async () => {
    const data = bytesOf(300_000, 9);
    const Body = Readable.from([data.subarray(0, 100_000), data.subarray(100_000)]);
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: data.length }));
    expect(Buffer.compare(await read('stream'), data)).toBe(0);
    const head = await bucket.s3.send(
      new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }),
    );
    expect(head.ContentEncoding).toBeUndefined();
    expect(head.ChecksumCRC32).toBeDefined();
  });
});

describe('ranges and conditions', () => {
  const data = bytesOf(1_300_000, 5);
  let etag = '';
  let modified = new Date();
  beforeAll(async () => {
    etag = await put('ranged', data);
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key: 'ranged' }));
    modified = head.LastModified!;
  });

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=524280-524300', 524_280, 524_301],
    ['bytes=1299999-', 1_299_999, 1_300_000],
    ['bytes=-5', 1_299_995, 1_300_000],
    ['bytes=10-99999999', 10, 1_300_000],
  ])('%s', async (Range, from, to) => {
    const answer = await bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }));
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(answer.ContentRange).toBe(`bytes ${from}-${to - 1}/${data.length}`);
    const body = Buffer.from(await answer.Body!.transformToByteArray());
    expect(Buffer.compare(body, data.subarray(from, to))).toBe(0);
  });

  test('a range outside, and one that is none', async () => {
    const outside = bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range: 'bytes=1300000-' }));
    expect(await failure(outside)).toEqual(['InvalidRange', 416]);
    const several = await bucket.s3.send(
      new GetObjectCommand({ Bucket, Key: 'ranged', Range: 'bytes=0-1,4-5' }),
    );
    expect(several.ContentLength).toBe(data.length);
    await several.Body!.transformToByteArray();
  });

  test('If-Range decides whether a range still counts', async () => {
    const ask = (ifRange: string): ReturnType<typeof sendSigned> =>
      sendSigned(bucket.origin, {
        method: 'GET',
        path: `/${BUCKET}/ranged`,
        headers: { range: 'bytes=0-9', 'if-range': ifRange },
      });
    expect((await ask(etag)).status).toBe(206);
    expect((await ask(modified.toUTCString())).status).toBe(206);
    expect((await ask('"other"')).status).toBe(200);
  });

  test('conditions of reads', async () => {
    const get = (condition: object): Promise<[string, number | undefined]> =>
      failure(bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'ranged', ...condition })));
    const earlier = new Date(modified.getTime() - 60_000);
    expect((await get({ IfMatch: '"x"' }))[1]).toBe(412);
    expect((await get({ IfNoneMatch: etag }))[1]).toBe(304);
    expect((await get({ IfModifiedSince: modified }))[1]).toBe(304);
    expect((await get({ IfUnmodifiedSince: earlier }))[1]).toBe(412);
    const head = new HeadObjectCommand({ Bucket, Key: 'ranged', IfMatch: etag, IfUnmodifiedSince: earlier });
    expect((await bucket.s3.send(head)).ETag).toBe(etag);
  });

  test('conditions of writes', async () => {
    const write = (condition: object): PutObjectCommand =>
      new PutObjectCommand({ Bucket, Key: 'conditional', Body: bytesOf(100_000), ...condition });
    const { ETag } = await bucket.s3.send(write({ IfNoneMatch: '*' }));
    expect(await failure(bucket.s3.send(write({ IfNoneMatch: '*' })))).toEqual(['PreconditionFailed', 412]);
    expect(await failure(bucket.s3.send(write({ IfMatch: '"x"' })))).toEqual(['PreconditionFailed', 412]);
    await bucket.s3.send(write({ IfMatch: ETag }));
    const none = new PutObjectCommand({ Bucket, Key: 'nothing here', Body: 'x', IfMatch: ETag });
    expect(await failure(bucket.s3.send(none))).toEqual(['NoSuchKey', 404]);
    const remove = (IfMatch: string): DeleteObjectCommand =>
      new DeleteObjectCommand({ Bucket, Key: 'conditional', IfMatch });
    expect(await failure(bucket.s3.send(remove('"x"')))).toEqual(['PreconditionFailed', 412]);
    await bucket.s3.send(remove(ETag!));
  });

  test('of twenty writers who all want to be first, one is', async () => {
    const writers = Array.from({ length: 20 }, (_, at) =>
      bucket.s3.send(
        new PutObjectCommand({ Bucket, Key: 'first', Body: bytesOf(80_000, at + 1), IfNoneMatch: '*' }),
      ),
    );
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('an object that is replaced while it is read stays whole for its reader', async () => {
    const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'ranged' }));
    await put('ranged', 'short');
    expect(Buffer.compare(Buffer.from(await Body!.transformToByteArray()), data)).toBe(0);
    await put('ranged', data);
  });
});

describe('checksums', () => {
  const data = bytesOf(200_000, 11);

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    '%s is verified, kept and told',
    async (ChecksumAlgorithm) => {
      const Key = `checksums/${ChecksumAlgorithm}`;
      const member = `Checksum${ChecksumAlgorithm}` as const;
      const made = await bucket.s3.send(new PutObjectCommand({ Bucket, Key, Body: data, ChecksumAlgorithm }));
      expect(made[member]).toBeDefined();
      expect(made.ChecksumType).toBe('FULL_OBJECT');
      const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      expect(head[member]).toBe(made[member]);
      expect((await bucket.s3.send(new HeadObjectCommand({ Bucket, Key })))[member]).toBeUndefined();
      const wrong = Buffer.from(made[member]!, 'base64');
      wrong[0] = wrong[0]! ^ 1;
      const lie = new PutObjectCommand({ Bucket, Key, Body: data, [member]: wrong.toString('base64') });
      expect(await failure(bucket.s3.send(lie))).toEqual(['BadDigest', 400]);
      expect(await read(Key)).toEqual(data);
    },
  );

  test.each(['CRC32', 'CRC64NVME', 'SHA256'] as const)('%s of a stream, as a trailer', async (algorithm) => {
    const Body = Readable.from([data]);
    const made = await bucket.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'trailer',
        Body,
        ContentLength: data.length,
        ChecksumAlgorithm: algorithm satisfies ChecksumAlgorithm,
      }),
    );
    expect(made[`Checksum${algorithm}`]).toBeDefined();
  });

  test('Content-MD5', async () => {
    const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('base64');
    const write = (ContentMD5: string): Promise<unknown> =>
      bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'md5', Body: data, ContentMD5 }));
    await write(md5(data));
    expect(await failure(write(md5(Buffer.from('other'))))).toEqual(['BadDigest', 400]);
    expect(await failure(write('nonsense'))).toEqual(['InvalidDigest', 400]);
  });

  test('an object nobody gave a checksum has a CRC32 all the same', async () => {
    const plain = bucket.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await plain.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: data }));
    const head = await plain.send(new HeadObjectCommand({ Bucket, Key: 'plain', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC32).toBeDefined();
  });

  test('what cannot be verified is refused', async () => {
    const send = async (headers: Record<string, string>): Promise<[number, string | undefined]> => {
      const { status, code } = await sendSigned(bucket.origin, {
        method: 'PUT',
        path: `/${BUCKET}/odd`,
        headers,
        body: 'x',
      });
      return [status, code];
    };
    expect(await send({ 'x-amz-checksum-sha512': 'AAAA' })).toEqual([501, 'NotImplemented']);
    expect(await send({ 'x-amz-checksum-crc32': 'nonsense' })).toEqual([400, 'InvalidRequest']);
    expect(await send({ 'x-amz-sdk-checksum-algorithm': 'CRC32' })).toEqual([400, 'InvalidRequest']);
    expect(await send({ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' })).toEqual([
      400,
      'InvalidRequest',
    ]);
    expect(await failure(read('odd'))).toEqual(['NoSuchKey', 404]);
  });

  test('attributes', async () => {
    await put('attributes', data);
    const ask = (names: ('ETag' | 'Checksum' | 'ObjectSize' | 'StorageClass' | 'ObjectParts')[]) =>
      bucket.s3.send(new GetObjectAttributesCommand({ Bucket, Key: 'attributes', ObjectAttributes: names }));
    expect(await ask(['ETag', 'Checksum', 'ObjectSize', 'StorageClass', 'ObjectParts'])).toMatchObject({
      ETag: createHash('md5').update(data).digest('hex'),
      ObjectSize: data.length,
      StorageClass: 'STANDARD',
      Checksum: { ChecksumType: 'FULL_OBJECT' },
    });
    expect((await ask(['ObjectSize'])).ETag).toBeUndefined();
    expect(await failure(ask(['Nonsense' as 'ETag']))).toEqual(['InvalidArgument', 400]);
  });
});

describe('how an object is to be kept', () => {
  const asked = {
    StorageClass: 'STANDARD_IA',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'arn:aws:kms:us-east-1:1:key/k',
    Tagging: 'case=4711&who=%C3%A9+x',
    ContentEncoding: 'gzip',
    Metadata: { note: 'n' },
  } as const;
  const told = {
    StorageClass: 'STANDARD_IA',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'arn:aws:kms:us-east-1:1:key/k',
    TagCount: 2,
    ContentEncoding: 'gzip',
    Metadata: { note: 'n' },
  };
  const tags = [
    { Key: 'case', Value: '4711' },
    { Key: 'who', Value: 'é x' },
  ];
  const head = (Key: string) => bucket.s3.send(new HeadObjectCommand({ Bucket, Key }));
  const tagsOf = async (Key: string) =>
    (await bucket.s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;

  test('is remembered of one that is put, and told', async () => {
    const made = await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'kept/put', Body: 'x', ...asked }));
    expect(made).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: asked.SSEKMSKeyId });
    expect(await head('kept/put')).toMatchObject(told);
    expect(await tagsOf('kept/put')).toEqual(tags);
    const page = await bucket.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'kept/' }));
    expect(page.Contents?.[0]?.StorageClass).toBe('STANDARD_IA');
  });

  test('is remembered of one that is uploaded in parts', async () => {
    const at = { Bucket, Key: 'kept/parts' };
    const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ ...at, ...asked }));
    const part = { ...at, UploadId, PartNumber: 1 };
    const { ETag } = await bucket.s3.send(new UploadPartCommand({ ...part, Body: 'x' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await bucket.s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
    expect(await head('kept/parts')).toMatchObject(told);
    expect(await tagsOf('kept/parts')).toEqual(tags);
  });

  test('goes along with a copy as far as S3 takes it along', async () => {
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'kept/source', Body: 'x', ...asked }));
    const copy = (Key: string, more: object) =>
      bucket.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/kept/source`, ...more }));
    await copy('kept/copy', {});
    const plain = await head('kept/copy');
    expect(plain).toMatchObject({ TagCount: 2, ContentEncoding: 'gzip', Metadata: { note: 'n' } });
    expect([plain.StorageClass, plain.ServerSideEncryption]).toEqual([undefined, undefined]);
    await copy('kept/other', { TaggingDirective: 'REPLACE', Tagging: 'a=b', StorageClass: 'GLACIER_IR' });
    expect(await head('kept/other')).toMatchObject({ TagCount: 1, StorageClass: 'GLACIER_IR' });
  });
});

describe('what is not here', () => {
  test.each([
    [{ SSECustomerAlgorithm: 'AES256' }, 'NotImplemented', 501],
    [{ ServerSideEncryption: 'rot13' as 'AES256' }, 'InvalidArgument', 400],
    [{ Tagging: 'a=b&a=c' }, 'InvalidTag', 400],
    [{ Tagging: Array.from({ length: 11 }, (_, index) => `t${index}=1`).join('&') }, 'InvalidTag', 400],
    [{ StorageClass: 'SNOW' }, 'InvalidStorageClass', 400],
    [{ ACL: 'public-read' }, 'AccessControlListNotSupported', 400],
    [{ ObjectLockLegalHoldStatus: 'ON' }, 'NotImplemented', 501],
    [{ WebsiteRedirectLocation: '/x' }, 'NotImplemented', 501],
    [{ ExpectedBucketOwner: '123456789012' }, 'AccessDenied', 403],
  ] as const)('%j is refused and nothing is stored', async (asked, name, status) => {
    const command = new PutObjectCommand({ Bucket, Key: 'refused', Body: 'x', ...asked });
    expect(await failure(bucket.s3.send(command))).toEqual([name, status]);
    expect(await failure(read('refused'))).toEqual(['NoSuchKey', 404]);
  });

  test('versions other than the one there is', async () => {
    await put('versioned', 'x');
    const get = (VersionId: string): Promise<unknown> =>
      bucket.s3.send(new GetObjectCommand({ Bucket, Key: 'versioned', VersionId }));
    await get('null');
    expect(await failure(get('abc'))).toEqual(['NoSuchVersion', 404]);
  });
});
