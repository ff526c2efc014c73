import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import { sluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';
import { lonely, withRetry } from '../line/index.ts';
import { partRange } from '../plan.ts';
import { makeFolder, publish, targetError } from '../publish.ts';
import { wholeCrc } from '../whole-crc.ts';
import { fetchRange } from './fetch.ts';
import { PartFile } from './part-file.ts';
import { planDownload } from './plan.ts';
import type { Landed } from './ranges.ts';
import { assertRoom } from './room.ts';

const CONCURRENCY = 4;
const STALL_MS = 30_000;

export interface CopyJob {
  readonly store: ObjectStore;
  readonly key: string;
  readonly path: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What the whole must be: copies are only made of what this machine proved. */
  readonly crc32: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Copies that are under way in this process, by path: two who want one share it. */
const underWay = new Map<string, Promise<number>>();

/**
 * A copy for the engine's own use, in its own folder: checked and published as a download is, but not worth a place in
 * the journal, since it can be made anew.
 * @returns its size in bytes
 * @throws DISK_SHORT, DISK_FULL, TARGET_UNWRITABLE, OBJECT_MISSING, OBJECT_CHANGED, DOWNLOAD_UNPROVEN, ...
 */
export async function fetchCopy(job: CopyJob): Promise<number> {
  // One that failed, or was given up by who began it, says nothing of this one.
  const same = await underWay.get(job.path)?.catch(() => null);
  if (typeof same === 'number') return same;
  const fetching = fetchNow(job).finally(() => underWay.delete(job.path));
  underWay.set(job.path, fetching);
  return fetching;
}

async function fetchNow({ store, key, path, clock, signal, crc32, onProgress }: CopyJob): Promise<number> {
  const retry = <T>(work: () => Promise<T>, while_ = signal): Promise<T> =>
    withRetry(work, { line: lonely(clock), signal: while_, patience: () => ({ attempts: 6 }) });
  const stored = await retry(() => store.head(key, signal));
  if (stored === null) throw sluiceError('OBJECT_MISSING', { key });
  await makeFolder(dirname(path));
  await sweep(path);
  await assertRoom([{ path, bytes: stored.size }], []);

  const plan = planDownload(stored.size);
  const part = await PartFile.create(`${path}.part`, stored.size);
  try {
    const landed: Landed = new Map();
    if (stored.size === 0) landed.set(1, { crc32: 0 });
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const tools = { take: async () => undefined, stallMs: STALL_MS };
    let next = 1;
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let number = next++; stored.size > 0 && number <= plan.partCount; number = next++) {
        const range = partRange(plan, number);
        const source = { store, key, etag: stored.etag };
        const crc32 = await retry(() => fetchRange(source, range, part, tools, either), either);
        landed.set(number, { crc32 });
        done += range.length;
        onProgress?.(done, stored.size);
      }
    };
    await Promise.allSettled(
      Array.from({ length: CONCURRENCY }, () => worker().catch((error: unknown) => failed.abort(error))),
    );
    signal.throwIfAborted();
    if (failed.signal.aborted) throw failed.signal.reason;

    const crc = wholeCrc(plan, landed);
    if (crc !== crc32) {
      const reason = `its bytes came as CRC-32 ${encodeCrc32(crc)} instead of ${encodeCrc32(crc32)}`;
      throw sluiceError('DOWNLOAD_UNPROVEN', { key, reason });
    }
    await part.seal();
    await part.close();
    await publish(part.path, path);
    return stored.size;
  } finally {
    await part.close();
    await rm(part.path, { force: true });
  }
}

/** What a process that ended in the middle left of the same copy. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  const entries = await readdir(folder).catch((error: unknown) => {
    throw targetError(folder, error);
  });
  const old = entries.filter((entry) => entry.startsWith(name) && entry.endsWith('.part'));
  await Promise.all(old.map((entry) => rm(join(folder, entry), { force: true })));
}
