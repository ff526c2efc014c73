import { lstat, stat, unlink } from 'node:fs/promises';
import type { TransferRecord } from '#main/journal';
import type { StoredObject } from '#main/storage';
import type { Receipt } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { ProgressTracker } from '../progress.ts';
import { publish, publishOver, targetError } from '../publish.ts';
import { makeReceipt } from '../receipt.ts';
import { identityOf } from '../source/index.ts';
import { wholeCrc } from '../whole-crc.ts';
import { partPathOf, placeOf, type DownloadContext } from './context.ts';
import { renamed } from './existing.ts';
import type { Place } from './place.ts';
import { crc32OfFile } from './proof.ts';
import type { Landed } from './ranges.ts';

/** Puts a file that is whole and proven in its place. @throws TARGET_EXISTS, TARGET_UNWRITABLE, ... */
export async function putInPlace(
  download: DownloadContext,
  record: TransferRecord,
  partPath: string,
): Promise<void> {
  const place = placeOf(record);
  switch (record.existing) {
    case 'replace':
      return publishOver(partPath, place.path);
    case 'protect':
    case 'skip':
      return publish(partPath, place.path);
    case 'rename':
      return putBeside(download, place, record.name, partPath);
    default:
      return assertNever(record.existing);
  }
}

/** Somebody may have taken the name meanwhile. */
async function putBeside(
  download: DownloadContext,
  place: Place,
  name: string,
  partPath: string,
): Promise<void> {
  let wanted = place;
  for (let attempt = 2; ; attempt += 1) {
    try {
      download.moveTo(wanted);
      return await publish(partPath, wanted.path);
    } catch (error) {
      if (!isSluiceError(error, 'TARGET_EXISTS')) throw error;
      wanted = renamed(place, name, attempt);
    }
  }
}

/**
 * The process ended around its last step. @returns the receipt where the file is in its place, whole; else null, and
 * it is begun again from what there is
 */
export async function foundInPlace(
  download: DownloadContext,
  record: TransferRecord,
  stored: StoredObject | null,
): Promise<Receipt | null> {
  const { records } = download.tools;
  const place = placeOf(record);
  const partPath = partPathOf(record);
  const at = await lstat(place.path).catch(() => null);
  const part = await lstat(partPath).catch(() => null);
  if (at?.isFile() !== true || at.size !== record.size) return null;
  if (part !== null && (part.ino !== at.ino || part.dev !== at.dev)) return null;
  const seen: Landed = new Map(records.parts(download.id).map(({ number, crc32 }) => [number, { crc32 }]));
  if (record.size === 0) seen.set(1, { crc32: 0 });
  if (seen.size !== record.partCount) return null;
  const crc = wholeCrc(record, seen);
  if ((await crc32OfFile(place.path, download.signal)) !== crc) return null;
  if (part !== null) await unlink(partPath); // the other name of the same file
  const tracker = download.trackerOf(record);
  for (const number of seen.keys()) tracker.keep(number);
  download.events.phase('verifying');
  return finish(download, isVersion(stored, record) ? stored : versionOf(record), tracker, crc, [
    `the file is whole: ${record.size} bytes with the CRC-32 that was proven before it was put in its place`,
    `every range was of one version (ETag ${record.etag ?? ''})`,
  ]);
}

/** The receipt of a file that is in its place. */
export async function finish(
  download: DownloadContext,
  stored: StoredObject,
  tracker: ProgressTracker,
  crc: number,
  proven: readonly string[],
): Promise<Receipt> {
  const { records, clock } = download.tools;
  const { path } = placeOf(download.record());
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw targetError(path, error);
  });
  records.saveIdentity(download.id, identityOf(found));
  const parts = { kept: tracker.count('kept'), resent: tracker.count('resent') };
  tracker.verify();
  download.events.tracker(tracker);
  const record = download.record();
  return makeReceipt({
    record,
    store: download.store,
    stored,
    crc32: crc,
    parts,
    proven,
    startedAt: record.startedAt ?? download.startedAt,
    finishedAt: clock.now(),
  });
}

const isVersion = (stored: StoredObject | null, { etag }: TransferRecord): stored is StoredObject =>
  stored !== null && stored.etag === etag;

/** What is known of a version that the store no longer has. */
function versionOf({ size, etag }: TransferRecord): StoredObject {
  return {
    size,
    etag: etag ?? '',
    versionId: null,
    crc32: null,
    composite: null,
    etagIsMd5: false,
    metadata: {},
  };
}
