import { s3ErrorName, type CompletedPart, type StoredObject } from '#main/storage';
import type { TransferRecord } from '#main/journal';
import type { Receipt } from '#shared/domain';
import type { ProgressTracker } from '../progress.ts';
import { makeReceipt } from '../receipt.ts';
import { isProven, prove, proveListed } from '../verify.ts';
import { UploadLost, type UploadContext } from './context.ts';
import { expected } from './expected.ts';
import type { Sending } from './parts.ts';
import { makeObject } from './protect.ts';

/** What S3 answers when the list of parts is not what it has. */
const DISAGREES: ReadonlySet<string> = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']);

/** Has the store put the parts together. @returns `repair` where it does not have them as the list says */
export async function complete(
  upload: UploadContext,
  { key, uploadId, plan, tracker }: Sending,
  landed: ReadonlyMap<number, CompletedPart>,
  crc: number,
): Promise<'complete' | 'repair'> {
  const parts = [...landed.values()].sort((a, b) => a.number - b.number);
  upload.events.phase('verifying');
  upload.tools.records.saveStep(upload.id, 'completing');
  const whole = { size: plan.size, crc32: crc };
  return upload.ask(async () => {
    try {
      await makeObject(upload, upload.record(), crc, (terms) =>
        upload.store.completeUpload({ key, uploadId }, parts, whole, upload.signal, terms),
      );
      return 'complete';
    } catch (error) {
      const name = s3ErrorName(error);
      const lost = name === 'NoSuchUpload';
      if (!lost && (name === null || !DISAGREES.has(name))) throw error;
      // An answer to an earlier try may have been lost. That an object is there proves nothing; ours must be.
      if (await isThere(upload, upload.record(), crc)) return 'complete';
      if (lost) throw new UploadLost();
      return 'repair';
    }
  }, tracker);
}

/** Whether the object that this upload makes is there already. */
export async function isThere(upload: UploadContext, record: TransferRecord, crc: number): Promise<boolean> {
  const stored = await upload.ask(() => upload.store.head(record.key, upload.signal));
  return isProven(stored, expected(upload, record, crc));
}

/** Asks the store what it has, and holds it against what was read. @throws VERIFY_FAILED */
export async function proveIt(
  upload: UploadContext,
  tracker: ProgressTracker,
  crc: number,
): Promise<Receipt> {
  const record = upload.record();
  upload.events.phase('verifying');
  const { stored, proven } =
    (await byListing(upload, record, crc)) ?? (await byLooking(upload, record, tracker, crc));
  const parts = { kept: tracker.count('kept'), resent: tracker.count('resent') };
  tracker.verify();
  return makeReceipt({
    record,
    store: upload.store,
    stored,
    crc32: crc,
    parts,
    proven,
    startedAt: record.startedAt ?? upload.startedAt,
    finishedAt: upload.tools.clock.now(),
  });
}

interface Proof {
  readonly stored: Pick<StoredObject, 'etag' | 'versionId' | 'size'>;
  readonly proven: readonly string[];
}

async function byLooking(
  upload: UploadContext,
  record: TransferRecord,
  tracker: ProgressTracker,
  crc: number,
): Promise<Proof> {
  const stored = await upload.ask(() => upload.store.head(record.key, upload.signal), tracker);
  const proven = prove(stored, expected(upload, record, crc));
  if (stored === null) throw new TypeError('proven, yet not there');
  return { stored, proven };
}

/** Of one PUT, where the store's answer to it said what it had taken: with many others at once. */
async function byListing(upload: UploadContext, record: TransferRecord, crc: number): Promise<Proof | null> {
  const { taken } = upload;
  const proven = taken === null ? null : proveListed(taken, expected(upload, record, crc));
  if (taken === null || proven === null) return null;
  upload.events.sent();
  const shown = await upload.store.confirm(record.key, taken, record.size);
  upload.signal.throwIfAborted();
  return shown
    ? { stored: { etag: taken.etag, versionId: taken.versionId, size: record.size }, proven }
    : null;
}
