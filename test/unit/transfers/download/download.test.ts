import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeCrc32 } from '#shared/lib';
import { sluiceError } from '#shared/errors';
import { PartFile } from '#internal/main/transfers/download/part-file';
import { PASS, type Fate, type ProxiedRequest } from '../../../support/fault-proxy.ts';
import { startDownloadRig, type DownloadRig } from '../../../support/download-rig.ts';
import { onWindows, testUnless } from '../../../support/unless.ts';

const MiB = 1024 * 1024;
const RANGE = 8 * MiB;
const SIZE = 2 * RANGE + 4321; // three ranges

let down: DownloadRig;
beforeEach(async () => (down = await startDownloadRig()));
afterEach(async () => {
  vi.restoreAllMocks();
  await down.close();
});

const isRange = ({ operation }: ProxiedRequest): boolean => operation === 'GetObject';

async function object(size = SIZE, key = 'a.bin'): Promise<Buffer> {
  const content = randomBytes(size);
  await down.put(key, content);
  return content;
}

/** The invariant everywhere: the file is the object, it is proven, and nothing else is left. */
async function expectProven(id: string, content: Buffer, name = 'a.bin'): Promise<void> {
  expect(await down.rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect(down.read(name).equals(content)).toBe(true);
  expect(existsSync(down.part(id))).toBe(false);
  expect(down.rig.transfers.receipt(id)).toMatchObject({
    crc32: encodeCrc32(crc32(content)),
    object: { size: content.length },
  });
}

const rangesAsked = (): number => down.rig.proxy.seen.filter(isRange).length;

/** Lets so many ranges through and breaks the rest, until the journal saw them land. */
async function partly(content: Buffer, landed = 1): Promise<string> {
  let ranges = 0;
  down.rig.decide = (asked) => (isRange(asked) && (ranges += 1) > landed ? { kind: 'drop-before' } : PASS);
  const id = down.fetch('a.bin', content.length);
  await down.until(id, () => down.rig.journal.transfers.parts(id).length >= landed);
  return id;
}

async function paused(content: Buffer, landed = 1): Promise<string> {
  const id = await partly(content, landed);
  down.rig.transfers.pause(id);
  await vi.waitUntil(() => down.rig.transfers.view(id).progress.inFlight === 0);
  down.rig.decide = () => PASS;
  return id;
}

describe('fetching', () => {
  test('objects of any size come whole: of several ranges, of one, of none', async () => {
    const large = await object(SIZE, 'large.bin');
    const small = await object(1000, 'small.csv');
    const none = await object(0, 'none.txt');
    const ids = [down.fetch('large.bin', SIZE), down.fetch('small.csv', 1000), down.fetch('none.txt', 0)];
    await expectProven(ids[0] ?? '', large, 'large.bin');
    await expectProven(ids[1] ?? '', small, 'small.csv');
    await expectProven(ids[2] ?? '', none, 'none.txt');
    expect(down.rig.transfers.receipt(ids[0] ?? '').parts).toEqual({
      count: 3,
      size: RANGE,
      kept: 0,
      resent: 0,
    });
    expect(down.rig.transfers.view(ids[0] ?? '').parts).toEqual([{ state: 'verified', count: 3 }]);
  });

  test('a size that was only guessed is put right by what the store says', async () => {
    const content = await object(SIZE);
    const id = down.fetch('a.bin', 0);
    await expectProven(id, content);
    expect(down.rig.transfers.view(id)).toMatchObject({
      size: SIZE,
      progress: { total: SIZE, committed: SIZE },
    });
  });

  test.each<Fate>([
    { kind: 'drop-before' },
    { kind: 'drop-after' },
    { kind: 'reset-answer', after: 100_000 },
    { kind: 'truncate', to: 5000 },
    { kind: 'answer', status: 503, code: 'SlowDown' },
    { kind: 'answer', status: 500, code: 'InternalError' },
  ])('whichever request fares so, the file is the object: $kind', async (fate) => {
    const content = await object();
    await expectProven(down.fetch('a.bin', SIZE, { as: 'first.bin' }), content, 'first.bin');
    const requests = down.rig.proxy.seen.length;
    for (let hit = 0; hit < requests; hit += 1) {
      const from = down.rig.proxy.seen.length;
      down.rig.decide = ({ index }) => (index - from === hit ? fate : PASS);
      const as = `${hit}.bin`;
      await expectProven(down.fetch('a.bin', SIZE, { as }), content, as);
    }
  });

  test('bytes that were damaged on the way are found out, and all is fetched anew', async () => {
    const content = await object();
    let damaged = 0;
    down.rig.decide = (asked) =>
      isRange(asked) && damaged++ === 1 ? { kind: 'corrupt-answer', at: 70_000 } : PASS;
    const id = down.fetch('a.bin', SIZE);
    await expectProven(id, content);
    expect(down.rig.transfers.view(id).notice).toMatchObject({ code: 'DOWNLOAD_UNPROVEN' });
  });

  test('bytes that are damaged every time are never put in place', async () => {
    await object(1000);
    down.rig.decide = (asked) => (isRange(asked) ? { kind: 'corrupt-answer', at: 10 } : PASS);
    const id = down.fetch('a.bin', 1000);
    expect(await down.rig.transfers.settled(id)).toMatchObject({
      kind: 'failed',
      error: { code: 'DOWNLOAD_UNPROVEN' },
    });
    expect(down.names()).toEqual([]);
  });

  test('a store that is out of reach is waited for, and the reason is said meanwhile', async () => {
    const content = await object();
    const id = await partly(content);
    await down.until(id, ({ state }) => state.kind === 'waiting' && state.reason === 'network');
    down.rig.decide = () => PASS;
    await expectProven(id, content);
  });

  test('an object that is not there fails with its code', async () => {
    const id = down.fetch('nowhere', 10);
    expect(await down.rig.transfers.settled(id)).toMatchObject({ error: { code: 'OBJECT_MISSING' } });
  });
});

test.each<Fate>([{ kind: 'stall-answer' }, { kind: 'slow', bytesPerSecond: 0.5 }])(
  'a connection that stands still is given up, and the range fetched again: $kind',
  async (fate) => {
    await down.close();
    down = await startDownloadRig({ stallMs: 1000 });
    const content = await object();
    let asked = 0;
    down.rig.decide = (request) => (isRange(request) && asked++ === 0 ? fate : PASS);
    const id = down.fetch('a.bin', SIZE);
    await expectProven(id, content);
    expect(down.rig.transfers.receipt(id).parts.resent).toBeGreaterThanOrEqual(1);
  },
);

describe('going on', () => {
  test('paused and resumed, what came is kept', async () => {
    const content = await object();
    const id = await paused(content);
    expect(down.names()).toEqual([`a.bin.${id.slice(0, 8)}.part`]);
    const before = rangesAsked();
    down.rig.transfers.resume(id);
    await expectProven(id, content);
    expect(down.rig.transfers.receipt(id).parts.kept).toBe(1);
    expect(rangesAsked() - before).toBe(2);
  });

  test('after a crash it goes on by itself', async () => {
    const content = await object();
    const id = await partly(content);
    await new Promise((resolve) => setImmediate(resolve)); // what landed is committed at the end of its turn
    await down.rig.crashAndRestart();
    await expectProven(id, content);
    expect(down.rig.transfers.receipt(id).parts.kept).toBe(1);
  });

  test('what never reached the disk though the journal saw it land is fetched again', async () => {
    const content = await object();
    const id = await paused(content, 2);
    const [one] = down.rig.journal.transfers.parts(id);
    const file = openSync(down.part(id), 'r+');
    writeSync(file, Buffer.alloc(4096), 0, 4096, ((one?.number ?? 1) - 1) * RANGE + 5000);
    closeSync(file);
    down.rig.transfers.resume(id);
    await expectProven(id, content);
    expect(down.rig.transfers.receipt(id).parts.kept).toBe(1);
  });

  test.each([
    ['shorter', (path: string) => truncate(path, 100)],
    ['gone', async (path: string) => (await import('node:fs/promises')).rm(path)],
  ])('an unfinished file that is %s is begun anew', async (_, spoil) => {
    const content = await object();
    const id = await paused(content, 2);
    await spoil(down.part(id));
    down.rig.transfers.resume(id);
    await expectProven(id, content);
    expect(down.rig.transfers.receipt(id).parts.kept).toBe(0);
  });

  test('an object that changed meanwhile is fetched whole from its new version, and that is said', async () => {
    const id = await paused(await object());
    const other = await object();
    down.rig.transfers.resume(id);
    await expectProven(id, other);
    expect(down.rig.transfers.receipt(id).parts.kept).toBe(0);
    expect(down.rig.transfers.view(id).notice).toMatchObject({ code: 'OBJECT_CHANGED' });
  });

  test('an object that is replaced while its ranges come is never mixed', async () => {
    await object();
    const other = randomBytes(SIZE + 9);
    let ranges = 0;
    down.rig.decide = async (asked) => {
      if (isRange(asked) && (ranges += 1) === 2) {
        down.rig.decide = () => PASS;
        await down.put('a.bin', other);
      }
      return PASS;
    };
    const id = down.fetch('a.bin', SIZE);
    await expectProven(id, other);
    expect(down.rig.transfers.view(id).notice).toMatchObject({ code: 'OBJECT_CHANGED' });
  });

  test('ended between its name and the end of its unfinished one, it is seen to be done', async () => {
    const content = await object(1000);
    const id = down.fetch('a.bin', 1000);
    await expectProven(id, content);
    // As a crash after the last step but before the receipt leaves it, with both names of the file.
    linkSync(join(down.folder, 'a.bin'), down.part(id));
    const { transfers } = down.rig.journal;
    transfers.saveStep(id, 'completing');
    transfers.saveState(id, { kind: 'verifying' }, null);
    const before = rangesAsked();
    await down.rig.crashAndRestart();
    await expectProven(id, content);
    expect(rangesAsked()).toBe(before);
  });

  test('cancelled, its unfinished file is gone; what was there before is not touched', async () => {
    mkdirSync(down.folder);
    writeFileSync(join(down.folder, 'mine.txt'), 'mine');
    const id = await paused(await object());
    expect(existsSync(down.part(id))).toBe(true);
    down.rig.transfers.cancel(id);
    await down.rig.transfers.cleaned(down.rig.transfers.record(id).sessionId);
    expect(down.names()).toEqual(['mine.txt']);
  });
});

describe('what is there already', () => {
  const there = (content: string | Buffer, name = 'a.bin'): void => {
    mkdirSync(down.folder, { recursive: true });
    writeFileSync(join(down.folder, name), content);
  };

  test('protect: nothing is fetched and nothing written', async () => {
    await object();
    there('mine');
    const id = down.fetch('a.bin', SIZE);
    expect(await down.rig.transfers.settled(id)).toMatchObject({ error: { code: 'TARGET_EXISTS' } });
    expect(rangesAsked()).toBe(0);
    expect(down.names()).toEqual(['a.bin']);
    expect(down.read('a.bin').toString()).toBe('mine');
  });

  test('a file that appears while it is fetched is not written over either', async () => {
    await object();
    down.rig.decide = (asked) => {
      if (isRange(asked)) there('mine');
      return PASS;
    };
    const id = down.fetch('a.bin', SIZE);
    expect(await down.rig.transfers.settled(id)).toMatchObject({ error: { code: 'TARGET_EXISTS' } });
    expect(down.read('a.bin').toString()).toBe('mine');
  });

  test('skip: the same file counts as downloaded, another stays and is named', async () => {
    const content = await object();
    there(content);
    const same = down.fetch('a.bin', SIZE, { existing: 'skip' });
    await expectProven(same, content);
    expect(rangesAsked()).toBe(0);
    expect(down.rig.transfers.receipt(same).proven.join()).toContain('nothing was fetched');

    there(Buffer.concat([content.subarray(1), content.subarray(0, 1)]));
    const other = down.fetch('a.bin', SIZE, { existing: 'skip' });
    expect(await down.rig.transfers.settled(other)).toMatchObject({ error: { code: 'TARGET_EXISTS' } });
    expect(rangesAsked()).toBe(0);
  });

  test('rename: the next free name, also where one is taken meanwhile', async () => {
    const content = await object();
    there('mine');
    down.rig.decide = (asked) => {
      if (isRange(asked)) there('mine too', 'a (2).bin');
      return PASS;
    };
    const id = down.fetch('a.bin', SIZE, { existing: 'rename' });
    await expectProven(id, content, 'a (3).bin');
    expect(down.rig.transfers.view(id)).toMatchObject({
      name: 'a.bin',
      relativePath: 'a (3).bin',
      source: { path: join(down.folder, 'a (3).bin') },
    });
    expect(down.read('a.bin').toString()).toBe('mine');
    expect(down.read('a (2).bin').toString()).toBe('mine too');
  });

  test('replace: the old file stays until the new one is proven', async () => {
    const content = await object();
    there('the old one');
    let ranges = 0;
    down.rig.decide = (asked) => (isRange(asked) && (ranges += 1) > 2 ? { kind: 'drop-before' } : PASS);
    const id = down.fetch('a.bin', SIZE, { existing: 'replace' });
    await down.until(id, () => down.rig.journal.transfers.parts(id).length === 2);
    expect(down.read('a.bin').toString()).toBe('the old one');
    down.rig.decide = () => PASS;
    await expectProven(id, content);
  });

  test('a folder is never replaced', async () => {
    await object();
    mkdirSync(join(down.folder, 'a.bin'), { recursive: true });
    const id = down.fetch('a.bin', SIZE, { existing: 'replace' });
    expect(await down.rig.transfers.settled(id)).toMatchObject({ error: { code: 'TARGET_EXISTS' } });
  });

  testUnless(onWindows)('a link that leads out of the folder is not written through', async () => {
    await object();
    const outside = join(down.rig.folder, 'outside');
    mkdirSync(outside);
    mkdirSync(down.folder);
    symlinkSync(outside, join(down.folder, 'sub'));
    const id = down.fetch('a.bin', SIZE, { as: 'sub/deep/a.bin' });
    expect(await down.rig.transfers.settled(id)).toMatchObject({ error: { code: 'TARGET_OUTSIDE' } });
    expect(existsSync(join(outside, 'deep'))).toBe(false);

    symlinkSync(join(outside, 'victim'), join(down.folder, 'b.bin'));
    const over = down.fetch('a.bin', SIZE, { as: 'b.bin', existing: 'replace' });
    expect(await down.rig.transfers.settled(over)).toEqual({ kind: 'done' });
    expect(existsSync(join(outside, 'victim'))).toBe(false);
  });
});

describe('a disk that fills up', () => {
  test('in the middle: it waits, keeps what it has, and goes on when there is room', async () => {
    const content = await object();
    let ranges = 0;
    down.rig.decide = (asked) => {
      if (isRange(asked) && (ranges += 1) === 3) {
        vi.spyOn(PartFile.prototype, 'write').mockRejectedValue(
          sluiceError('DISK_FULL', { path: 'the disk' }),
        );
      }
      return PASS;
    };
    const id = down.fetch('a.bin', SIZE);
    const waiting = await down.until(id, ({ state }) => state.kind === 'waiting');
    expect(waiting.state).toMatchObject({ reason: 'disk', error: { code: 'DISK_FULL' } });
    expect((await stat(down.part(id))).size).toBe(SIZE);
    vi.restoreAllMocks();
    await expectProven(id, content);
  });
});

describe('what the file is held against, the strongest there is', () => {
  const provenOf = (id: string): string => down.rig.transfers.receipt(id).proven.at(-1) ?? '';

  test("the store's own CRC-32 of the whole", async () => {
    const content = await object();
    const id = down.fetch('a.bin', SIZE);
    await expectProven(id, content);
    expect(provenOf(id)).toMatch(/^the CRC-32 of the file is the one the store keeps/);
  });

  describe('where the store keeps no CRC-32', () => {
    beforeEach(async () => {
      await down.close();
      down = await startDownloadRig({ checksum: 'none' });
    });

    test('the MD5 that is the ETag of an object written in one piece', async () => {
      const content = await object();
      const id = down.fetch('a.bin', SIZE);
      await expectProven(id, content);
      expect(provenOf(id)).toMatch(/^the MD5 of the file is the ETag/);
    });

    test('damage is found by it too, and a file that is the same is known by it', async () => {
      const content = await object(1000);
      let damaged = 0;
      down.rig.decide = (asked) =>
        isRange(asked) && damaged++ === 0 ? { kind: 'corrupt-answer', at: 10 } : PASS;
      await expectProven(down.fetch('a.bin', 1000), content);
      expect(damaged).toBe(2);
      await expectProven(down.fetch('a.bin', 1000, { existing: 'skip' }), content);
      expect(damaged).toBe(2);
    });

    test('the MD5s of the parts it was written in', async () => {
      const parts = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(999)];
      await down.putInParts('a.bin', parts);
      const content = Buffer.concat(parts);
      const id = down.fetch('a.bin', content.length);
      await expectProven(id, content);
      expect(provenOf(id)).toMatch(/^the MD5s of the parts it was written in make up its ETag/);
    });

    test('nothing but size and version, where the parts cannot be told; and that is said', async () => {
      const parts = [randomBytes(6 * MiB), randomBytes(5 * MiB), randomBytes(999)];
      await down.putInParts('a.bin', parts);
      const content = Buffer.concat(parts);
      const id = down.fetch('a.bin', content.length);
      await expectProven(id, content);
      expect(provenOf(id)).toContain('size and version were');
    });
  });
});
