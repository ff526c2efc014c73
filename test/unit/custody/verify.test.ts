import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBucketServer, type BucketServer } from '#main/bucket';
import { verify, type Place } from '#main/custody';
import { openJournal, type Journal } from '#main/journal';
import { BUILTIN_CONNECTION, Connections, type ObjectStore } from '#main/storage';
import type { Difference, FileCheck, Manifest, ManifestFile } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';
import { seal } from '../../support/seal.ts';

const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
const NEVER = new AbortController().signal;
const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };

let folder = '';
let bucket: BucketServer;
let journal: Journal;
let connections: Connections;
let store: ObjectStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-verify-'));
  bucket = await startBucketServer({
    root: join(folder, 'bucket'),
    credentials: KEYS,
    region: 'us-east-1',
    listen: { port: 0 },
    buckets: ['sluice'],
    allowedOrigins: () => [],
  });
  journal = openJournal(folder);
  connections = new Connections({
    journal,
    secrets: { get: async () => null, set: async () => undefined, remove: async () => undefined },
    clock,
    builtin: { endpoint: bucket.origin, region: 'us-east-1', bucket: 'sluice', keys: KEYS },
    environment: [],
    pageOrigins: () => [],
  });
  store = await connections.store(BUILTIN_CONNECTION);
});
afterEach(async () => {
  await connections.close();
  await bucket.close();
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const crcOf = (bytes: Buffer): string => encodeCrc32(crc32(bytes));

/** Stores bytes and says of them what a manifest would. */
async function bring(
  path: string,
  own: Buffer,
  packer: 'gzip' | 'zstd' | null = null,
): Promise<ManifestFile> {
  const stored = packer === null ? own : packer === 'gzip' ? gzipSync(own) : zstdCompressSync(own);
  const key = `p/${path}`;
  const { etag } = await put(key, stored);
  return {
    path,
    key,
    size: stored.length,
    state: 'done',
    crc32: crcOf(stored),
    original: packer === null ? null : { size: own.length, crc32: crcOf(own), compressedBy: packer },
    sha256: sha256(own),
    etag,
    versionId: null,
    modified: null,
    proven: [],
    finishedAt: null,
    receiptId: path,
  };
}

const put = (key: string, bytes: Buffer) =>
  store.put(key, bytes, crc32(bytes), { contentType: 'text/csv', metadata: {} });

const manifestOf = (...files: readonly ManifestFile[]): Manifest =>
  seal({
    version: 1,
    writtenAt: '2026-07-01T10:00:00.000Z',
    writtenBy: 'Sluice 1.0.0',
    session: {
      id: 's1',
      title: 'Evidence',
      endpoint: bucket.origin,
      bucket: 'sluice',
      prefix: 'p',
      createdAt: '2026-07-01T10:00:00.000Z',
    },
    custody: null,
    files: [...files],
    refused: [],
    leftOut: { hidden: 0, systemFiles: 0, links: 0 },
  });

async function check(place: Place, ...files: readonly ManifestFile[]) {
  const checks: FileCheck[] = [];
  const result = await verify(manifestOf(...files), {
    place,
    clock,
    signal: NEVER,
    onChecked: (checked) => checks.push(checked),
  });
  return { ...result, checks };
}

const shallow = (): Place => ({ kind: 'store', store, deep: false });
const deep = (): Place => ({ kind: 'store', store, deep: true });
const whatDiffers = (checks: readonly FileCheck[]): readonly Difference['what'][] =>
  checks.flatMap((each) => (each.outcome === 'differs' ? each.differences.map(({ what }) => what) : []));

describe('the store is asked', () => {
  test('what is there as it was proven agrees, at any depth', async () => {
    const files = [
      await bring('small.csv', Buffer.from('a\n1\n')),
      await bring('large.bin', randomBytes(20_000_000)),
    ];
    expect(await check(shallow(), ...files)).toMatchObject({ files: 2, agree: 2, bytesRead: 0 });
    expect(await check(deep(), ...files)).toMatchObject({ agree: 2, bytesRead: 20_000_004 });
  });

  test('files that never arrived are counted apart', async () => {
    const file = await bring('a.csv', Buffer.from('a'));
    const never = { ...file, path: 'b.csv', key: 'p/b.csv', state: 'failed' as const };
    expect(await check(shallow(), file, never)).toMatchObject({ files: 1, agree: 1, neverArrived: 1 });
  });

  test('a store that refuses leaves a file unchecked, which is not the same as different', async () => {
    const file = await bring('a.csv', Buffer.from('a'));
    const denied = sluiceError('ACCESS_DENIED', { action: 'read', resource: file.key });
    const refusing = Object.create(store, { head: { value: () => Promise.reject(denied) } }) as ObjectStore;
    const { checks, ...counts } = await check({ kind: 'store', store: refusing, deep: false }, file);
    expect(counts).toMatchObject({ agree: 0, differ: 0, unchecked: 1 });
    expect(checks).toMatchObject([{ outcome: 'unchecked', error: { code: 'ACCESS_DENIED' } }]);
  });

  test('an abort ends it', async () => {
    const controller = new AbortController();
    const file = await bring('a.csv', Buffer.from('a'));
    const work = verify(manifestOf(file, file, file), {
      place: deep(),
      clock,
      signal: controller.signal,
      onChecked: () => controller.abort(new Error('enough')),
    });
    await expect(work).rejects.toThrow('enough');
  });
});

describe.each(['gzip', 'zstd'] as const)('a file that was compressed by %s', (packer) => {
  const own = Buffer.from('orders,amount\n'.repeat(400_000));

  test('agrees: the object as it is, and the file in it', async () => {
    const file = await bring('a.csv', own, packer);
    expect(file.size).toBeLessThan(own.length);
    expect(await check(shallow(), file)).toMatchObject({ agree: 1 });
    expect(await check(deep(), file)).toMatchObject({ agree: 1, bytesRead: file.size });
  });

  test('a copy on the disk is compared with the file itself', async () => {
    const file = await bring('a.csv', own, packer);
    mkdirSync(join(folder, 'copies'));
    writeFileSync(join(folder, 'copies', 'a.csv'), own);
    expect(await check({ kind: 'folder', path: join(folder, 'copies') }, file)).toMatchObject({ agree: 1 });
    writeFileSync(join(folder, 'copies', 'a.csv'), own.subarray(1));
    const { checks } = await check({ kind: 'folder', path: join(folder, 'copies') }, file);
    expect(whatDiffers(checks)).toEqual(['size', 'crc32', 'sha256']);
  });

  test('another file in a sound wrapping is seen', async () => {
    const file = await bring('a.csv', own, packer);
    const other = await bring('a.csv', Buffer.concat([own, Buffer.from('x')]), packer);
    const forged = { ...file, size: other.size, crc32: other.crc32, etag: other.etag };
    expect(whatDiffers((await check(deep(), forged)).checks)).toEqual(['size', 'crc32', 'sha256']);
  });

  test('a damaged wrapping is seen, and that nothing can be taken out of it', async () => {
    const file = await bring('a.csv', own, packer);
    const broken = (packer === 'gzip' ? gzipSync(own) : zstdCompressSync(own)).subarray(0, -6);
    await put(file.key, broken);
    const { checks } = await check(deep(), file);
    expect(whatDiffers(checks)).toEqual(['size', 'etag', 'crc32', 'file']);
  });
});
