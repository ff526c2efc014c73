import { createHash, randomUUID } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceIdentity } from '#main/journal';
import { planFile } from '#main/sessions';
import { BUILTIN_CONNECTION } from '#main/storage';
import { NO_OPTIONS, NO_SETTINGS, type Connection } from '#shared/domain';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 22 * MiB + 345; // five parts of 5 MiB
let rig: UploadRig;
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const CONNECTION: Connection = {
  id: BUILTIN_CONNECTION,
  kind: 'builtin',
  origin: 'builtin',
  name: 'Built-in bucket',
  endpoint: null,
  region: 'us-east-1',
  bucket: 'sluice',
  prefix: '',
  credentials: { kind: 'builtin' },
  capabilities: null,
  settings: NO_SETTINGS,
};

/** Queues an upload whose SHA-256 is asked for. */
function add(path: string, size: number): string {
  const session = {
    id: randomUUID(),
    title: 'Evidence',
    connectionId: BUILTIN_CONNECTION,
    bucket: 'sluice',
    prefix: 'evidence',
    createdAt: Date.now(),
    retentionDays: null,
    removing: false,
    custody: null,
    folder: null,
  };
  rig.journal.sessions.insert(session);
  const name = basename(path);
  const record = planFile({ name, relativePath: name, size }, { kind: 'path', path }, 'original', {
    session,
    connection: CONNECTION,
    keys: 'session',
    partSize: 5 * MiB,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    options: { ...NO_OPTIONS, sha256: true },
  });
  rig.transfers.add([record]);
  return record.id;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const isPart = (url: string): boolean => url.includes('partNumber=');

async function expectHashed(id: string, content: Buffer): Promise<void> {
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id).sha256).toBe(sha256(content));
  expect((await rig.stored(id))?.equals(content)).toBe(true);
}

test.each([1000, 3 * MiB, SIZE])('the receipt of %d bytes has the SHA-256 of the source', async (size) => {
  const { path, content } = rig.file('evidence.bin', size);
  await expectHashed(add(path, size), content);
});

test('nobody asked, so there is none', async () => {
  const { path } = rig.file('plain.bin', 1000);
  const id = rig.add(path, 1000);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id).sha256).toBeNull();
});

/** Lets two parts through and holds the rest, so that a test can step in half way. */
async function halfWay(path: string): Promise<string> {
  let parts = 0;
  rig.decide = ({ url }) => (isPart(url) && (parts += 1) > 2 ? { kind: 'drop-before' } : { kind: 'pass' });
  const id = add(path, SIZE);
  while (rig.journal.transfers.parts(id).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  return id;
}

test('after a crash half way, parts that are not sent again are hashed all the same', async () => {
  const { path, content } = rig.file('crash.bin', SIZE);
  const id = await halfWay(path);
  await rig.crashAndRestart();
  await expectHashed(id, content);
  expect(rig.transfers.receipt(id).parts.kept).toBe(2);
});

test('with parts tried twice and out of order, it is that of the source', async () => {
  const { path, content } = rig.file('lossy.bin', SIZE);
  let parts = 0;
  rig.decide = ({ url }) =>
    isPart(url) && (parts += 1) % 2 === 1 && parts < 9 ? { kind: 'drop-after' } : { kind: 'pass' };
  await expectHashed(add(path, SIZE), content);
});

test('the answer to Complete was lost with the process: the object is proven, and hashed', async () => {
  const { path, content } = rig.file('complete.bin', SIZE);
  let completed = false;
  rig.decide = ({ method, url }) => {
    if (completed) return { kind: 'drop-before' };
    if (method === 'POST' && url.includes('uploadId=')) {
      completed = true;
      return { kind: 'drop-after' };
    }
    return { kind: 'pass' };
  };
  const id = add(path, SIZE);
  while (!completed) await new Promise((resolve) => setTimeout(resolve, 5));
  await rig.crashAndRestart();
  await expectHashed(id, content);
});

test('a kept part whose bytes on the disk are others, with nothing else to tell: it fails, and is then sent again', async () => {
  const { path, content } = rig.file('rotten.bin', SIZE);
  const id = await halfWay(path);
  await rig.transfers.close();
  const kept = rig.journal.transfers.parts(id)[0]?.number ?? 0;
  content.writeUInt8((content[(kept - 1) * 5 * MiB] ?? 0) ^ 1, (kept - 1) * 5 * MiB);
  writeFileSync(path, content);
  rig.journal.transfers.saveIdentity(id, identityOf(path)); // the times of a rotten disk tell nothing
  await new Promise((resolve) => setImmediate(resolve)); // what is found out is written at the end of the turn
  await rig.crashAndRestart();
  expect(await rig.transfers.settled(id)).toMatchObject({
    kind: 'failed',
    error: { code: 'SOURCE_CHANGED' },
  });
  expect(await rig.stored(id)).toBeNull();
  rig.transfers.resume(id);
  await expectHashed(id, content);
});

function identityOf(path: string): SourceIdentity {
  const { size, mtimeNs, ctimeNs, dev, ino } = statSync(path, { bigint: true });
  return {
    size: Number(size),
    modifiedNs: String(mtimeNs),
    changedNs: String(ctimeNs),
    fileId: `${dev}:${ino}`,
  };
}
