import { rm } from 'node:fs/promises';
import type { TransferRecord } from '#main/journal';
import type { ObjectStore, StoredObject } from '#main/storage';
import type { Receipt } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { decodeCrc32 } from '#shared/lib';
import { type Line, lonely } from '../line/index.ts';
import { targetError } from '../publish.ts';
import type { UploadEvents } from '../upload/index.ts';
import { wholeCrc } from '../whole-crc.ts';
import { DownloadContext, latest, partPathOf, placeOf, type DownloadTools } from './context.ts';
import { openingFor } from './existing.ts';
import { makeFolders } from './place.ts';
import { planDownload } from './plan.ts';
import { judge, measureOf, type Measure } from './proof.ts';
import { fetchMissing, openPart } from './ranges.ts';
import { finish, foundInPlace, putInPlace } from './settle.ts';

/** How often an object that turned into another is begun anew before it is called a failure. */
const FRESH_STARTS = 3;

/**
 * Brings an object to its path and proves it; or goes on where an earlier try of the same record stopped. Every effect
 * is written to the journal before it is caused. What stands at the path meanwhile is left alone to the last step.
 */
export async function download(
  record: TransferRecord,
  from: { readonly store: ObjectStore; readonly line: Line },
  tools: DownloadTools,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<Receipt> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptDownload(new DownloadContext({ id: record.id, ...from, tools, events, signal }));
    } catch (error) {
      // Nothing of what was fetched is of use then: the whole is fetched once more, and nothing is spliced.
      if (!isSluiceError(error, 'OBJECT_CHANGED') && !isSluiceError(error, 'DOWNLOAD_UNPROVEN')) throw error;
      await discard(latest(tools.records, record.id));
      tools.records.forgetUpload(record.id);
      if (attempt === FRESH_STARTS) throw error;
      events.notice(error);
    } finally {
      tools.room.leave(record.id);
    }
  }
}

/** Takes the unfinished file of a download away. Nothing of it may be under way. */
export async function discard(record: TransferRecord): Promise<void> {
  await rm(partPathOf(record), { force: true });
}

async function attemptDownload(download: DownloadContext): Promise<Receipt> {
  const { records } = download.tools;
  records.saveStarted(download.id, download.startedAt);
  const before = download.record();
  const stored = await download.retry(null, () => download.store.head(before.key, download.signal));
  if (before.step === 'completing') {
    const published = await foundInPlace(download, before, stored);
    if (published !== null) return published;
  }
  if (stored === null) throw sluiceError('OBJECT_MISSING', { key: before.key });
  if (before.step !== 'planned' && before.etag !== stored.etag) {
    throw sluiceError('OBJECT_CHANGED', { key: before.key });
  }
  const place = placeOf(before);
  await makeFolders(place);
  const measure = await measureFor(download, before, stored);
  const opening = await openingFor(place, before.name, before.existing, measure, download.signal).catch(
    (error: unknown) => {
      throw targetError(place.path, error);
    },
  );
  if (opening.kind === 'identical') return identical(download, before, stored, opening);
  if (before.step === 'planned') records.saveVersion(download.id, stored.etag, planDownload(stored.size));
  download.moveTo(opening.place);
  return fetchWhole(download, download.record(), stored, measure);
}

/** What the file will be held against. */
function measureFor(
  download: DownloadContext,
  record: TransferRecord,
  stored: StoredObject,
): Promise<Measure> {
  const receipt = download.tools.records.receiptCrc32(record.sessionId, record.key, stored.etag);
  const known = receipt === null ? null : decodeCrc32(receipt);
  return download.retry(null, () => measureOf(download.store, record.key, stored, known, download.signal));
}

async function fetchWhole(
  download: DownloadContext,
  record: TransferRecord,
  stored: StoredObject,
  measure: Measure,
): Promise<Receipt> {
  const { room, records, clock } = download.tools;
  const tracker = download.trackerOf(record);
  const { part, landed } = await openPart(download, record, tracker);
  try {
    const left = (): number => record.size - tracker.committed;
    await download.retry(
      tracker,
      () => room.enter(download.id, part.path, left),
      download.signal,
      lonely(clock),
    );
    download.events.phase('transferring');
    download.events.moved();
    await fetchMissing(download, record, part, tracker, landed);
    download.events.phase('verifying');
    const crc = wholeCrc(record, landed);
    const verdict = await judge(part.path, measure, crc, download.signal);
    if (verdict.kind === 'other') {
      throw sluiceError('DOWNLOAD_UNPROVEN', { key: record.key, reason: verdict.reason });
    }
    await part.seal();
    await part.close();
    await records.saveStepTogether(download.id, 'completing');
    await putInPlace(download, record, part.path);
    return await finish(download, stored, tracker, crc, [
      `${record.size} bytes came, as many as this version of the object has`,
      `every range was of one version (ETag ${record.etag ?? ''})`,
      verdict.proven,
    ]);
  } finally {
    await part.close();
  }
}

async function identical(
  download: DownloadContext,
  record: TransferRecord,
  stored: StoredObject,
  found: { readonly crc32: number; readonly proven: string },
): Promise<Receipt> {
  const plan = planDownload(stored.size);
  download.tools.records.saveVersion(download.id, stored.etag, plan);
  const tracker = download.trackerOf(plan);
  for (let number = 1; number <= plan.partCount; number += 1) tracker.keep(number);
  download.events.phase('verifying');
  await discard(record);
  return finish(download, stored, tracker, found.crc32, [
    `the file that was there has the ${stored.size} bytes of the object; nothing was fetched`,
    found.proven,
  ]);
}
