import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Yardstick } from '#main/storage';
import { assertNever, encodeCrc32 } from '#shared/lib';
import { FileSource } from './source.ts';

const CHUNK = 1024 * 1024;

/**
 * Reads a file and sums it up as the store did with the object, so that the two can be compared.
 * @returns null where the store knows nothing to compare with; @throws SOURCE_*, also where the file changes meanwhile
 */
export async function digestFile(
  path: string,
  yardstick: Yardstick,
  signal: AbortSignal,
): Promise<string | null> {
  if (yardstick.kind === 'none') return null;
  const source = await FileSource.open(path);
  try {
    const { size } = source.identity;
    const result = await summed(source, size, yardstick, signal);
    await source.assertUnchanged();
    return result;
  } finally {
    await source.close();
  }
}

async function summed(
  source: FileSource,
  size: number,
  yardstick: Exclude<Yardstick, { kind: 'none' }>,
  signal: AbortSignal,
): Promise<string> {
  switch (yardstick.kind) {
    case 'crc32':
      return encodeCrc32(await crcOfRange(source, 0, size, signal));
    case 'md5':
      return (await md5OfRange(source, 0, size, signal)).toString('hex');
    case 'crc32-of-parts': {
      const { partSize } = yardstick;
      let whole = 0;
      let count = 0;
      for (let offset = 0; offset < size; offset += partSize) {
        const sum = Buffer.alloc(4);
        sum.writeUInt32BE(await crcOfRange(source, offset, Math.min(partSize, size - offset), signal));
        whole = crc32(sum, whole);
        count += 1;
      }
      return `${encodeCrc32(whole)}-${count}`;
    }
    case 'md5-of-parts': {
      const { partSize } = yardstick;
      const whole = createHash('md5');
      let count = 0;
      for (let offset = 0; offset < size; offset += partSize) {
        whole.update(await md5OfRange(source, offset, Math.min(partSize, size - offset), signal));
        count += 1;
      }
      return `${whole.digest('hex')}-${count}`;
    }
    default:
      return assertNever(yardstick);
  }
}

export async function crcOfRange(
  source: FileSource,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<number> {
  let sum = 0;
  await eachChunk(source, offset, length, signal, (chunk) => (sum = crc32(chunk, sum)));
  return sum;
}

export async function md5OfRange(
  source: FileSource,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const hash = createHash('md5');
  await eachChunk(source, offset, length, signal, (chunk) => hash.update(chunk));
  return hash.digest();
}

async function eachChunk(
  source: FileSource,
  offset: number,
  length: number,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => unknown,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, length));
  for (let done = 0; done < length; done += CHUNK) {
    signal.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(CHUNK, length - done));
    await source.read(chunk, offset + done);
    take(chunk);
  }
}
