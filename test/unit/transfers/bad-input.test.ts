/** What is wrong with a file, a store or a journal has its code, its sentence and its hint, and loses nothing. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, truncateSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CreateBucketCommand, DeleteBucketCommand } from '@aws-sdk/client-s3';
import { planFiles } from '#main/sessions';
import { KeyRing } from '#internal/main/sessions/key-ring';
import { joinKey } from '#main/storage';
import { assertOrdinary, planUpload } from '#main/transfers';
import type { ErrorReport } from '#shared/errors';
import { partNumberOf, PASS } from '../../support/fault-proxy/index.ts';
import { onWindows, testUnless } from '../../support/unless.ts';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 12 * MiB + 345;
let rig: UploadRig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rig.close();
});

/** Whatever the code, a person is told a sentence and what to do next. */
function expectTold(error: ErrorReport | undefined, code: string): void {
  expect(error).toMatchObject({ code });
  expect(error?.message).toMatch(/^\S.*\.$/s);
  expect(error?.hint).toMatch(/^\S.*\.$/s);
}

/** Fails with this code and stores nothing; once it is mended it goes up, and nothing is left over. */
async function expectFailsThenMends(
  id: string,
  code: string,
  mend: () => Promise<void> | void,
  content: () => Buffer,
): Promise<void> {
  const state = await rig.transfers.settled(id);
  expect(state.kind).toBe('failed');
  expectTold('error' in state ? state.error : undefined, code);
  rig.decide = () => PASS;
  await mend();
  expect(await rig.stored(id)).toBeNull();
  rig.transfers.resume(id);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect((await rig.stored(id))?.equals(content())).toBe(true);
  expect(await rig.allLeftovers()).toEqual([]);
}

/** Does something once the first part of three is there, before the second goes on. */
function halfWay(work: () => Promise<void> | void): void {
  let done: Promise<void> | null = null;
  rig.decide = async ({ url }) => {
    if (partNumberOf(url) !== null) await (done ??= Promise.resolve(work()));
    return PASS;
  };
}

describe('plans', () => {
  test.each([
    ['a part that is too small', 10 * MiB, 5 * MiB - 1],
    ['a part that is too large', 10 * MiB, 6 * 1024 * MiB],
    ['a part that is no whole number', 10 * MiB, 5.5 * MiB + 0.5],
    ['more parts than there may be', 60_000 * MiB, 5 * MiB],
    ['a file that no object can hold', 49 * 1024 ** 4, null],
  ])('%s', (_, size, partSize) => {
    expect(() => planUpload(size, partSize)).toThrow(expect.objectContaining({ code: 'PLAN_IMPOSSIBLE' }));
  });

  test('a key of more than 1,024 bytes', () => {
    const steps = Array.from({ length: 6 }, () => 'ä'.repeat(90));
    expect(() => joinKey('name', ...steps)).toThrow(expect.objectContaining({ code: 'NAME_TOO_LONG' }));
  });

  test('two files that map to one key, and a name with control characters', () => {
    const found = (name: string) => ({ path: `/x/${name}`, name, relativePath: name, size: 10, modified: 0 });
    const { records, refused } = planFiles([found('a:b.csv'), found('a?b.csv'), found('bell\u0007.csv')], {
      session: { ...SESSION, prefix: 'to' },
      connection: rig.connection,
      keys: 'plain',
      partSize: null,
      clock: { now: () => 0, sleep: async () => undefined },
      ring: new KeyRing(),
    });
    expect(records.map(({ key }) => key)).toEqual(['to/a_b.csv', 'to/a_b~2.csv', 'to/bell_.csv']);
    expect(refused).toEqual([]);
  });
});

const SESSION = {
  id: 's',
  title: 's',
  connectionId: 'rig',
  bucket: 'sluice',
  prefix: '',
  createdAt: 0,
  retentionDays: null,
  removing: false,
  custody: null,
  folder: null,
};

describe('what is no ordinary file', () => {
  test('a folder, and nothing at all', async () => {
    mkdirSync(join(rig.folder, 'folder'));
    await expect(assertOrdinary(join(rig.folder, 'folder'))).rejects.toMatchObject({
      code: 'SOURCE_IS_FOLDER',
    });
    await expect(assertOrdinary(join(rig.folder, 'none'))).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  testUnless(onWindows)('a FIFO without a writer, and a device', async () => {
    const fifo = join(rig.folder, 'fifo');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    for (const path of [fifo, '/dev/zero']) {
      const state = await rig.transfers.settled(rig.add(path, 10));
      expectTold('error' in state ? state.error : undefined, 'SOURCE_NOT_A_FILE');
    }
  });

  test('an empty file', async () => {
    const { path } = rig.file('empty.csv', 0);
    const state = await rig.transfers.settled(rig.add(path, 0));
    expectTold('error' in state ? state.error : undefined, 'SOURCE_EMPTY');
  });

  test('a sparse file is stored as it reads', async () => {
    const { path } = rig.file('sparse.bin', 1);
    truncateSync(path, SIZE);
    const id = rig.add(path, SIZE);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    const stored = await rig.stored(id);
    expect(stored?.length).toBe(SIZE);
    expect(stored?.subarray(1).every((byte) => byte === 0)).toBe(true);
  });
});

describe('a file that changes half way', () => {
  test('a log that grows', async () => {
    const { path, content } = rig.file('grows.log', SIZE);
    const more = Buffer.from('one more line\n');
    halfWay(() => appendFileSync(path, more));
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'SOURCE_CHANGED',
      () => undefined,
      () => Buffer.concat([content, more]),
    );
  });

  test('shrinks', async () => {
    const { path, content } = rig.file('shrinks.bin', SIZE);
    halfWay(() => truncateSync(path, 6 * MiB));
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'SOURCE_CHANGED',
      () => undefined,
      () => content.subarray(0, 6 * MiB),
    );
  });

  test('vanishes, and comes back', async () => {
    const { path, content } = rig.file('vanishes.bin', SIZE);
    halfWay(() => renameSync(path, `${path}.away`));
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'SOURCE_MISSING',
      () => renameSync(`${path}.away`, path),
      () => content,
    );
  });

  test('is replaced by another of the same size and time', async () => {
    const { path } = rig.file('replaced.bin', SIZE);
    const other = rig.file('other.bin', SIZE);
    halfWay(() => renameSync(other.path, path));
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'SOURCE_CHANGED',
      () => undefined,
      () => other.content,
    );
  });

  /** Reading fails as the system says it does, from the second part on. */
  async function failReading(code: string): Promise<void> {
    const probe = await open(rig.folder);
    const proto = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    const real = Reflect.get(proto, 'read') as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(proto, 'read').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      const position = args[3];
      if (typeof position === 'number' && position >= 5 * MiB)
        return Promise.reject(Object.assign(new Error(`${code}: told by the test`), { code }));
      return real.apply(this, args);
    } as never);
  }

  test.each([
    ['EACCES', 'SOURCE_UNREADABLE', 'its read right is taken'],
    ['EBUSY', 'SOURCE_LOCKED', 'another program locks it'],
    ['EIO', 'FILE_ERROR', 'its disk fails'],
    ['ENODEV', 'FILE_ERROR', 'its drive is pulled out'],
  ])('%s is %s: %s', async (system, code) => {
    const { path, content } = rig.file('failing.bin', SIZE);
    await failReading(system);
    await expectFailsThenMends(
      rig.add(path, SIZE),
      code,
      () => void vi.restoreAllMocks(),
      () => content,
    );
  });
});

describe('a store that changes half way', () => {
  test('a right is withdrawn', async () => {
    const { path, content } = rig.file('denied.bin', SIZE);
    rig.decide = ({ url }) =>
      partNumberOf(url) === 2 ? { kind: 'answer', status: 403, code: 'AccessDenied' } : PASS;
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'ACCESS_DENIED',
      () => undefined,
      () => content,
    );
  });

  test('the bucket is deleted', async () => {
    const { path, content } = rig.file('bucketless.bin', SIZE);
    const Bucket = rig.connection.bucket;
    let gone = false;
    rig.decide = async ({ url }) => {
      if (partNumberOf(url) !== 2 || gone) return PASS;
      gone = true;
      await rig.s3.send(new DeleteBucketCommand({ Bucket }));
      return PASS;
    };
    const id = rig.add(path, SIZE);
    const state = await rig.transfers.settled(id);
    expectTold('error' in state ? state.error : undefined, 'BUCKET_MISSING');
    await rig.s3.send(new CreateBucketCommand({ Bucket }));
    rig.transfers.resume(id);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    expect((await rig.stored(id))?.equals(content)).toBe(true);
  });

  test.each([301, 307] as const)('it answers %d and names another region', async (status) => {
    const { path, content } = rig.file('moved.bin', SIZE);
    rig.decide = ({ url }) =>
      partNumberOf(url) === 1 ? { kind: 'redirect', status, region: 'eu-west-1' } : PASS;
    await expectFailsThenMends(
      rig.add(path, SIZE),
      'BUCKET_OTHER_REGION',
      () => undefined,
      () => content,
    );
  });
});

describe('a journal edited by hand', () => {
  /** Half a file is sent; then the journal is edited while nothing runs, and another process starts on it. */
  async function edited(
    sql: string,
  ): Promise<{ readonly id: string; readonly content: Buffer; readonly good: string }> {
    const good = rig.add(rig.file('good.csv', 1000).path, 1000);
    await rig.transfers.settled(good);
    const { path, content } = rig.file('edited.bin', SIZE);
    rig.decide = ({ url }) => ((partNumberOf(url) ?? 1) > 1 ? { kind: 'drop-before' } : PASS);
    const id = rig.add(path, SIZE);
    while (rig.journal.transfers.parts(id).length === 0) await new Promise((go) => setTimeout(go, 5));
    await rig.crash();
    const db = new DatabaseSync(join(rig.life(), 'journal.db'));
    expect(db.prepare(sql.replaceAll(':id', `'${id}'`)).run().changes).toBeGreaterThan(0);
    db.close();
    await rig.restart();
    return { id, content, good };
  }

  test.each([
    ['a wrong CRC of a part', `UPDATE parts SET crc32 = crc32 - 1 WHERE transfer_id = :id`],
    ['a wrong ETag of a part', `UPDATE parts SET etag = '"0"' WHERE transfer_id = :id`],
    ['a part deleted', `DELETE FROM parts WHERE transfer_id = :id`],
    ['a part that never was', `UPDATE parts SET number = 2 WHERE transfer_id = :id`],
    ['another identity', `UPDATE transfers SET identity = NULL WHERE id = :id`],
    ['another upload id', `UPDATE transfers SET upload_id = 'none' WHERE id = :id`],
  ])('%s: it is found out, and the object is the file', async (_, sql) => {
    const { id, content } = await edited(sql);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    expect((await rig.stored(id))?.equals(content)).toBe(true);
  });

  test.each([
    ['a state that is no JSON', `UPDATE transfers SET state = '{"kind":' WHERE id = :id`],
    ['a state there is none of', `UPDATE transfers SET state = '{"kind":"flying"}' WHERE id = :id`],
    ['a source that is no JSON', `UPDATE transfers SET source = 'garbage' WHERE id = :id`],
    ['options that are no JSON', `UPDATE transfers SET options = '[' WHERE id = :id`],
    ['a step there is none of', `UPDATE transfers SET step = 'dancing' WHERE id = :id`],
    ['another size', `UPDATE transfers SET size = 4 WHERE id = :id`],
    ['another part size', `UPDATE transfers SET part_size = 7 WHERE id = :id`],
    ['no parts at all', `UPDATE transfers SET part_count = 0 WHERE id = :id`],
  ])('%s: that one fails and says so, all others are as they were', async (_, sql) => {
    const { id, good } = await edited(sql);
    const state = await rig.transfers.settled(id);
    expectTold('error' in state ? state.error : undefined, 'RECORD_DAMAGED');
    expect(await rig.stored(id)).toBeNull();
    expect(rig.transfers.record(good).state).toEqual({ kind: 'done' });
    rig.transfers.cancel(id);
    await rig.transfers.cleaned(rig.transfers.record(id).sessionId);
    expect(await rig.allLeftovers()).toEqual([]);
  });

  test('a receipt that is no JSON is said to be unreadable; the transfer stays done', async () => {
    const { good } = await edited(`UPDATE transfers SET receipt = 'x' WHERE id != :id`);
    expect(rig.transfers.record(good).state).toEqual({ kind: 'done' });
    expect(() => rig.transfers.receipt(good)).toThrow(expect.objectContaining({ code: 'RECORD_DAMAGED' }));
  });
});
