import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { crc32, createGunzip, createZstdDecompress } from 'node:zlib';
import { openSha256, type HashPool } from '#main/hashing';
import type { Clock } from '#main/ports';
import type { ObjectStore, StoredObject } from '#main/storage';
import { assertOrdinary, lonely, sourceError, withRetry } from '#main/transfers';
import type { ManifestFile } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { Sums } from './check.ts';

type Packer = NonNullable<ManifestFile['original']>['compressedBy'];

const RANGE = 8 * 1024 * 1024;
/** Ranges of one object on their way at once. */
const AHEAD = 3;
const ATTEMPTS = 6;

/** @param size in bytes, as far as it is known before */
async function sum(pool: HashPool, size: number, pieces: AsyncIterable<Buffer>): Promise<Sums> {
  const hash = openSha256(pool, size);
  try {
    let crc = 0;
    let length = 0;
    for await (const piece of pieces) {
      crc = crc32(piece, crc);
      length += piece.length;
      await hash.update(piece);
    }
    return { size: length, crc32: crc, sha256: await hash.digest() };
  } catch (error) {
    hash.drop();
    throw error;
  }
}

/** One version of an object, and what it is read with. */
export interface ObjectToRead {
  readonly store: ObjectStore;
  readonly key: string;
  readonly stored: StoredObject;
  readonly pool: HashPool;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Reads all bytes of an object. @throws OBJECT_CHANGED where it is replaced meanwhile */
export function sumObject(object: ObjectToRead): Promise<Sums> {
  return sum(object.pool, object.stored.size, piecesOf(object));
}

/**
 * Reads all bytes of an object that holds a compressed file.
 * @returns those of the object, and of the file in it; null where it cannot be taken out
 */
export async function sumPacked(
  object: ObjectToRead,
  packer: Packer,
): Promise<{ readonly stored: Sums; readonly own: Sums | null }> {
  let crc = 0;
  let size = 0;
  async function* read(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of piecesOf(object)) {
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
  }
  const opener = packer === 'gzip' ? createGunzip() : createZstdDecompress();
  try {
    pipeline(Readable.from(read()), opener, () => undefined); // what breaks, breaks the opener, which is read here
    const own = await sum(object.pool, Number.MAX_SAFE_INTEGER, opener as AsyncIterable<Buffer>);
    if (size === object.stored.size) return { stored: { size, crc32: crc, sha256: null }, own };
  } catch (error) {
    if (!/^Z(_|STD_)/.test(String((error as NodeJS.ErrnoException).code))) throw error;
  }
  return { stored: await sumObject(object), own: null };
}

function piecesOf({ store, key, stored, clock, signal }: ObjectToRead): AsyncIterable<Buffer> {
  const fetch = (first: number): Promise<Buffer> =>
    withRetry(() => readRange(store, key, stored, first, signal), {
      line: lonely(clock),
      signal,
      patience: () => ({ attempts: ATTEMPTS }),
    });
  return inOrder(stored.size, fetch);
}

/** The next ranges are fetched while one is summed. */
async function* inOrder(
  size: number,
  fetch: (first: number) => Promise<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  const ahead: Promise<Buffer>[] = [];
  for (let next = 0; next < size || ahead.length > 0;) {
    while (next < size && ahead.length < AHEAD) {
      const range = fetch(next);
      range.catch(() => undefined); // told when its turn comes
      ahead.push(range);
      next += RANGE;
    }
    const first = ahead.shift();
    if (first !== undefined) yield await first;
  }
}

async function readRange(
  store: ObjectStore,
  key: string,
  { size, etag }: StoredObject,
  first: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const last = Math.min(size, first + RANGE) - 1;
  const body = await store.read(key, { first, last }, etag, signal);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch (error) {
    signal.throwIfAborted();
    throw sluiceError(
      'STORE_UNREACHABLE',
      { endpoint: store.endpoint, reason: 'the connection broke' },
      error,
    );
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.length === last - first + 1) return bytes;
  throw sluiceError('STORE_UNREACHABLE', { endpoint: store.endpoint, reason: 'the answer ended early' });
}

/** Reads all bytes of a file. @throws SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_IS_FOLDER, SOURCE_NOT_A_FILE, ... */
export async function sumFile(path: string, pool: HashPool, signal: AbortSignal): Promise<Sums> {
  const size = await assertOrdinary(path);
  try {
    return await sum(pool, size, createReadStream(path, { signal, highWaterMark: 1024 * 1024 }));
  } catch (error) {
    signal.throwIfAborted();
    throw sourceError(path, error);
  }
}
