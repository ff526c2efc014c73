/** What a store or a network does that is not one blow to one request. */
import { afterEach, expect, test } from 'vitest';
import {
  freshSeed,
  PASS,
  randomOf,
  type Fate,
  type ProxiedRequest,
} from '../../support/fault-proxy/index.ts';
import { startRig, type RigOptions, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 10 * MiB + 345;
const MINUTE = 60_000;

let rig: UploadRig;
afterEach(() => rig.close());

async function expectProven(
  size: number,
  decide: (request: ProxiedRequest) => Fate,
  options: RigOptions = {},
): Promise<void> {
  rig = await startRig(options);
  rig.decide = decide;
  const { path, content } = rig.file('one.bin', size);
  const id = rig.add(path, size);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  expect((await rig.stored(id))?.equals(content)).toBe(true);
  expect(await rig.allLeftovers()).toEqual([]);
}

test.each([20, -20])('a store whose clock is %d minutes off', async (minutes) => {
  await expectProven(SIZE, () => PASS, { storeTime: () => Date.now() + minutes * MINUTE });
});

test.each([20, -20])('and loses the answer to the beginning of an upload (%d minutes)', async (minutes) => {
  let begun = 0;
  // The first is refused for its time; the second is signed as the store wants it, and has its effect.
  const loseSecond = ({ operation }: ProxiedRequest): Fate =>
    operation === 'CreateMultipartUpload' && (begun += 1) === 2 ? { kind: 'drop-after' } : PASS;
  await expectProven(SIZE, loseSecond, { storeTime: () => Date.now() + minutes * MINUTE });
  expect(begun).toBeGreaterThan(2);
});

test('a line on which everything creeps, a byte a second a thousand times as fast', async () => {
  await expectProven(300, () => ({ kind: 'slow', bytesPerSecond: 1000 }));
});

test('a store that is throttled more often than not gets there, by and by', async () => {
  const seed = freshSeed();
  const { next } = randomOf(seed);
  const throttled = (): Fate => (next() < 0.4 ? PASS : { kind: 'answer', status: 503, code: 'SlowDown' });
  await expectProven(SIZE, throttled).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
});

test.each([1000, SIZE])('paused and taken up again at once, it goes on (%d bytes)', async (size) => {
  rig = await startRig();
  const id = rig.add(rig.file('one.bin', size).path, size);
  rig.transfers.pause(id);
  rig.transfers.resume(id);
  const first = await rig.transfers.settled(id);
  expect(first).toEqual({ kind: 'done' });
});
