/** Uploads in parts, through the stock client. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  type CompleteMultipartUploadCommandOutput,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, bytesOf, failure, MIB, openTestBucket, type TestBucket } from './support.ts';

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await openTestBucket();
});
afterAll(async () => {
  await bucket.close();
  expect(bucket.logged).toEqual([]);
});

const Bucket = BUCKET;
const FIRST = bytesOf(5 * MIB, 1);
const SECOND = bytesOf(5 * MIB + 12_345, 2);
const LAST = bytesOf(1234, 3);
const WHOLE = Buffer.concat([FIRST, SECOND, LAST]);

function base64Crc(bytes: Buffer): string {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(bytes));
  return crc.toString('base64');
}

async function create(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId!;
}

async function part(
  Key: string,
  UploadId: string,
  PartNumber: number,
  Body: Buffer,
  more: Partial<UploadPartCommandInput> = {},
): Promise<CompletedPart> {
  const made = await bucket.s3.send(
    new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }),
  );
  return {
    PartNumber,
    ETag: made.ETag,
    ChecksumCRC32: made.ChecksumCRC32,
    ChecksumCRC32C: made.ChecksumCRC32C,
    ChecksumCRC64NVME: made.ChecksumCRC64NVME,
    ChecksumSHA1: made.ChecksumSHA1,
    ChecksumSHA256: made.ChecksumSHA256,
  };
}

function bare({ PartNumber, ETag }: CompletedPart): CompletedPart {
  return { PartNumber, ETag };
}

function complete(
  Key: string,
  UploadId: string,
  Parts: CompletedPart[],
  more: Partial<CompleteMultipartUploadCommandInput> = {},
): Promise<CompleteMultipartUploadCommandOutput> {
  return bucket.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
  );
}

async function read(Key: string, more: object = {}): Promise<Buffer> {
  const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from(await Body!.transformToByteArray());
}

function etagOf(...parts: Buffer[]): string {
  const md5s = parts.map((bytes) => createHash('md5').update(bytes).digest());
  return `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.length}"`;
}

describe('an upload in parts', () => {
  test('becomes one object, whole, in ranges and by part', async () => {
    const id = await create('whole', { ContentType: 'text/csv', Metadata: { id: 'nonce' } });
    const parts = [
      await part('whole', id, 3, LAST),
      await part('whole', id, 1, FIRST),
      await part('whole', id, 2, SECOND),
    ].sort((a, b) => a.PartNumber! - b.PartNumber!);
    const made = await complete('whole', id, parts.map(bare), { MpuObjectSize: WHOLE.length });
    expect(made.ETag).toBe(etagOf(FIRST, SECOND, LAST));
    expect(Buffer.compare(await read('whole'), WHOLE)).toBe(0);

    const head = await bucket.s3.send(
      new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({
      ContentLength: WHOLE.length,
      ContentType: 'text/csv',
      Metadata: { id: 'nonce' },
      ETag: made.ETag,
      // Nobody named a checksum at the start, but the parts have CRCs that combine.
      ChecksumCRC32: base64Crc(WHOLE),
      ChecksumType: 'FULL_OBJECT',
    });
    const from = 5 * MIB - 10;
    const across = await read('whole', { Range: `bytes=${from}-${FIRST.length + SECOND.length + 4}` });
    expect(Buffer.compare(across, WHOLE.subarray(from, FIRST.length + SECOND.length + 5))).toBe(0);

    const second = await bucket.s3.send(
      new GetObjectCommand({ Bucket, Key: 'whole', PartNumber: 2, ChecksumMode: 'ENABLED' }),
    );
    expect(second).toMatchObject({ PartsCount: 3, ContentLength: SECOND.length });
    expect(Buffer.compare(Buffer.from(await second.Body!.transformToByteArray()), SECOND)).toBe(0);
    expect(await failure(read('whole', { PartNumber: 4 }))).toEqual(['InvalidPartNumber', 416]);
    expect(await failure(read('whole', { PartNumber: 1, Range: 'bytes=0-1' }))).toEqual([
      'InvalidRequest',
      400,
    ]);
  });

  test('leaves out parts that are not listed, and takes the last of a number', async () => {
    const id = await create('chosen');
    await part('chosen', id, 1, LAST);
    const first = await part('chosen', id, 1, FIRST);
    await part('chosen', id, 2, SECOND);
    const third = await part('chosen', id, 7, LAST);
    await complete('chosen', id, [bare(first), bare(third)]);
    expect(Buffer.compare(await read('chosen'), Buffer.concat([FIRST, LAST]))).toBe(0);
  });

  test('can be completed again with the same parts, for its answer may be lost', async () => {
    const id = await create('again');
    const parts = [await part('again', id, 1, LAST)].map(bare);
    const first = await complete('again', id, parts, { IfNoneMatch: '*' });
    const second = await complete('again', id, parts, { IfNoneMatch: '*' });
    expect(second.ETag).toBe(first.ETag);
    const other = complete('again', id, [{ PartNumber: 2, ETag: parts[0]!.ETag }]);
    expect(await failure(other)).toEqual(['NoSuchUpload', 404]);
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'again', Body: 'other' }));
    // What it made is gone; saying it is there would be a lie.
    expect(await failure(complete('again', id, parts))).toEqual(['NoSuchUpload', 404]);
  });

  test('keeps what is there when a condition fails, and can still be completed', async () => {
    await bucket.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'old' }));
    const id = await create('kept');
    const parts = [await part('kept', id, 1, LAST)].map(bare);
    expect(await failure(complete('kept', id, parts, { IfNoneMatch: '*' }))).toEqual([
      'PreconditionFailed',
      412,
    ]);
    expect((await read('kept')).toString()).toBe('old');
    await complete('kept', id, parts);
    expect(Buffer.compare(await read('kept'), LAST)).toBe(0);
  });

  test('one part of nothing is an empty object', async () => {
    const id = await create('empty');
    const parts = [await part('empty', id, 1, Buffer.alloc(0))].map(bare);
    expect((await complete('empty', id, parts)).ETag).toBe(etagOf(Buffer.alloc(0)));
    expect(await read('empty')).toHaveLength(0);
  });

  test('refuses what cannot be an object', async () => {
    const id = await create('refused');
    const first = bare(await part('refused', id, 1, FIRST));
    const small = bare(await part('refused', id, 2, LAST));
    const last = bare(await part('refused', id, 3, LAST));
    const outcome = (parts: CompletedPart[], more = {}): Promise<[string, number | undefined]> =>
      failure(complete('refused', id, parts, more));
    expect(await outcome([small, first])).toEqual(['InvalidPartOrder', 400]);
    expect(await outcome([first, first])).toEqual(['InvalidPartOrder', 400]);
    expect(await outcome([first, small, last])).toEqual(['EntityTooSmall', 400]);
    expect(await outcome([first, { ...last, PartNumber: 9 }])).toEqual(['InvalidPart', 400]);
    expect(await outcome([first, { ...last, ETag: first.ETag }])).toEqual(['InvalidPart', 400]);
    expect(await outcome([{ ...first, ChecksumCRC32: 'AAAAAA==' }])).toEqual(['InvalidPart', 400]);
    expect(await outcome([])).toEqual(['MalformedXML', 400]);
    expect(await outcome([first], { MpuObjectSize: 1 })).toEqual(['InvalidRequest', 400]);
    expect(await failure(read('refused'))).toEqual(['NoSuchKey', 404]);
    await complete('refused', id, [first, last]);
  });

  test('part numbers run from 1 to 10,000', async () => {
    const id = await create('numbers');
    for (const number of [0, 10_001]) {
      expect(await failure(part('numbers', id, number, LAST))).toEqual(['InvalidArgument', 400]);
    }
    await complete('numbers', id, [bare(await part('numbers', id, 10_000, LAST))]);
  });

  test('an upload that is not there, is another key’s, or was aborted', async () => {
    const id = await create('aborted');
    await part('aborted', id, 1, FIRST);
    expect(await failure(part('other key', id, 1, LAST))).toEqual(['NoSuchUpload', 404]);
    const abort = new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId: id });
    await bucket.s3.send(abort);
    expect(await failure(bucket.s3.send(abort))).toEqual(['NoSuchUpload', 404]);
    expect(await failure(part('aborted', id, 1, LAST))).toEqual(['NoSuchUpload', 404]);
    expect(await failure(complete('aborted', id, [{ PartNumber: 1, ETag: 'x' }]))).toEqual([
      'NoSuchUpload',
      404,
    ]);
    const list = new ListPartsCommand({ Bucket, Key: 'aborted', UploadId: id });
    expect(await failure(bucket.s3.send(list))).toEqual(['NoSuchUpload', 404]);
  });
});

describe('checksums of an upload', () => {
  test.each([
    ['CRC32', 'FULL_OBJECT'],
    ['CRC32C', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
    ['CRC32', 'COMPOSITE'],
    ['CRC32C', 'COMPOSITE'],
    ['SHA1', 'COMPOSITE'],
    ['SHA256', 'COMPOSITE'],
  ] as const)('%s, %s', async (ChecksumAlgorithm, ChecksumType) => {
    const Key = `checked/${ChecksumAlgorithm}-${ChecksumType}`;
    const member = `Checksum${ChecksumAlgorithm}` as const;
    const id = await create(Key, { ChecksumAlgorithm, ChecksumType });
    const parts = [
      await part(Key, id, 1, FIRST, { ChecksumAlgorithm }),
      await part(Key, id, 2, LAST, { ChecksumAlgorithm }),
    ];
    // The client knows how to compute it over the whole; a composite is computed by hand.
    const joined = Buffer.concat(parts.map((made) => Buffer.from(made[member]!, 'base64')));
    const source = ChecksumType === 'FULL_OBJECT' ? Buffer.concat([FIRST, LAST]) : joined;
    const plain = await bucket.s3.send(
      new PutObjectCommand({ Bucket, Key: 'by-hand', Body: source, ChecksumAlgorithm }),
    );
    const expected = ChecksumType === 'FULL_OBJECT' ? plain[member]! : `${plain[member]!}-2`;

    const wrong = complete(Key, id, parts, { [member]: parts[0]![member] });
    expect(await failure(wrong)).toEqual(['BadDigest', 400]);
    const other = ChecksumType === 'COMPOSITE' ? 'FULL_OBJECT' : 'COMPOSITE';
    expect(await failure(complete(Key, id, parts, { ChecksumType: other }))).toEqual(['BadDigest', 400]);
    const made = await complete(Key, id, parts, { [member]: expected, ChecksumType });
    expect(made).toMatchObject({ [member]: expected, ChecksumType });
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [member]: expected, ChecksumType });

    const attributes = await bucket.s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key,
        ObjectAttributes: ['ObjectParts', 'Checksum'],
        MaxParts: 1,
      }),
    );
    expect(attributes.ObjectParts?.TotalPartsCount).toBe(2);
    if (ChecksumType === 'COMPOSITE') {
      expect(attributes.ObjectParts).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1' });
      expect(attributes.ObjectParts?.Parts).toMatchObject([{ PartNumber: 1, Size: FIRST.length }]);
    }
  });

  test('algorithm and type have to go together, and parts with them', async () => {
    const begin = (more: object): Promise<[string, number | undefined]> => failure(create('x', more));
    expect(await begin({ ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' })).toEqual([
      'InvalidRequest',
      400,
    ]);
    expect(await begin({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' })).toEqual([
      'InvalidRequest',
      400,
    ]);
    expect(await begin({ ChecksumAlgorithm: 'XXHASH64' })).toEqual(['NotImplemented', 501]);
    const id = await create('typed', { ChecksumAlgorithm: 'SHA256' });
    expect(await failure(part('typed', id, 1, LAST))).toEqual(['InvalidRequest', 400]);
    const made = await part('typed', id, 1, LAST, { ChecksumAlgorithm: 'SHA256' });
    expect(await failure(complete('typed', id, [bare(made)]))).toEqual(['InvalidRequest', 400]);
    await complete('typed', id, [made]);
  });

  test('a part that was damaged on its way is not kept', async () => {
    const id = await create('damaged');
    const lie = part('damaged', id, 1, FIRST, { ChecksumCRC32: base64Crc(LAST) });
    expect(await failure(lie)).toEqual(['BadDigest', 400]);
    const { Parts } = await bucket.s3.send(new ListPartsCommand({ Bucket, Key: 'damaged', UploadId: id }));
    expect(Parts ?? []).toEqual([]);
  });
});

describe('lists of uploads and parts', () => {
  test('parts, page by page', async () => {
    const id = await create('listed', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const made = await Promise.all(
      [1, 2, 3, 5, 8].map((number) => part('listed', id, number, bytesOf(number * 100, number))),
    );
    const seen: (number | undefined)[] = [];
    let PartNumberMarker: string | undefined;
    for (;;) {
      const page = await bucket.s3.send(
        new ListPartsCommand({ Bucket, Key: 'listed', UploadId: id, MaxParts: 2, PartNumberMarker }),
      );
      expect(page).toMatchObject({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT', MaxParts: 2 });
      for (const found of page.Parts ?? []) {
        expect(found).toMatchObject({
          Size: found.PartNumber! * 100,
          ETag: made.find((known) => known.PartNumber === found.PartNumber)?.ETag,
          ChecksumCRC32: base64Crc(bytesOf(found.PartNumber! * 100, found.PartNumber)),
        });
        seen.push(found.PartNumber);
      }
      if (page.IsTruncated !== true) break;
      PartNumberMarker = page.NextPartNumberMarker;
    }
    expect(seen).toEqual([1, 2, 3, 5, 8]);
  });

  test('uploads, page by page, by prefix and by delimiter', async () => {
    const names = ['up/a', 'up/a', 'up/b/1', 'up/b/2', 'up/c ü', 'up/a', 'zz'];
    const ids = new Map<string, string[]>();
    for (const name of names) {
      const id = await create(name);
      ids.set(name, [...(ids.get(name) ?? []), id]);
    }
    const all: string[] = [];
    const prefixes: string[] = [];
    const walk = async (limit: number, Delimiter?: string): Promise<void> => {
      all.length = 0;
      prefixes.length = 0;
      let KeyMarker: string | undefined;
      let UploadIdMarker: string | undefined;
      for (;;) {
        const page = await bucket.s3.send(
          new ListMultipartUploadsCommand({
            Bucket,
            Prefix: 'up/',
            MaxUploads: limit,
            Delimiter,
            KeyMarker,
            UploadIdMarker,
          }),
        );
        all.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => `${Key}:${UploadId}`));
        prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
        if (page.IsTruncated !== true) return;
        KeyMarker = page.NextKeyMarker;
        UploadIdMarker = page.NextUploadIdMarker;
      }
    };
    const expected = ['up/a', 'up/b/1', 'up/b/2', 'up/c ü'].flatMap((key) =>
      ids.get(key)!.map((id) => `${key}:${id}`),
    );
    for (const limit of [1, 2, 3, 1000]) {
      await walk(limit);
      expect(all).toEqual(expected);
      await walk(limit, '/');
      expect(all).toEqual(expected.filter((entry) => !entry.startsWith('up/b/')));
      expect(prefixes).toEqual(['up/b/']);
    }
  });
});
