import { crc32 } from 'node:zlib';
import type { TransferRecord } from '#main/journal';
import type { UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { SourceHash } from '../source-hash.ts';
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
  upload.events.tracker(tracker);
  upload.events.phase('transferring');
  const crc = await streams.run(upload.signal, async () => {
    const buffer = await buffers.acquire(plan.size, upload.signal);
    let hashed: (() => Promise<void>) | undefined;
    try {
      await upload.source.read(buffer, 0);
      await upload.source.assertUnchanged();
      const checksum = crc32(buffer);
      hashed = hash?.offer(1, buffer, checksum);
      await records.saveStepTogether(record.id, 'completing');
      const put = async (): Promise<void> => {
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
      await upload.ask(() => upload.whileOpen(put), tracker);
      return checksum;
    } finally {
      await hashed?.();
      buffers.release(buffer);
    }
  });
  if (hash === null) await upload.source.close(); // whoever waits to be proven holds no file and no bytes
  tracker.land(1, clock.now());
  upload.events.moved();
  return crc;
}
