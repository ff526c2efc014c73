import { s3ErrorName, type CompletedPart } from '#main/storage';
import { partRange, type UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { SourceHash } from '../source-hash.ts';
import { UploadLost, type FileUpload } from './context.ts';
import { withPartBody } from './part-body.ts';

export interface Sending {
  readonly key: string;
  readonly uploadId: string;
  readonly plan: UploadPlan;
  readonly tracker: ProgressTracker;
}

/**
 * Sends the parts that are not in `landed`, and puts each there as the store acknowledges it. When it returns, or
 * throws, nothing of it is under way any more.
 * @param hash where the SHA-256 of the file is asked for
 */
export async function sendMissing(
  upload: FileUpload,
  sending: Sending,
  landed: Map<number, CompletedPart>,
  hash: SourceHash | null,
): Promise<void> {
  const missing = Array.from({ length: sending.plan.partCount }, (_, index) => index + 1).filter(
    (number) => !landed.has(number),
  );
  const failed = new AbortController();
  const signal = AbortSignal.any([upload.signal, failed.signal]);
  const { streams } = upload.line;
  const underWay = new Set<Promise<void>>();
  for (const number of missing) {
    if (signal.aborted) break;
    // Parts are begun in order and one by one, so that those of other files get their turn between.
    const admitted = Promise.withResolvers<void>();
    const sent = streams
      .run(signal, async () => {
        admitted.resolve();
        landed.set(number, await sendPart(upload, sending, number, hash, signal));
        upload.events.moved();
      })
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        admitted.resolve();
        underWay.delete(sent);
      });
    underWay.add(sent);
    await admitted.promise;
  }
  await Promise.all(underWay);
  upload.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

async function sendPart(
  upload: FileUpload,
  { key, uploadId, plan, tracker }: Sending,
  number: number,
  hash: SourceHash | null,
  signal: AbortSignal,
): Promise<CompletedPart> {
  const { records, clock } = upload.tools;
  const range = partRange(plan, number);
  return withPartBody(upload, range, signal, async ({ body, crc32: crc, held }) => {
    const hashed = held === null ? hash?.leave(number, crc) : hash?.offer(number, held, crc);
    const send = async (): Promise<{ readonly etag: string }> => {
      tracker.fly(number, 0);
      upload.events.moved();
      const onSent = (bytes: number): void => {
        tracker.fly(number, bytes, clock.now());
        upload.events.moved();
      };
      try {
        return await upload.line.streams.timed(range.length, signal, () =>
          upload.store.uploadPart({ key, uploadId, number }, body, crc, signal, {
            onSent,
            gate: upload.gate(signal),
          }),
        );
      } catch (error) {
        tracker.drop(number);
        if (s3ErrorName(error) === 'NoSuchUpload') throw new UploadLost();
        throw error;
      }
    };
    try {
      const { etag } = await upload.ask(() => upload.whileOpen(send, signal), tracker, signal);
      records.savePart(upload.id, { number, crc32: crc, etag });
      tracker.land(number, clock.now());
      return { number, etag, crc32: crc };
    } finally {
      await hashed?.();
    }
  });
}
