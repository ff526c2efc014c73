import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBucketServer, type BucketServer } from '#main/bucket';
import {
  compositeCrc32,
  expectedMultipartEtag,
  type CompletedPart,
  type ObjectHead,
  type ObjectStore as Store,
  type ListedUpload,
} from '#main/storage';
import { openAccess } from '#internal/main/storage/access';
import { KeysSource } from '#internal/main/storage/credentials';
import { ObjectStore } from '#internal/main/storage/object-store';
import { NO_SETTINGS, type Capabilities, type Connection } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { combineCrc32 } from '#shared/lib';

const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
const MiB = 1024 * 1024;
const HEAD: ObjectHead = { contentType: 'text/plain', metadata: {} };

let folder = '';
let bucket: BucketServer;
const opened: Store[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-store-'));
  bucket = await start({ port: 0 }, 'root');
});
afterAll(async () => {
  for (const store of opened) store.close();
  await bucket.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (
  listen: { readonly port: number } | { readonly socketPath: string },
  name: string,
  now = (): number => Date.now(),
): Promise<BucketServer> =>
  startBucketServer({
    root: join(folder, name),
    credentials: KEYS,
    region: 'us-east-1',
    listen,
    buckets: ['sluice'],
    allowedOrigins: () => [],
    now,
  });

function storeAt(
  endpoint: string,
  checksum: Capabilities['checksum'] = 'full-object',
  more: { readonly socketPath?: string; readonly now?: () => number } = {},
): ObjectStore {
  const now = more.now ?? ((): number => Date.now());
  const connection: Connection = {
    id: 'c',
    kind: 's3',
    origin: 'user',
    name: 'c',
    endpoint,
    region: 'us-east-1',
    bucket: 'sluice',
    prefix: '',
    credentials: { kind: 'builtin' },
    capabilities: null,
    settings: NO_SETTINGS,
  };
  const access = openAccess(connection, {
    keys: new KeysSource(async () => KEYS, now),
    now,
    socketPath: more.socketPath,
  });
  const store = new ObjectStore(connection, access, checksum);
  opened.push(store);
  return store;
}

async function bytesOf(store: ObjectStore, key: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key, null, null)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const codeOf = (error: unknown): string => (isSluiceError(error) ? error.code : String(error));

async function inParts(
  store: ObjectStore,
  key: string,
  bodies: readonly Buffer[],
): Promise<{ uploadId: string; parts: CompletedPart[]; whole: { size: number; crc32: number } }> {
  const uploadId = await store.createUpload(key, HEAD);
  const parts: CompletedPart[] = [];
  let whole = { size: 0, crc32: 0 };
  for (const [index, body] of bodies.entries()) {
    const crc = crc32(body);
    const { etag } = await store.uploadPart({ key, uploadId, number: index + 1 }, body, crc);
    parts.push({ number: index + 1, etag, crc32: crc });
    whole = { size: whole.size + body.length, crc32: combineCrc32(whole.crc32, crc, body.length) };
  }
  return { uploadId, parts, whole };
}

test('what is put is there, with all that it was put with', async () => {
  const store = storeAt(bucket.origin);
  const body = Buffer.from('some bytes');
  const key = "folder/é a+b/it's ../x//y.txt";
  const taken = await store.put(key, body, crc32(body), {
    contentType: 'text/csv',
    metadata: { 'sluice-id': 'me', Note: 'n' },
    contentEncoding: 'gzip',
    storageClass: 'STANDARD_IA',
    encryption: { kind: 'kms', keyId: 'k' },
    tags: { case: '4711', 'a b': 'ü' },
  });
  expect(taken).toMatchObject({ crc32: crc32(body), etag: `"${hash('md5', body, 'hex')}"`, versionId: null });
  expect(await store.head(key)).toMatchObject({
    size: body.length,
    etag: taken.etag,
    crc32: crc32(body),
    composite: null,
    metadata: { 'sluice-id': 'me', note: 'n' },
  });
  expect(await bytesOf(store, key)).toEqual(body);
  expect(await store.head('nothing')).toBeNull();
});

test('a part of it is read, of that version only', async () => {
  const store = storeAt(bucket.origin);
  const body = Buffer.from('0123456789');
  const { etag } = await store.put('range', body, crc32(body), HEAD);
  const read = await store.read('range', { first: 2, last: 4 }, etag);
  expect(Buffer.concat(await read.toArray()).toString()).toBe('234');
  await expect(store.read('range', null, '"other"')).rejects.toMatchObject({ code: 'OBJECT_CHANGED' });
  await expect(store.read('gone', null, null)).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
});

test('nothing is written over where that was not wanted, in one PUT or in parts', async () => {
  const store = storeAt(bucket.origin);
  const body = Buffer.from('first');
  const put = (): Promise<unknown> =>
    store.put('only-once', body, crc32(body), HEAD, undefined, { ifNoneMatch: '*' });
  await put();
  expect(await put().catch(codeOf)).toBe('OBJECT_EXISTS');
  const { uploadId, parts, whole } = await inParts(store, 'only-once', [Buffer.from('second')]);
  const complete = store.completeUpload({ key: 'only-once', uploadId }, parts, whole, undefined, {
    ifNoneMatch: '*',
  });
  expect(await complete.catch(codeOf)).toBe('OBJECT_EXISTS');
  expect(await bytesOf(store, 'only-once')).toEqual(body);
  await store.abortUpload('only-once', uploadId);
});

test('each kind of store is told what it can check, and gives back what proves', async () => {
  const bodies = [Buffer.alloc(5 * MiB, 'a'), Buffer.from('tail')];
  const crcs = bodies.map((body) => crc32(body));
  for (const checksum of ['full-object', 'composite', 'none'] as const) {
    const store = storeAt(bucket.origin, checksum);
    const key = `parts/${checksum}`;
    const { uploadId, parts, whole } = await inParts(store, key, bodies);
    await store.completeUpload({ key, uploadId }, parts, whole);
    const stored = await store.head(key);
    expect(stored?.size).toBe(whole.size);
    expect(stored?.etag).toBe(`"${expectedMultipartEtag(parts.map(({ etag }) => etag)) ?? ''}"`);
    if (checksum === 'full-object') expect(stored).toMatchObject({ crc32: whole.crc32, composite: null });
    if (checksum === 'composite')
      expect(stored).toMatchObject({ crc32: null, composite: compositeCrc32(crcs) });
  }
});

test('without checksums the MD5 goes along, and a store that takes it for its tag says so', async () => {
  const store = storeAt(bucket.origin, 'none');
  const body = Buffer.from('md5');
  const md5 = hash('md5', body, 'hex');
  expect(await store.put('md5', body, crc32(body), HEAD)).toMatchObject({ md5, etag: `"${md5}"` });
  expect((await storeAt(bucket.origin).put('md5', body, crc32(body), HEAD)).md5).toBeNull();
});

test('bytes that are not those of the checksum are refused', async () => {
  const store = storeAt(bucket.origin);
  const put = store.put('wrong', Buffer.from('a'), crc32('b'), HEAD);
  expect(await put.catch(codeOf)).toBe('STORE_UNREACHABLE'); // damaged on the way: the same again may pass
  expect(await store.head('wrong')).toBeNull();
});

test('a part is streamed, never held', async () => {
  const store = storeAt(bucket.origin);
  const piece = Buffer.alloc(MiB, 'p');
  const length = 6 * MiB;
  let crc = 0;
  for (let index = 0; index < 6; index += 1) crc = crc32(piece, crc);
  const body = {
    length,
    async *chunks() {
      for (let index = 0; index < 6; index += 1) yield piece;
    },
  };
  const uploadId = await store.createUpload('streamed', HEAD);
  const told: number[] = [];
  const part = { key: 'streamed', uploadId, number: 1 };
  const { etag } = await store.uploadPart(part, body, crc, undefined, { onSent: (sent) => told.push(sent) });
  await store.completeUpload({ key: 'streamed', uploadId }, [{ number: 1, etag, crc32: crc }], {
    size: length,
    crc32: crc,
  });
  expect(await store.head('streamed')).toMatchObject({ size: length, crc32: crc });
  expect(told.at(-1)).toBe(length);
});

test('unfinished uploads are listed through all pages, with what they weigh', async () => {
  const store = storeAt(bucket.origin);
  const many = 1100; // more than a page, all of one key
  for (let from = 0; from < many; from += 50) {
    await Promise.all(Array.from({ length: 50 }, () => store.createUpload('left/many', HEAD)));
  }
  const { uploadId } = await inParts(store, 'left/other', [Buffer.alloc(5 * MiB), Buffer.from('tail')]);
  await store.createUpload('left/many-not', HEAD);
  expect(await store.listUploads('left/many')).toHaveLength(many);
  expect(await store.listUploads('left/other')).toMatchObject([{ uploadId }]);
  const all: ListedUpload[] = [];
  for await (const upload of store.listAllUploads('left/')) all.push(upload);
  expect(all).toHaveLength(many + 2);
  const found = all.find((upload) => upload.uploadId === uploadId);
  expect(found).toMatchObject({ key: 'left/other' });
  expect(Math.abs((found?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await store.listParts('left/other', 'nonsense')).toBeNull();
});

test('many that were just put are confirmed together', async () => {
  const store = storeAt(bucket.origin);
  const put = async (index: number) => {
    const body = Buffer.from(`file ${index}`);
    const key = `many/<${index}> & "é"`;
    return { key, size: body.length, taken: await store.put(key, body, crc32(body), HEAD) };
  };
  const made = await Promise.all(Array.from({ length: 30 }, (_, index) => put(index)));
  const shown = await Promise.all(made.map(({ key, taken, size }) => store.confirm(key, taken, size)));
  expect(shown.slice(1)).toEqual(Array.from({ length: 29 }, () => true)); // the first is asked for by itself
  const wrong = await Promise.all(made.map(({ key, taken, size }) => store.confirm(key, taken, size + 1)));
  expect(wrong.includes(true)).toBe(false);
});

test('a clock that is an hour off signs for the time of the store, also what others send', async () => {
  const hour = 3_600_000;
  const off = (): number => Date.now() + hour;
  const store = storeAt(bucket.origin, 'full-object', { now: off });
  const body = Buffer.from('x');
  await store.put('time', body, crc32(body), HEAD);
  const fresh = storeAt(bucket.origin, 'full-object', { now: off });
  expect(await fresh.listUploads('nothing')).toEqual([]); // the SDK's way
  for (const each of [store, fresh]) {
    const answer = await fetch(await each.signRead('time', 60, null));
    expect([answer.status, await answer.text()]).toEqual([200, 'x']);
  }
});

test('a bucket on a socket is reached', async () => {
  const socketPath = join(folder, 'socket');
  const server = await start({ socketPath }, 'on-socket');
  const store = storeAt('http://localhost', 'full-object', { socketPath });
  const body = Buffer.from('x');
  await store.put('k', body, crc32(body), HEAD);
  await store.checkBucket();
  expect(await bytesOf(store, 'k')).toEqual(body);
  store.dropSockets();
  expect(await store.head('k')).toMatchObject({ size: 1 });
  store.close();
  await server.close();
});

test('keys that are wrong, a bucket that is not there, and a store that is not', async () => {
  const wrong = storeAt(bucket.origin);
  const stranger = new ObjectStore(
    wrong.connection,
    openAccess(wrong.connection, {
      keys: new KeysSource(async () => ({ ...KEYS, secretAccessKey: 'wrong' }), Date.now),
      now: Date.now,
    }),
    'full-object',
  );
  opened.push(stranger);
  expect(await stranger.head('k').catch(codeOf)).toBe('CREDENTIALS_WRONG');
  expect(await storeAt('http://127.0.0.1:1').head('k').catch(codeOf)).toBe('STORE_UNREACHABLE');
});
