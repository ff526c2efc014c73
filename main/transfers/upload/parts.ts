import { s3ErrorName, type CompletedPart } from '#main/storage';
import { partRange, type UploadPlan } from '../plan.ts';
import type { ProgressTracker } from '../progress.ts';
import type { SourceHash } from '../source/index.ts';
import { UploadLost, type FileUpload } from './context.ts';
import { withPartBody, type PartBody } from './part-body.ts';
import { hashPart } from './sha256.ts';

export interface Sending {
  readonly key: string;
  readonly uploadId: string;
  readonly plan: UploadPlan;
  readonly tracker: ProgressTracker;
}

interface Turn {
  readonly hash: SourceHash | null;
  readonly signal: AbortSignal;
  /** It is under way for the first time. */
  readonly onTurn: () => void;
}

/** Parts of one file that are begun and wait to be tried again, at most. */
const MOST_BEGUN = 64;

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
  const underWay = new Set<Promise<void>>();
  for (const number of missing) {
    if (signal.aborted) break;
    // Parts are begun in order and one by one, so that those of other files get their turn between.
    const admitted = Promise.withResolvers<void>();
    const sent = sendPart(upload, sending, number, { hash, signal, onTurn: admitted.resolve })
      .then((part) => {
        landed.set(number, part);
        upload.events.moved();
      })
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        admitted.resolve();
        underWay.delete(sent);
      });
    underWay.add(sent);
    await admitted.promise;
    if (underWay.size >= MOST_BEGUN) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  upload.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

/** Who waits to try again holds neither a stream nor memory: a store that is away holds up no other. */
async function sendPart(
  upload: FileUpload,
  { key, uploadId, plan, tracker }: Sending,
  number: number,
  { hash, signal, onTurn }: Turn,
): Promise<CompletedPart> {
  const { records, clock } = upload.tools;
  const { streams } = upload.line;
  const range = partRange(plan, number);
  const onSent = (bytes: number): void => {
    tracker.fly(number, bytes, clock.now());
    upload.events.moved();
  };
  const send = async ({ body, crc32 }: PartBody): Promise<CompletedPart> => {
    tracker.fly(number, 0);
    upload.events.moved();
    try {
      const { etag } = await streams.timed(range.length, signal, () =>
        upload.store.uploadPart({ key, uploadId, number }, body, crc32, signal, {
          onSent,
          gate: upload.gate(signal),
        }),
      );
      return { number, etag, crc32 };
    } catch (error) {
      tracker.drop(number);
      if (s3ErrorName(error) === 'NoSuchUpload') throw new UploadLost();
      throw error;
    }
  };
  const take = (): Promise<CompletedPart> =>
    streams.run(signal, () => {
      onTurn();
      return withPartBody(upload, range, signal, async (part) => {
        const hashed = hashPart(hash, number, part);
        try {
          return await send(part);
        } finally {
          await hashed?.();
        }
      });
    });
  const part = await upload.ask(() => upload.whileOpen(take, signal), tracker, signal);
  records.savePart(upload.id, part);
  tracker.land(number, clock.now());
  return part;
}
