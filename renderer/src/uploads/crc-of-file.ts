import { combineCrc32, decodeCrc32, encodeCrc32 } from '#shared/lib';
import { Hasher } from './hasher.ts';

const SLICE = 8 * 1024 * 1024;

/** @returns the CRC-32 of all of a file, as S3 writes it; fails with SOURCE_GONE where it cannot be read */
export async function crcOfFile(file: File, signal: AbortSignal, { hash } = new Hasher()): Promise<string> {
  let whole = 0;
  for (let start = 0; start < file.size; start += SLICE) {
    signal.throwIfAborted();
    const end = Math.min(file.size, start + SLICE);
    whole = combineCrc32(whole, decodeCrc32(await hash(file, start, end)) ?? 0, end - start);
  }
  return encodeCrc32(whole);
}
