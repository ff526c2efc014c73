import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeCrc32 } from '#shared/lib';
import type { Fate } from '../../support/fault-proxy.ts';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 12 * MiB + 345; // three parts of 5 MiB
let rig: UploadRig;
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const isPart = (url: string): boolean => url.includes('partNumber=');

/** The invariant everywhere: the object is the file, it is proven, and no parts are left behind. */
async function expectProven(id: string, content: Buffer): Promise<void> {
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect((await rig.stored(id))?.equals(content)).toBe(true);
  expect(await rig.leftovers(id)).toBe(0);
  expect(rig.transfers.receipt(id)).toMatchObject({
    crc32: encodeCrc32(crc32(content)),
    object: { size: content.length },
  });
}

test('a small file goes up in one PUT, a large one in parts, and both are proven', async () => {
  const small = rig.file('small.csv', 1000);
  const large = rig.file('large.bin', SIZE);
  const a = rig.add(small.path, 1000);
  const b = rig.add(large.path, SIZE);
  await expectProven(a, small.content);
  await expectProven(b, large.content);
  expect(rig.transfers.receipt(b).parts).toEqual({ count: 3, size: 5 * MiB, kept: 0, resent: 0 });
  expect(rig.transfers.view(b).parts).toEqual([{ state: 'verified', count: 3 }]);
});

test.each<Fate['kind']>(['drop-before', 'drop-after'])(
  'whichever request is lost (%s), the object is the file and nothing is left behind',
  async (kind) => {
    const { path, content } = rig.file('lossy.bin', SIZE);
    rig.decide = () => ({ kind: 'pass' });
    const whole = rig.add(path, SIZE);
    await expectProven(whole, content);
    const requests = rig.proxy.seen.length;
    expect(requests).toBeGreaterThanOrEqual(6);

    for (let lost = 0; lost < requests; lost += 1) {
      const from = rig.proxy.seen.length;
      rig.decide = ({ index }) => ({ kind: index - from === lost ? kind : 'pass' }) as Fate;
      const id = rig.add(path, SIZE);
      await expectProven(id, content);
    }
  },
);

test('a store that says SlowDown is tried again, and the parts are told as sent again', async () => {
  const { path, content } = rig.file('slow.bin', SIZE);
  let refusals = 0;
  rig.decide = ({ url }) =>
    isPart(url) && refusals++ < 2 ? { kind: 'answer', status: 503, code: 'SlowDown' } : { kind: 'pass' };
  const id = rig.add(path, SIZE);
  await expectProven(id, content);
  expect(rig.transfers.receipt(id).parts.resent).toBe(2);
});

test.each([
  [403, 'AccessDenied', 'ACCESS_DENIED'],
  [400, 'InvalidRequest', 'STORE_REFUSED'],
])('a store that says %d %s fails the transfer at once with its code', async (status, code, ours) => {
  const { path } = rig.file('refused.bin', SIZE);
  rig.decide = ({ url }) => (isPart(url) ? { kind: 'answer', status, code } : { kind: 'pass' });
  const id = rig.add(path, SIZE);
  expect(await rig.transfers.settled(id)).toMatchObject({ kind: 'failed', error: { code: ours } });
  expect(rig.proxy.seen.filter(({ url }) => isPart(url)).length).toBeLessThanOrEqual(3);
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
});

test('expired keys are waited for, said aloud, and gone on with as soon as they are renewed', async () => {
  const { path, content } = rig.file('expired.bin', SIZE);
  let expired = true;
  rig.decide = ({ url }) =>
    expired && isPart(url) ? { kind: 'answer', status: 400, code: 'ExpiredToken' } : { kind: 'pass' };
  const id = rig.add(path, SIZE);
  await until(() => rig.transfers.view(id).state.kind === 'waiting');
  expect(rig.transfers.view(id).state).toMatchObject({
    reason: 'credentials',
    error: { code: 'CREDENTIALS_EXPIRED' },
  });
  expired = false;
  rig.transfers.reconnect(rig.transfers.record(id).connectionId);
  await expectProven(id, content);
});

test('a file put off starts at its time, sooner when it is told to, and its time survives a crash', async () => {
  const { path, content } = rig.file('later.bin', SIZE);
  rig.decide = ({ url }) => (isPart(url) ? { kind: 'drop-before' } : { kind: 'pass' });
  const id = rig.add(path, SIZE);
  const at = Date.now() + 3_600_000;
  rig.transfers.schedule(id, at);
  expect(rig.transfers.view(id).state).toEqual({ kind: 'scheduled', at });
  await rig.crashAndRestart();
  expect(rig.transfers.view(id).state).toEqual({ kind: 'scheduled', at });
  rig.transfers.schedule(id, Date.now() - 1);
  await expectProven(id, content);
});

test('the store loses a part it acknowledged: it is sent again, and the object is whole', async () => {
  const { path, content } = rig.file('careless.bin', SIZE);
  let refused = false;
  rig.decide = ({ method, url }) => {
    if (method !== 'POST' || !url.includes('uploadId=') || refused) return { kind: 'pass' };
    refused = true;
    return { kind: 'answer', status: 400, code: 'InvalidPart' };
  };
  const id = rig.add(path, SIZE);
  await expectProven(id, content);
  expect(refused).toBe(true);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Lets one part through and holds the rest, so that a test can step in half way. */
async function halfWay(path: string, size = SIZE): Promise<string> {
  let parts = 0;
  rig.decide = ({ url }) => (isPart(url) && (parts += 1) > 1 ? { kind: 'drop-before' } : { kind: 'pass' });
  const id = rig.add(path, size);
  while (rig.journal.transfers.parts(id).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return id;
}

test('paused and resumed, what was sent is kept', async () => {
  const { path, content } = rig.file('pause.bin', SIZE);
  const id = await halfWay(path);
  expect(rig.transfers.pause(id).state).toEqual({ kind: 'paused' });
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  await expectProven(id, content);
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
});

test('after a crash it goes on by itself, and keeps what was sent', async () => {
  const { path, content } = rig.file('crash.bin', SIZE);
  const id = await halfWay(path);
  await rig.crashAndRestart();
  await expectProven(id, content);
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
});

test('cancelled, its parts are gone from the store', async () => {
  const { path } = rig.file('cancel.bin', SIZE);
  const id = await halfWay(path);
  rig.decide = () => ({ kind: 'pass' });
  expect(rig.transfers.cancel(id).state).toEqual({ kind: 'cancelled' });
  await rig.transfers.cleaned(rig.transfers.record(id).sessionId);
  expect(await rig.leftovers(id)).toBe(0);
  expect(await rig.stored(id)).toBeNull();
  expect(() => rig.transfers.resume(id)).toThrow(expect.objectContaining({ code: 'UPLOAD_STATE' }));
});

test('an upload that the store forgot is begun anew', async () => {
  const { path, content } = rig.file('gone.bin', SIZE);
  const id = await halfWay(path);
  rig.transfers.pause(id);
  await new Promise((resolve) => setTimeout(resolve, 50));
  rig.journal.transfers.saveUploadId(id, 'an-id-the-store-does-not-know');
  rig.decide = () => ({ kind: 'pass' });
  await rig.crashAndRestart();
  rig.transfers.resume(id);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect((await rig.stored(id))?.equals(content)).toBe(true);
  expect(rig.transfers.receipt(id).parts.kept).toBe(0);
});

test('a file touched meanwhile but the same inside keeps its parts', async () => {
  const { path, content } = rig.file('touched.bin', SIZE);
  const id = await halfWay(path);
  rig.transfers.pause(id);
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  await expectProven(id, content);
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
});

test('a file with other content is never spliced: it starts anew and says so', async () => {
  const { path } = rig.file('changed.bin', SIZE);
  const id = await halfWay(path);
  rig.transfers.pause(id);
  const other = randomBytes(SIZE);
  writeFileSync(path, other);
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  await expectProven(id, other);
  expect(rig.transfers.receipt(id).parts.kept).toBe(0);
  expect(rig.transfers.view(id).notice?.code).toBe('BEGUN_ANEW');
});

test('a file that changes while it is sent fails with its own code, and stores nothing', async () => {
  const { path } = rig.file('growing.bin', SIZE);
  rig.decide = ({ url }) => {
    if (isPart(url)) appendFileSync(path, 'more');
    return { kind: 'pass' };
  };
  const id = rig.add(path, SIZE);
  expect(await rig.transfers.settled(id)).toMatchObject({
    kind: 'failed',
    error: { code: 'SOURCE_CHANGED' },
  });
  expect(await rig.stored(id)).toBeNull();
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
});

test('a source that is gone by the time it is its turn fails with its own code', async () => {
  const id = rig.add(`${rig.folder}/never-was.csv`, 100);
  expect(await rig.transfers.settled(id)).toMatchObject({
    kind: 'failed',
    error: { code: 'SOURCE_MISSING' },
  });
});

test('a store that is out of reach is waited for, and the reason is said meanwhile', async () => {
  const { path, content } = rig.file('wait.bin', SIZE);
  const id = await halfWay(path);
  const waiting = new Promise<void>((resolve) => {
    const stop = rig.transfers.onChange(() => {
      if (rig.transfers.record(id).state.kind !== 'waiting') return;
      stop();
      resolve();
    });
  });
  await waiting;
  expect(rig.transfers.view(id).state).toMatchObject({
    reason: 'network',
    error: { code: 'STORE_UNREACHABLE' },
  });
  rig.decide = () => ({ kind: 'pass' });
  await expectProven(id, content);
});
