/** Lists: order, prefixes, pages, against a model, and with many keys. */
import { rm } from 'node:fs/promises';
import {
  ListObjectsCommand,
  type ListObjectsV2CommandInput,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Index } from '#internal/main/bucket/store/database';
import { listPage, type PageRequest, type Position } from '#internal/main/bucket/store/listing';
import { BUCKET, failure, openTestBucket, temporaryFolder, type TestBucket } from './support.ts';

const Bucket = BUCKET;
const KEYS = [
  'a', 'a/', 'a/1', 'a/2', 'a/b/1', 'a/b/2', 'a-b', 'a.b', 'B', 'b', 'b/x', 'c+ %&', 'é', 'e\u0301',
  '\u{ff5e}', '🎉/1', '🎉/2', 'z\u0001',
]; // prettier-ignore

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await openTestBucket();
  await Promise.all(KEYS.map((Key) => bucket.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
});
afterAll(() => bucket.close());

/** What S3 would list, told by the definition. */
function model(keys: readonly string[], prefix: string, delimiter: string | null): string[] {
  const entries = new Set<string>();
  for (const key of keys.toSorted(byBytes)) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    entries.add(at === -1 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter!.length)}`);
  }
  return [...entries];
}

async function walk(input: Partial<ListObjectsV2CommandInput>): Promise<string[]> {
  const entries: string[] = [];
  let ContinuationToken: string | undefined;
  for (;;) {
    const page = await bucket.s3.send(
      new ListObjectsV2Command({ Bucket, EncodingType: 'url', ...input, ContinuationToken }),
    );
    const mine = [
      ...(page.Contents ?? []).map(({ Key }) => `key ${decodeURIComponent(Key!)}`),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `prefix ${decodeURIComponent(Prefix!)}`),
    ];
    expect(page.KeyCount).toBe(mine.length);
    entries.push(...mine.sort((a, b) => byBytes(a.replace(/^\w+ /, ''), b.replace(/^\w+ /, ''))));
    if (page.IsTruncated !== true) return entries;
    ContinuationToken = page.NextContinuationToken;
  }
}

describe('through the stock client', () => {
  test.each([
    ['', null],
    ['', '/'],
    ['a', '/'],
    ['a/', '/'],
    ['a/b', null],
    ['🎉', '/'],
    ['', 'b'],
    ['none', '/'],
  ] as const)('prefix %j, delimiter %j, in pages of any size', async (Prefix, delimiter) => {
    const expected = model(KEYS, Prefix, delimiter);
    for (const MaxKeys of [1, 2, 3, 7, 1000]) {
      expect(await walk({ Prefix, MaxKeys, ...(delimiter !== null && { Delimiter: delimiter }) })).toEqual(
        expected,
      );
    }
  });

  test('version 1 goes on from the marker', async () => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (;;) {
      const page = await bucket.s3.send(
        new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker, EncodingType: 'url' }),
      );
      const keys = (page.Contents ?? []).map(({ Key }) => `key ${decodeURIComponent(Key!)}`);
      const prefixes = (page.CommonPrefixes ?? []).map(
        ({ Prefix }) => `prefix ${decodeURIComponent(Prefix!)}`,
      );
      seen.push(...keys, ...prefixes);
      if (page.IsTruncated !== true) break;
      Marker = decodeURIComponent(page.NextMarker!);
    }
    expect(seen.sort()).toEqual(model(KEYS, '', '/').sort());
    const plain = await bucket.s3.send(new ListObjectsCommand({ Bucket, Marker: 'a/2', MaxKeys: 2 }));
    expect(plain.Contents?.map(({ Key }) => Key)).toEqual(['a/b/1', 'a/b/2']);
    expect(plain.NextMarker).toBeUndefined();
  });

  test('start-after, owners, sizes and counts', async () => {
    const page = await bucket.s3.send(
      new ListObjectsV2Command({ Bucket, StartAfter: 'a/2', MaxKeys: 1, FetchOwner: true }),
    );
    expect(page).toMatchObject({
      KeyCount: 1,
      MaxKeys: 1,
      IsTruncated: true,
      StartAfter: 'a/2',
      Name: Bucket,
    });
    expect(page.Contents?.[0]).toMatchObject({ Key: 'a/b/1', Size: 5, StorageClass: 'STANDARD' });
    expect(page.Contents?.[0]?.Owner?.ID).toHaveLength(64);
    const none = await bucket.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('refuses what makes no sense', async () => {
    const list = (more: object): Promise<[string, number | undefined]> =>
      failure(bucket.s3.send(new ListObjectsV2Command({ Bucket, ...more })));
    expect(await list({ MaxKeys: -1 })).toEqual(['InvalidArgument', 400]);
    expect(await list({ ContinuationToken: 'nonsense' })).toEqual(['InvalidArgument', 400]);
    expect(await list({ EncodingType: 'other' })).toEqual(['InvalidArgument', 400]);
    expect(await list({ Bucket: 'none' })).toEqual(['NoSuchBucket', 404]);
  });
});

describe('on the index', () => {
  const fill = (index: Index, keys: Iterable<string>): void => {
    index.exec('BEGIN');
    for (const key of keys) {
      index.run(
        `INSERT INTO objects VALUES (1, ?, 1, 0, '', 0, '{}', 'CRC32', 'FULL_OBJECT', '', 0, NULL)`,
        Buffer.from(key),
      );
    }
    index.exec('COMMIT');
  };
  const walkIndex = (index: Index, request: Omit<PageRequest, 'after'>): string[] => {
    const entries: string[] = [];
    let after: Position | null = null;
    for (;;) {
      const page = listPage(index, 1, { ...request, after });
      expect(page.objects.length + page.prefixes.length).toBeLessThanOrEqual(request.limit);
      const mine = [
        ...page.objects.map(({ key }) => `key ${key}`),
        ...page.prefixes.map((prefix) => `prefix ${prefix}`),
      ];
      entries.push(...mine);
      if (page.next === null) return entries;
      after = page.next;
    }
  };

  test('any keys, prefix, delimiter and page size agree with the definition', async () => {
    const root = await temporaryFolder();
    const index = new Index(root);
    const unit = fc.constantFrom('a', 'b', '/', '-', 'é', '🎉', '\u007f', '\u{10FFFF}');
    const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit, minLength: 0, maxLength });
    fc.assert(
      fc.property(
        fc.uniqueArray(
          text(6).filter((key) => key !== ''),
          { maxLength: 60 },
        ),
        text(2),
        fc.option(fc.constantFrom('/', '-', 'a/', '🎉')),
        fc.integer({ min: 1, max: 20 }),
        (keys, prefix, delimiter, limit) => {
          index.run('DELETE FROM objects');
          fill(index, keys);
          const seen = walkIndex(index, { prefix, delimiter, limit });
          expect(seen.toSorted()).toEqual(model(keys, prefix, delimiter).toSorted());
        },
      ),
      { numRuns: 60 },
    );
    await index.close();
    await rm(root, { recursive: true });
  });

  test('a hundred thousand objects take little time, also in many folders', async () => {
    const root = await temporaryFolder();
    const index = new Index(root);
    fill(
      index,
      (function* () {
        for (let n = 0; n < 100_000; n += 1) yield `folder-${n % 1000}/part-${n}`;
      })(),
    );
    const before = process.cpuUsage();
    expect(walkIndex(index, { prefix: '', delimiter: null, limit: 1000 })).toHaveLength(100_000);
    expect(walkIndex(index, { prefix: '', delimiter: '/', limit: 1000 })).toHaveLength(1000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(5);
    await index.close();
    await rm(root, { recursive: true });
  });
});
