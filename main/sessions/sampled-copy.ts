import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import { lonely, targetError, withRetry } from '#main/transfers';

/** What is brought of the beginning, around the middle, and of the end. bytes */
const HEAD = 1 << 20;
const LONGEST_HEAD = 16 << 20;
const PART = 256 << 10;
/** Below this size the whole costs hardly more. */
export const WORTH_SAMPLING = 4 * HEAD;
/** As many lines the beginning must have, or it is brought longer. */
const LINES = 64;

export interface Sampled {
  readonly store: ObjectStore;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * A file as long as the object, in which only those places are filled that a preview of delimited text reads: beginning,
 * middle and end. It is no copy: what reads all of it must have one.
 * @returns whether its kind of content can be looked at so; archives, workbooks, Parquet and JSON cannot
 */
export async function sampleObject(sampled: Sampled): Promise<boolean> {
  const { size, path } = sampled;
  const there = await stat(path).catch(() => null);
  if (there?.size === size) return true;
  let head = await readRange(sampled, 0, HEAD);
  if (!isDelimitedText(head)) return false;
  while (head.length < Math.min(size, LONGEST_HEAD) && linesOf(head) < LINES) {
    const more = await readRange(sampled, head.length, Math.min(head.length * 3, size - head.length));
    head = Buffer.concat([head, more]);
  }
  const middle = Math.floor(size / 2) - PART;
  const pieces = [
    { at: 0, bytes: head },
    { at: middle, bytes: await readRange(sampled, middle, 2 * PART) },
    { at: size - PART, bytes: await readRange(sampled, size - PART, PART) },
  ];
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const part = `${path}.part`;
    const file = await open(part, 'w', 0o600);
    try {
      await file.truncate(size);
      for (const { at, bytes } of pieces) await file.write(bytes, 0, bytes.length, at);
    } finally {
      await file.close();
    }
    await rename(part, path);
    return true;
  } catch (error) {
    throw targetError(path, error);
  }
}

function readRange(sampled: Sampled, first: number, length: number): Promise<Buffer> {
  const { store, key, etag, clock, signal } = sampled;
  const read = async (): Promise<Buffer> =>
    buffer(await store.read(key, { first, last: first + length - 1 }, etag, signal));
  return withRetry(read, { line: lonely(clock), signal, patience: () => ({ attempts: 4 }) });
}

function linesOf(bytes: Buffer): number {
  if (bytes.includes(13)) return LINES;
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1 && lines < LINES; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** By its first bytes: what other kinds of files begin with, whose end or whole is needed to make sense of them. */
const OTHERS: readonly Buffer[] = [
  Buffer.from('PK'),
  Buffer.from('PAR1'),
  Buffer.from([0x1f, 0x8b]),
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
];

function isDelimitedText(head: Buffer): boolean {
  if (OTHERS.some((start) => head.subarray(0, start.length).equals(start))) return false;
  const first = head.toString('latin1', 0, 4096).replace(/^(?:\u00EF\u00BB\u00BF|[\s\0])+/, '')[0];
  return first !== '{' && first !== '[';
}
