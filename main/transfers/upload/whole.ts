import { crc32 } from 'node:zlib';
import type { TransferRecord } from '#main/journal';
import type { UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { FileUpload } from './context.ts';
import { headOf } from './object-head.ts';

/** Sends a file that fits in one part in one PUT. @returns the CRC-32 of what was read */
export async function sendWhole(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  tracker: ProgressTracker,
): Promise<number> {
  const { buffers, records, bandwidth, clock } = upload.tools;
  const { streams } = upload.line;
  upload.events.phase('transferring');
  const crc = await streams.run(upload.signal, async () => {
    const buffer = await buffers.acquire(plan.size, upload.signal);
    try {
      await upload.source.read(buffer, 0);
      await upload.source.assertUnchanged();
      const checksum = crc32(buffer);
      await records.saveStepTogether(record.id, 'completing');
      const put = async (): Promise<void> => {
        tracker.fly(1);
        try {
          await bandwidth.take(plan.size, upload.signal, upload.sender);
          await streams.timed(plan.size, upload.signal, () =>
            upload.store.put(record.key, buffer, checksum, headOf(record), upload.signal),
          );
        } catch (error) {
          tracker.drop(1);
          throw error;
        }
      };
      await upload.ask(() => upload.whileOpen(put), tracker);
      return checksum;
    } finally {
      buffers.release(buffer);
    }
  });
  tracker.land(1, clock.now());
  upload.events.moved();
  return crc;
}
