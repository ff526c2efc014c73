import type { TransferRecord } from '#main/journal';
import { partRange, type UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { SourceHash } from '../source/index.ts';
import { MARK } from '../verify.ts';
import type { FileUpload } from './context.ts';
import { headOf } from './object-head.ts';
import { withPartBody, type PartBody } from './part-body.ts';
import { makeObject } from './protect.ts';
import { hashPart } from './sha256.ts';

/** Sends a file that fits in one part in one PUT. @returns the CRC-32 of what was read */
export async function sendWhole(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  tracker: ProgressTracker,
  hash: SourceHash | null,
): Promise<number> {
  const { records, clock } = upload.tools;
  const { streams } = upload.line;
  const put = async ({ body, crc32 }: PartBody): Promise<void> => {
    tracker.fly(1);
    try {
      await streams.timed(plan.size, upload.signal, () =>
        makeObject(upload, record, crc32, async (terms) => {
          const how = { ...terms, gate: upload.gate() };
          const head = headOf(record);
          upload.taken = await upload.store.put(record.key, body, crc32, head, upload.signal, how);
        }),
      );
    } catch (error) {
      tracker.drop(1);
      throw error;
    }
  };
  // Who waits to try again holds neither a stream nor memory.
  const take = (): Promise<number> =>
    streams.run(upload.signal, () =>
      withWhole(upload, plan, async (part) => {
        const hashed = hashPart(hash, 1, part);
        try {
          await records.saveStepTogether(record.id, 'completing');
          await put(part);
          return part.crc32;
        } finally {
          await hashed?.();
        }
      }),
    );
  let crc = await earlier(upload, record, plan, tracker, hash);
  if (crc === null) {
    upload.events.tracker(tracker);
    upload.events.phase('transferring');
    crc = await upload.ask(() => upload.whileOpen(take), tracker);
  }
  if (hash === null) await upload.source.close(); // whoever waits to be proven holds no file and no bytes
  tracker.land(1, clock.now());
  upload.events.moved();
  return crc;
}

/**
 * The PUT of an earlier try may have arrived, whatever became of its answer: then it is not made again. Only the store's
 * own checksum of all of it is proof enough, since the file may be another by now.
 * @returns the CRC-32 of the file, where its object is there; null where it is to be sent
 */
async function earlier(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  tracker: ProgressTracker,
  hash: SourceHash | null,
): Promise<number | null> {
  if (record.step !== 'completing') return null;
  const checksum = await withWhole(upload, plan, async ({ crc32 }) => crc32);
  const stored = await upload.ask(() => upload.store.head(record.key, upload.signal));
  if (stored?.crc32 !== checksum || stored.size !== plan.size || stored.metadata[MARK] !== record.id)
    return null;
  await hash?.leave(1, checksum)();
  tracker.keep(1);
  upload.events.tracker(tracker); // not before: what is known to be there is never shown as missing
  return checksum;
}

/** All of the file, as it is read while it did not change. @throws SOURCE_CHANGED */
function withWhole<T>(
  upload: FileUpload,
  plan: UploadPlan,
  work: (part: PartBody) => Promise<T>,
): Promise<T> {
  return withPartBody(upload, partRange(plan, 1), upload.signal, async (part) => {
    await upload.source.assertUnchanged();
    return work(part);
  });
}
