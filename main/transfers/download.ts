import { randomUUID } from 'node:crypto';
import { open, rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Clock } from '#main/ports';
import type { ObjectStore, StoredObject } from '#main/storage';
import { safeName } from '#main/storage';
import { isSluiceError, sluiceError } from '#shared/errors';
import { combineCrc32, encodeCrc32 } from '#shared/lib';
import { makeFolder, publish, targetError } from './publish.ts';
import { lonely } from './line.ts';
import { withRetry } from './retry.ts';

const RANGE = 16 * 1024 * 1024;
const CONCURRENCY = 4;

export interface DownloadJob {
  readonly store: ObjectStore;
  readonly key: string;
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What its CRC-32 must be, where somebody knows better than the store. */
  readonly crc32?: number | null;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fetches an object by ranges of one version of it, checks its CRC-32, and publishes it under its name in one step.
 * @returns its size in bytes
 * @throws TARGET_EXISTS, DISK_FULL, TARGET_UNWRITABLE, OBJECT_MISSING, OBJECT_CHANGED, VERIFY_FAILED, ...
 */
export async function download(job: DownloadJob): Promise<number> {
  const { store, key, path, clock, signal } = job;
  const retry = <T>(work: () => Promise<T>): Promise<T> =>
    withRetry(work, { line: lonely(clock), signal, patience: () => ({ attempts: 6 }) });

  const stored = await retry(() => store.head(key, signal));
  if (stored === null) throw sluiceError('OBJECT_MISSING', { key });
  await makeFolder(dirname(path));
  await assertRoom(path, stored.size);

  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  let handle: FileHandle | null = null;
  try {
    handle = await open(part, 'wx', 0o600);
    const crc = await fetchRanges(job, stored, handle, retry);
    const expected = job.crc32 ?? stored.crc32;
    if (expected !== null && crc !== expected) {
      const reason = `its bytes came as CRC-32 ${encodeCrc32(crc)} instead of ${encodeCrc32(expected)}`;
      throw sluiceError('VERIFY_FAILED', { key, reason });
    }
    await handle.chmod(0o644);
    await handle.sync();
    await handle.close();
    handle = null;
    await publish(part, path);
    return stored.size;
  } catch (error) {
    throw isSluiceError(error) ? error : targetError(path, error);
  } finally {
    await handle?.close();
    await rm(part, { force: true });
  }
}

/** @returns the CRC-32 of all of it */
async function fetchRanges(
  job: DownloadJob,
  stored: StoredObject,
  handle: FileHandle,
  retry: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<number> {
  const count = Math.ceil(stored.size / RANGE);
  const crcs: number[] = Array.from({ length: count }, () => 0);
  const failed = new AbortController();
  const signal = AbortSignal.any([job.signal, failed.signal]);
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const first = index * RANGE;
      const last = Math.min(stored.size, first + RANGE) - 1;
      const current = index;
      crcs[current] = await retry(() => fetchRange(job, stored.etag, handle, first, last, signal));
      done += last - first + 1;
      job.onProgress?.(done, stored.size);
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: Math.min(CONCURRENCY, count) }, () =>
      worker().catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  job.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  const broken = outcomes.find((outcome) => outcome.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return crcs.reduce(
    (whole, crc, index) => combineCrc32(whole, crc, Math.min(RANGE, stored.size - index * RANGE)),
    0,
  );
}

/** @returns the CRC-32 of the range. A body that ends early is an error of the network. */
async function fetchRange(
  job: DownloadJob,
  etag: string,
  handle: FileHandle,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<number> {
  const body = await job.store.read(job.key, { first, last }, etag, signal);
  const length = last - first + 1;
  let position = 0;
  let crc = 0;
  const unreachable = (reason: string, cause?: unknown): Error =>
    sluiceError('STORE_UNREACHABLE', { endpoint: job.store.endpoint, reason }, cause);
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const chunk = await chunks.next().catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreachable('the connection broke', error);
    });
    if (chunk.done === true) break;
    if (position + chunk.value.length > length) throw unreachable('it sent more than was asked for');
    crc = crc32(chunk.value, crc);
    await writeFully(handle, chunk.value, first + position);
    position += chunk.value.length;
  }
  if (position !== length) throw unreachable('the answer ended early');
  return crc;
}

async function writeFully(handle: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += (await handle.write(chunk, written, chunk.length - written, at + written)).bytesWritten;
  }
}

/** The size is known, so a disk that is too small is foreseen. @throws DISK_FULL */
async function assertRoom(path: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize < size) throw sluiceError('DISK_FULL', { path });
}

/** The first free name of a file in a folder: `a.csv`, `a (2).csv`, ... Never outside the folder, whatever the name. */
export function candidatePaths(folder: string, name: string): (attempt: number) => string {
  const { name: stem, ext } = parse(safeName(name));
  return (attempt) => join(folder, attempt === 1 ? `${stem}${ext}` : `${stem} (${attempt})${ext}`);
}
