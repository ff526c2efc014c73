import { crc32 } from 'node:zlib';
import type { TransferRecord } from '#main/journal';
import type { UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { SourceHash } from '../source-hash.ts';
import { MARK } from '../verify.ts';
import type { FileUpload } from './context.ts';
import { headOf } from './object-head.ts';
import { makeObject } from './protect.ts';

/** Sends a file that fits in one part in one PUT. @returns the CRC-32 of what was read */
export async function sendWhole(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  tracker: ProgressTracker,
  hash: SourceHash | null,
): Promise<number> {
  const { buffers, records, clock } = upload.tools;
  const { streams } = upload.line;
  const put = async (buffer: Buffer, checksum: number): Promise<void> => {
    tracker.fly(1);
    try {
      await streams.timed(plan.size, upload.signal, () =>
        makeObject(upload, record, checksum, async (terms) => {
          const how = { ...terms, gate: upload.gate() };
          const head = headOf(record);
          upload.taken = await upload.store.put(record.key, buffer, checksum, head, upload.signal, how);
        }),
      );
    } catch (error) {
      tracker.drop(1);
      throw error;
    }
  };
  const send = (work: () => Promise<number>): Promise<number> => {
    upload.events.tracker(tracker);
    upload.events.phase('transferring');
    return upload.ask(() => upload.whileOpen(work), tracker);
  };
  // Who waits to try again holds neither a stream nor memory.
  const take = (): Promise<number> =>
    streams.run(upload.signal, async () => {
      const buffer = await buffers.acquire(plan.size, upload.signal);
      let hashed: (() => Promise<void>) | undefined;
      try {
        await upload.source.read(buffer, 0);
        await upload.source.assertUnchanged();
        const checksum = crc32(buffer);
        hashed = hash?.offer(1, buffer, checksum);
        await records.saveStepTogether(record.id, 'completing');
        await put(buffer, checksum);
        return checksum;
      } finally {
        await hashed?.();
        buffers.release(buffer);
      }
    });
  const crc = (await earlier(upload, record, plan, tracker, hash)) ?? (await send(take));
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
  const checksum = await crcOf(upload, plan);
  const stored = await upload.ask(() => upload.store.head(record.key, upload.signal));
  if (stored?.crc32 !== checksum || stored.size !== plan.size || stored.metadata[MARK] !== record.id)
    return null;
  await hash?.leave(1, checksum)();
  tracker.keep(1);
  upload.events.tracker(tracker); // not before: what is known to be there is never shown as missing
  return checksum;
}

async function crcOf({ source, signal, tools: { buffers } }: FileUpload, plan: UploadPlan): Promise<number> {
  const buffer = await buffers.acquire(plan.size, signal);
  try {
    await source.read(buffer, 0);
    await source.assertUnchanged();
    return crc32(buffer);
  } finally {
    buffers.release(buffer);
  }
}
