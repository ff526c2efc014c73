import { rm } from 'node:fs/promises';
import type { TransferRecord } from '#main/journal';
import { isSluiceError, type SluiceError } from '#shared/errors';
import { partRange } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import { partPathOf, type DownloadContext } from './context.ts';
import { fetchRange } from './fetch.ts';
import { PartFile } from './part-file.ts';
import { assertRoom } from './room.ts';

/** Ranges of one object that are under way, or wait to be tried again, at once. */
const AT_ONCE = 64;

/** What the file is read through when its ranges are looked at again. */
const LOOK = 1024 * 1024;

/** Ranges that are in the unfinished file, by number. */
export type Landed = Map<number, { readonly crc32: number }>;

/** The unfinished file, and those of its ranges that are as they were seen to land. */
export async function openPart(
  download: DownloadContext,
  record: TransferRecord,
  tracker: ProgressTracker,
): Promise<{ readonly part: PartFile; readonly landed: Landed }> {
  const { records, buffers } = download.tools;
  const path = partPathOf(record);
  const landed: Landed = new Map();
  if (record.size === 0) landed.set(1, { crc32: 0 });
  const again = await PartFile.reopen(path, record.size);
  if (again === null) {
    if (records.parts(download.id).length > 0) records.forgetParts(download.id);
    await rm(path, { force: true });
    return { part: await PartFile.create(path, record.size), landed };
  }
  const buffer = await buffers.acquire(LOOK, download.signal);
  try {
    for (const { number, crc32 } of records.parts(download.id)) {
      const isOurs = number <= record.partCount;
      const range = partRange(record, number);
      if (isOurs && (await again.crc32(range, buffer, download.signal)) === crc32) {
        landed.set(number, { crc32 });
        tracker.keep(number);
      } else {
        records.removePart(download.id, number); // it never reached the disk, or somebody wrote there
      }
    }
    return { part: again, landed };
  } catch (error) {
    await again.close();
    throw error;
  } finally {
    buffers.release(buffer);
  }
}

/** Fetches what is missing into the unfinished file; nothing of it is under way once this returns. */
export async function fetchMissing(
  download: DownloadContext,
  record: TransferRecord,
  part: PartFile,
  tracker: ProgressTracker,
  landed: Landed,
): Promise<void> {
  const missing = Array.from({ length: record.partCount }, (_, index) => index + 1).filter(
    (number) => !landed.has(number),
  );
  const failed = new AbortController();
  const signal = AbortSignal.any([download.signal, failed.signal]);
  const underWay = new Set<Promise<void>>();
  for (const number of missing) {
    if (signal.aborted) break;
    // Ranges are begun in order and one by one, so that those of other files get their turn between.
    const admitted = Promise.withResolvers<void>();
    const fetched = fetchOne(download, record, number, part, tracker, admitted.resolve, signal)
      .then((crc32) => {
        landed.set(number, { crc32 });
        download.events.moved();
      })
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        admitted.resolve();
        underWay.delete(fetched);
      });
    underWay.add(fetched);
    await admitted.promise;
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  download.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

/**
 * While it waits to be tried again it holds no stream, so that others go on.
 * @param admitted called when it is its turn
 * @returns the CRC-32 of the range
 */
async function fetchOne(
  download: DownloadContext,
  record: TransferRecord,
  number: number,
  part: PartFile,
  tracker: ProgressTracker,
  admitted: () => void,
  signal: AbortSignal,
): Promise<number> {
  const { bandwidth, records, clock, stallMs } = download.tools;
  const { streams } = download.line;
  const range = partRange(record, number);
  const source = { store: download.store, key: record.key, etag: record.etag ?? '' };
  const sender = { connectionId: record.connectionId, transferId: record.id };
  const take = (bytes: number): Promise<void> => bandwidth.take(bytes, signal, sender);
  const still = (error: SluiceError): void => download.events.waiting('limit', error);
  let wasFull = false;
  const crc = await download.retry(
    tracker,
    async () => {
      if (wasFull) await assertRoom([{ path: part.path, bytes: range.length }], []);
      const fetch = async (): Promise<number> => {
        admitted();
        tracker.fly(number);
        download.events.moved();
        try {
          return await streams.timed(range.length, signal, () =>
            fetchRange(source, range, part, { take, stallMs }, signal),
          );
        } catch (error) {
          tracker.drop(number);
          wasFull = isSluiceError(error, 'DISK_FULL');
          throw error;
        }
      };
      return bandwidth.whileOpen(() => streams.run(signal, fetch), signal, still);
    },
    signal,
  );
  records.savePart(download.id, { number, crc32: crc, etag: null });
  tracker.land(number, clock.now());
  return crc;
}
