import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Leftovers } from '#main/sessions';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 12 * MiB;
const DAY_MS = 86_400_000;
let rig: UploadRig;
let leftovers: Leftovers;
/** How far the clock of this machine is ahead of when things were begun. */
let ahead = 0;
beforeEach(async () => {
  rig = await startRig();
  leftovers = make();
  ahead = 0;
});
afterEach(() => rig.close());

function make(): Leftovers {
  const rooms = rig.rooms();
  return new Leftovers({ ...rooms, clock: { ...rooms.clock, now: () => Date.now() + ahead } });
}

const isPart = (url: string): boolean => url.includes('partNumber=');
const list = (prefix = ''): ReturnType<Leftovers['list']> => leftovers.list(rig.connection.id, prefix);

/** Begun by a program that is gone. */
async function foreign(key: string, part: Buffer): Promise<string> {
  const store = await rig.straight();
  const uploadId = await store.createUpload(key, { contentType: 'x/y', metadata: { 'sluice-id': 'other' } });
  await store.uploadPart({ key, uploadId, number: 1 }, part, crc32(part));
  return uploadId;
}

/** An upload of this machine with one part sent, and the rest held back. */
async function halfWay(name: string): Promise<string> {
  const { path } = rig.file(name, SIZE);
  let parts = 0;
  rig.decide = ({ url }) => (isPart(url) && (parts += 1) > 1 ? { kind: 'drop-before' } : { kind: 'pass' });
  const id = rig.add(path, SIZE);
  await expect.poll(() => rig.journal.transfers.parts(id).length, { timeout: 20_000 }).toBe(1);
  return id;
}

test('what nobody here knows is listed with its size and age, and may be in use on its first day', async () => {
  const part = randomBytes(5 * MiB);
  const uploadId = await foreign('other/big.bin', part);
  await foreign('elsewhere/x', part);
  const [found, ...more] = await list('other/');
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    key: 'other/big.bin',
    uploadId,
    bytes: 5 * MiB,
    parts: 1,
    known: null,
    mayBeInUse: true,
  });
  expect(await list()).toHaveLength(2);
  expect(await leftovers.countOld(rig.connection.id)).toBe(0);
  ahead = 2 * DAY_MS;
  expect((await list('other/'))[0]?.mayBeInUse).toBe(false);
  expect(await leftovers.countOld(rig.connection.id)).toBe(1);
});

test('every page of a long list is read', async () => {
  const store = await rig.straight();
  const begin = (at: number): Promise<string> =>
    store.createUpload(`many/${String(at).padStart(4, '0')}`, { contentType: 'x/y', metadata: {} });
  for (let from = 0; from < 1010; from += 101)
    await Promise.all(Array.from({ length: 101 }, (_, at) => begin(from + at)));
  expect(await list('many/')).toHaveLength(1010);
}, 60_000);

test('what is under way is neither shown nor touched; paused, it is known with its file', async () => {
  const id = await halfWay('moving.bin');
  const { key, uploadId, source } = rig.transfers.record(id);
  const ref = { key, uploadId: rig.journal.transfers.get(id)?.uploadId ?? uploadId ?? '' };
  expect(await list()).toEqual([]);
  await expect(leftovers.remove(rig.connection.id, [ref])).rejects.toMatchObject({ code: 'UPLOAD_STATE' });
  await expect(leftovers.resume(rig.connection.id, { key, uploadId: 'another' }, '/x')).rejects.toMatchObject(
    {
      code: 'UPLOAD_STATE',
    },
  );

  rig.transfers.pause(id);
  rig.decide = () => ({ kind: 'pass' });
  expect(await list()).toEqual([
    expect.objectContaining({
      known: expect.objectContaining({ transferId: id, state: 'paused', sourceThere: true }) as object,
      mayBeInUse: false,
    }),
  ]);
  rmSync(source.kind === 'page' ? '' : source.path);
  expect((await list())[0]?.known?.sourceThere).toBe(false);
});

test('a known one goes on by itself', async () => {
  const id = await halfWay('again.bin');
  rig.transfers.pause(id);
  rig.decide = () => ({ kind: 'pass' });
  const [found] = await list();
  if (found === undefined) throw new Error('it is not listed');
  expect((await leftovers.resume(rig.connection.id, found, null)).id).toBe(id);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
  expect(await list()).toEqual([]);
});

test('one that nobody knows goes on with the file that a person points to, and only with that', async () => {
  const { path, content } = rig.file('found.bin', SIZE);
  const wrong = rig.file('wrong.bin', SIZE);
  const small = rig.file('small.bin', MiB);
  const uploadId = await foreign('other/big.bin', content.subarray(0, 5 * MiB));
  const ref = { key: 'other/big.bin', uploadId };
  for (const file of [null, wrong.path, small.path]) {
    await expect(leftovers.resume(rig.connection.id, ref, file)).rejects.toMatchObject({
      code: 'LEFTOVER_UNFIT',
    });
  }
  expect(await list()).toHaveLength(1);

  const { id } = await leftovers.resume(rig.connection.id, ref, path);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id)).toMatchObject({
    parts: { kept: 1, count: 3 },
    proven: expect.arrayContaining([
      'every part that another program had sent was compared with the file',
    ]) as string[],
  });
  expect((await rig.stored(id))?.equals(content)).toBe(true);
  expect(await list()).toEqual([]);
});

test('parts that are not of the file are sent again, and the object is the file', async () => {
  const { path, content } = rig.file('mixed.bin', SIZE);
  const uploadId = await foreign('other/mixed.bin', content.subarray(0, 5 * MiB));
  const store = await rig.straight();
  const strange = randomBytes(5 * MiB);
  await store.uploadPart({ key: 'other/mixed.bin', uploadId, number: 2 }, strange, crc32(strange));
  const { id } = await leftovers.resume(rig.connection.id, { key: 'other/mixed.bin', uploadId }, path);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
  expect((await rig.stored(id))?.equals(content)).toBe(true);
});

test('an adopted upload survives a crash half way', async () => {
  const { path, content } = rig.file('crash.bin', SIZE);
  const uploadId = await foreign('other/crash.bin', content.subarray(0, 5 * MiB));
  rig.decide = ({ url }) => (isPart(url) ? { kind: 'drop-before' } : { kind: 'pass' });
  const { id } = await leftovers.resume(rig.connection.id, { key: 'other/crash.bin', uploadId }, path);
  await expect.poll(() => rig.journal.transfers.parts(id).length, { timeout: 20_000 }).toBe(1);
  await rig.crashAndRestart();
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
  expect((await rig.stored(id))?.equals(content)).toBe(true);
});

test('deleted, they are gone; a paused upload of this machine is cancelled with it', async () => {
  const id = await halfWay('given-up.bin');
  rig.transfers.pause(id);
  rig.decide = () => ({ kind: 'pass' });
  await foreign('other/a', randomBytes(5 * MiB));
  const found = await list();
  expect(found).toHaveLength(2);
  await leftovers.remove(rig.connection.id, found);
  await rig.transfers.cleaned(rig.transfers.record(id).sessionId);
  expect(await list()).toEqual([]);
  expect(rig.transfers.record(id).state.kind).toBe('cancelled');
  expect(rig.journal.aborts.list()).toEqual([]);
});

test('a crash before they were deleted is made good at the next start', async () => {
  await foreign('other/a', randomBytes(5 * MiB));
  const found = await list();
  rig.decide = ({ method }) =>
    method === 'DELETE' ? { kind: 'answer', status: 403, code: 'AccessDenied' } : { kind: 'pass' };
  await expect(leftovers.remove(rig.connection.id, found)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  expect(rig.journal.aborts.list()).toHaveLength(1);
  await rig.crashAndRestart();
  leftovers = make();
  await leftovers.finishRemovals();
  expect(rig.journal.aborts.list()).toEqual([]);
  expect(await list()).toEqual([]);
});
