import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { HashPool, openSha256 } from '#main/hashing';
import { partRange, type UploadPlan } from '#internal/main/transfers/plan';
import { SourceHash, type SourceHashOptions } from '#internal/main/transfers/source/hash';
import { sluiceError } from '#shared/errors';

const NEVER = new AbortController().signal;
const pool = new HashPool(1);
afterAll(() => pool.close());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file in memory, cut into parts, with what a sender and its hash do to it. */
function rig(file: Buffer, partSize: number, more: Partial<SourceHashOptions> = {}) {
  const partCount = Math.ceil(file.length / partSize);
  const plan: UploadPlan =
    partCount === 1
      ? { kind: 'single', size: file.length, partSize, partCount: 1 }
      : { kind: 'multipart', size: file.length, partSize, partCount };
  const read: number[] = [];
  const part = (number: number): Buffer => {
    const { offset, length } = partRange(plan, number);
    return Buffer.from(file.subarray(offset, offset + length));
  };
  const source = new SourceHash({
    plan,
    path: '/data/file.bin',
    read: async (buffer, offset) => {
      read.push(Math.floor(offset / partSize) + 1);
      if (offset + buffer.length > file.length)
        throw sluiceError('SOURCE_CHANGED', { path: '/data/file.bin' });
      file.copy(buffer, 0, offset, offset + buffer.length);
    },
    hash: openSha256(pool, file.length),
    kept: new Map(),
    ...more,
  });
  return { plan, source, part, read };
}

test('whatever the order, whichever parts are kept, and however long they are held, it is the hash of the file', async () => {
  const scenario = fc.noShrink(
    fc.record({
      file: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      partSize: fc.integer({ min: 1, max: 60 }),
      workers: fc.integer({ min: 1, max: 5 }),
      seed: fc.infiniteStream(fc.nat(6)),
      shuffled: fc.boolean(),
      keep: fc.infiniteStream(fc.boolean()),
    }),
  );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ file: bytes, partSize, workers, seed, shuffled, keep }) => {
      const file = Buffer.from(bytes);
      const count = Math.ceil(file.length / partSize);
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      const crcOf = (number: number): number =>
        crc32(file.subarray((number - 1) * partSize, number * partSize));
      const next = (): number => seed.next().value ?? 0;
      const kept = new Map(numbers.filter(() => keep.next().value).map((number) => [number, crcOf(number)]));
      const missing = numbers.filter((number) => !kept.has(number));
      if (shuffled) missing.sort(() => next() - 3);
      const { source, part } = rig(file, partSize, { kept });
      const turns = async (): Promise<void> => {
        for (let turn = next(); turn > 0; turn -= 1)
          await new Promise<void>((resolve) => setImmediate(resolve));
      };
      const worker = async (): Promise<void> => {
        for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
          await turns();
          const buffer = part(number);
          const letGo = source.offer(number, buffer, crcOf(number));
          await turns();
          await letGo();
          buffer.fill(0xee); // it is somebody else's now
        }
      };
      await Promise.all(Array.from({ length: workers }, worker));
      expect(await source.digest(NEVER)).toBe(sha256(file));
      await source.close();
    }),
    { numRuns: 150 },
  );
});

test('parts that come in order are read once, by their sender', async () => {
  const file = randomBytes(5_000_000);
  const { source, part, read, plan } = rig(file, 700_000);
  const letGo = Array.from({ length: plan.partCount }, (_, index) => {
    const buffer = part(index + 1);
    const release = source.offer(index + 1, buffer, crc32(buffer));
    return async () => {
      await release();
      buffer.fill(0);
    };
  });
  await Promise.all(letGo.map((release) => release()));
  expect(await source.digest(NEVER)).toBe(sha256(file));
  expect(read).toEqual([]);
});

test('a part that comes too early is let go at once, and read again', async () => {
  const file = randomBytes(30);
  const { source, part, read } = rig(file, 10);
  const third = part(3);
  await source.offer(3, third, crc32(third))();
  third.fill(0);
  for (const number of [1, 2]) await source.offer(number, part(number), crc32(part(number)))();
  expect(await source.digest(NEVER)).toBe(sha256(file));
  expect(read).toEqual([3]);
});

test('a kept part that is not what was sent of it is named, and nothing is hashed', async () => {
  const file = randomBytes(3_000_000);
  const stale: number[] = [];
  const { source, part } = rig(file, 1_000_000, {
    kept: new Map([
      [1, crc32(file.subarray(0, 1_000_000))],
      [2, 12_345],
    ]),
    stale: (number) => stale.push(number),
  });
  await source.offer(3, part(3), crc32(part(3)))();
  await expect(source.digest(NEVER)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  expect(stale).toEqual([2]);
  await source.close();
});

test('a part that is sent a second time with other bytes is seen', async () => {
  const file = randomBytes(20);
  const { source, part } = rig(file, 10);
  await source.offer(1, part(1), crc32(part(1)))();
  await source.offer(2, part(2), crc32(part(2)))();
  await source.offer(1, part(1), 1)();
  await expect(source.digest(NEVER)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
});

test('what reading throws is what the hash fails with, and no buffer is held for it', async () => {
  const file = randomBytes(30);
  const gone = sluiceError('FILE_ERROR', { path: '/data/file.bin', reason: 'EIO' });
  const { source, part } = rig(file, 10, { kept: new Map([[1, 1]]), read: () => Promise.reject(gone) });
  await source.offer(2, part(2), crc32(part(2)))();
  await source.offer(3, part(3), crc32(part(3)))();
  await expect(source.digest(NEVER)).rejects.toBe(gone);
  await source.close();
});

test('an abort ends the wait, and closing ends the reading', async () => {
  const file = randomBytes(5_000_000);
  const kept = new Map([1, 2, 3, 4, 5].map((number) => [number, 0]));
  let reads = 0;
  const { source } = rig(file, 1_000_000, { kept, read: () => ((reads += 1), Promise.resolve()) });
  const controller = new AbortController();
  const digest = source.digest(controller.signal);
  controller.abort(new Error('paused'));
  await expect(digest).rejects.toThrow('paused');
  await source.close();
  const before = reads;
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(reads).toBe(before);
});

test('asked too early, it says which part nobody read', async () => {
  const { source, part } = rig(randomBytes(30), 10);
  await source.offer(1, part(1), crc32(part(1)))();
  await expect(source.digest(NEVER)).rejects.toThrow('part 2 was never read');
});

test.each([0, 1, 256 * 1024, 256 * 1024 + 1, 3_333_333])(
  'SHA-256 of %d bytes, in pieces of any length',
  async (size) => {
    const bytes = randomBytes(size);
    const hash = openSha256(pool, size);
    for (let at = 0, step = 1; at < size; at += step, step = (step * 7) % 1_500_000) {
      const piece = Buffer.from(bytes.subarray(at, at + step));
      await hash.update(piece);
      piece.fill(0);
    }
    expect(await hash.digest()).toBe(sha256(bytes));
  },
);
