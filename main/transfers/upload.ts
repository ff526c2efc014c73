import { crc32 } from 'node:zlib';
import type { TransferRecord, TransferRecords } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import { s3ErrorName, type CompletedPart, type ObjectHead, type ObjectStore } from '#main/storage';
import type { Receipt, WaitReason } from '#shared/domain';
import { sluiceError, toSluiceError, type SluiceError } from '#shared/errors';
import { combineCrc32 } from '#shared/lib';
import type { Bandwidth } from './bandwidth.ts';
import type { BufferPool } from './buffers.ts';
import { partRange, planUpload, recordedPlan, type UploadPlan } from './plan.ts';
import { ProgressTracker } from './progress.ts';
import { makeReceipt } from './receipt.ts';
import { partsToKeep } from './reconcile.ts';
import { withRetry, type Patience } from './retry.ts';
import type { Slots } from './slots.ts';
import { FileSource, sameIdentity } from './source.ts';
import { isProven, MARK, prove } from './verify.ts';

export interface UploadTools {
  readonly records: TransferRecords;
  readonly clock: Clock;
  readonly log: Log;
  readonly buffers: BufferPool;
  readonly slots: Slots;
  readonly bandwidth: Bandwidth;
  /** Parts of one file at once. */
  readonly concurrency: number;
  readonly patience: Patience;
  /** As long as the store has never answered: then its address is probably wrong, and the person is there to hear it. */
  readonly firstPatience: Patience;
}

/** What an upload tells while it runs. */
export interface UploadEvents {
  phase(phase: 'transferring' | 'verifying'): void;
  waiting(reason: WaitReason, error: SluiceError): void;
  tracker(tracker: ProgressTracker): void;
  moved(): void;
}

/** How often an upload whose id the store forgot is begun anew before it is called a failure. */
const FRESH_STARTS = 3;

/** The store no longer knows the upload, and its object is not there either. */
class UploadLost extends Error {}

/** The store knows the upload, but not its parts as they were seen: which it has must be asked anew. */
class PartsDiffer extends Error {}

const unreliable = (key: string, error: UploadLost | PartsDiffer): SluiceError =>
  sluiceError('VERIFY_FAILED', {
    key,
    reason:
      error instanceof UploadLost
        ? 'the store forgot the upload again and again'
        : 'the store does not keep the parts that it acknowledged',
  });

/**
 * Sends a file to its key and proves that it arrived; or goes on where an earlier try of the same record stopped.
 * Every effect is written to the journal before it is caused, every answer after it came.
 */
export async function upload(
  record: TransferRecord,
  store: ObjectStore,
  tools: UploadTools,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<Receipt> {
  if (record.source.kind === 'page') throw new TypeError('a page sends its own parts');
  const source = await FileSource.open(record.source.path);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await new UploadAttempt(record.id, source, store, tools, events, signal).run();
      } catch (error) {
        if (!(error instanceof UploadLost) && !(error instanceof PartsDiffer)) throw error;
        if (attempt === FRESH_STARTS) throw unreliable(record.key, error);
        if (error instanceof UploadLost) tools.records.forgetUpload(record.id);
      }
    }
  } finally {
    await source.close();
  }
}

class UploadAttempt {
  readonly #id: string;
  readonly #source: FileSource;
  readonly #store: ObjectStore;
  readonly #tools: UploadTools;
  readonly #events: UploadEvents;
  readonly #signal: AbortSignal;
  readonly #startedAt: number;
  /** Whether the store ever answered about this upload, now or in an earlier process. */
  #answered = false;

  constructor(
    id: string,
    source: FileSource,
    store: ObjectStore,
    tools: UploadTools,
    events: UploadEvents,
    signal: AbortSignal,
  ) {
    this.#id = id;
    this.#source = source;
    this.#store = store;
    this.#tools = tools;
    this.#events = events;
    this.#signal = signal;
    this.#startedAt = tools.clock.now();
  }

  async run(): Promise<Receipt> {
    const { records } = this.#tools;
    records.saveStarted(this.#id, this.#startedAt);
    if (this.#source.identity.size === 0) throw sluiceError('SOURCE_EMPTY', { path: this.#source.path });

    const before = this.#record();
    this.#answered = before.step !== 'planned' && before.step !== 'creating';
    const changed = before.identity === null || !sameIdentity(before.identity, this.#source.identity);
    const anew = before.uploadId === null || before.size !== this.#source.identity.size;
    if (anew) {
      await this.#abandon(before);
      this.#replan(before);
    }
    // Of a file that was touched, not before its bytes were compared: who comes after a crash must compare them too.
    if (anew || !changed) records.saveIdentity(this.#id, this.#source.identity);

    const record = this.#record();
    const plan = recordedPlan(record);
    const tracker = new ProgressTracker(
      plan.partCount,
      plan.size,
      (number) => partRange(plan, number).length,
    );
    return plan.kind === 'single'
      ? this.#sendWhole(record, plan, tracker)
      : this.#sendParts(record, plan, tracker, changed);
  }

  #record(): TransferRecord {
    const record = this.#tools.records.get(this.#id);
    if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return record;
  }

  /** An upload that can no longer be of use: its parts cost money. */
  async #abandon(record: TransferRecord): Promise<void> {
    const { key, uploadId } = record;
    if (uploadId !== null) {
      await this.#retry(null, () => this.#store.abortUpload(key, uploadId));
    } else if (record.step === 'creating') {
      await this.#retry(null, () => abortLostCreate(this.#store, record));
    }
    if (record.step !== 'planned') this.#tools.records.forgetUpload(record.id);
  }

  /** The plan made when the file was added stands, unless the file has another size by now. */
  #replan(record: TransferRecord): void {
    const { size } = this.#source.identity;
    if (size === record.size) return;
    const plan = planUpload(size);
    this.#tools.records.savePlan(record.id, plan.partSize, plan.partCount);
  }

  // ---- one PUT

  async #sendWhole(record: TransferRecord, plan: UploadPlan, tracker: ProgressTracker): Promise<Receipt> {
    const { slots, buffers, records } = this.#tools;
    this.#events.tracker(tracker);
    this.#events.phase('transferring');
    const crc = await slots.run(this.#signal, async () => {
      const buffer = await buffers.acquire(plan.size, this.#signal);
      try {
        await this.#source.read(buffer, 0);
        await this.#source.assertUnchanged();
        const checksum = crc32(buffer);
        await records.saveStepTogether(record.id, 'completing');
        await this.#retry(tracker, async () => {
          tracker.fly(1);
          try {
            await this.#tools.bandwidth.take(plan.size, this.#signal);
            await this.#store.put(record.key, buffer, checksum, headOf(record), this.#signal);
          } catch (error) {
            tracker.drop(1);
            throw error;
          }
        });
        return checksum;
      } finally {
        buffers.release(buffer);
      }
    });
    tracker.land(1, this.#tools.clock.now());
    this.#events.moved();
    return this.#finish(record, tracker, crc);
  }

  // ---- parts

  async #sendParts(
    record: TransferRecord,
    plan: UploadPlan,
    tracker: ProgressTracker,
    changed: boolean,
  ): Promise<Receipt> {
    const landed = new Map<number, CompletedPart>();
    const earlier = record.uploadId === null ? 'none' : await this.#earlier(record, plan, landed, changed);
    for (const number of landed.keys()) tracker.keep(number);
    this.#events.tracker(tracker); // not before: what is known to be there is never shown as missing
    if (earlier === 'complete') return this.#finish(record, tracker, wholeCrc(plan, landed));
    const uploadId = record.uploadId ?? (await this.#create(record));

    this.#events.phase('transferring');
    this.#events.moved();
    await this.#sendMissing(record, uploadId, plan, tracker, landed);
    await this.#source.assertUnchanged();
    return this.#complete(record, uploadId, plan, tracker, landed);
  }

  async #create(record: TransferRecord): Promise<string> {
    const { records } = this.#tools;
    records.saveStep(record.id, 'creating');
    let tried = false;
    const uploadId = await this.#retry(null, async () => {
      if (tried) await abortLostCreate(this.#store, record); // the answer may be all that was lost
      tried = true;
      return this.#store.createUpload(record.key, headOf(record), this.#signal);
    });
    records.saveUploadId(record.id, uploadId);
    return uploadId;
  }

  /**
   * What became of the upload that the journal knows. Fills `landed` with the parts that need not be sent again.
   * @returns `complete` where the object is there and proven
   */
  async #earlier(
    record: TransferRecord,
    plan: UploadPlan,
    landed: Map<number, CompletedPart>,
    changed: boolean,
  ): Promise<'going-on' | 'complete'> {
    const uploadId = record.uploadId ?? '';
    const seen = this.#tools.records.parts(record.id);
    const listed = await this.#retry(null, () => this.#store.listParts(record.key, uploadId, this.#signal));
    if (listed === null) {
      for (const part of seen) landed.set(part.number, { ...part, etag: part.etag ?? '' });
      if (
        landed.size === plan.partCount &&
        (!changed || (await this.#sameContent(plan, landed))) &&
        (await this.#isThere(record, wholeCrc(plan, landed)))
      ) {
        return 'complete';
      }
      throw new UploadLost();
    }
    for (const part of partsToKeep(plan, seen, listed)) landed.set(part.number, part);
    if (changed) {
      if (!(await this.#sameContent(plan, landed))) {
        await this.#retry(null, () => this.#store.abortUpload(record.key, uploadId));
        throw new UploadLost();
      }
      this.#tools.records.saveIdentity(record.id, this.#source.identity);
    }
    return 'going-on';
  }

  /** The file was touched since: only its bytes can tell whether the parts sent are still parts of it. */
  async #sameContent(plan: UploadPlan, landed: ReadonlyMap<number, CompletedPart>): Promise<boolean> {
    const { buffers } = this.#tools;
    for (const part of landed.values()) {
      const range = partRange(plan, part.number);
      const buffer = await buffers.acquire(range.length, this.#signal);
      try {
        await this.#source.read(buffer, range.offset);
        if (crc32(buffer) !== part.crc32) return false;
      } finally {
        buffers.release(buffer);
      }
    }
    return true;
  }

  async #sendMissing(
    record: TransferRecord,
    uploadId: string,
    plan: UploadPlan,
    tracker: ProgressTracker,
    landed: Map<number, CompletedPart>,
  ): Promise<void> {
    const missing = Array.from({ length: plan.partCount }, (_, index) => index + 1).filter(
      (n) => !landed.has(n),
    );
    let next = 0;
    const failed = new AbortController();
    const signal = AbortSignal.any([this.#signal, failed.signal]);
    const worker = async (): Promise<void> => {
      for (let number = missing[next++]; number !== undefined; number = missing[next++]) {
        landed.set(number, await this.#sendPart(record, uploadId, plan, number, tracker, signal));
        this.#events.moved();
      }
    };
    const workers = Array.from({ length: Math.min(this.#tools.concurrency, missing.length) }, () =>
      worker().catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    );
    const outcomes = await Promise.allSettled(workers); // nothing of ours is under way once this returns
    this.#signal.throwIfAborted();
    if (failed.signal.aborted) throw failed.signal.reason;
    const broken = outcomes.find((outcome) => outcome.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  }

  async #sendPart(
    record: TransferRecord,
    uploadId: string,
    plan: UploadPlan,
    number: number,
    tracker: ProgressTracker,
    signal: AbortSignal,
  ): Promise<CompletedPart> {
    const { slots, buffers, bandwidth, records, clock } = this.#tools;
    return slots.run(signal, async () => {
      const range = partRange(plan, number);
      const buffer = await buffers.acquire(range.length, signal);
      try {
        await this.#source.read(buffer, range.offset);
        const crc = crc32(buffer);
        const { etag } = await this.#retry(
          tracker,
          async () => {
            await bandwidth.take(range.length, signal);
            tracker.fly(number);
            this.#events.moved();
            try {
              return await this.#store.uploadPart({ key: record.key, uploadId, number }, buffer, crc, signal);
            } catch (error) {
              tracker.drop(number);
              if (s3ErrorName(error) === 'NoSuchUpload') throw new UploadLost();
              throw error;
            }
          },
          signal,
        );
        records.savePart(record.id, { number, crc32: crc, etag });
        tracker.land(number, clock.now());
        return { number, etag, crc32: crc };
      } finally {
        buffers.release(buffer);
      }
    });
  }

  async #complete(
    record: TransferRecord,
    uploadId: string,
    plan: UploadPlan,
    tracker: ProgressTracker,
    landed: ReadonlyMap<number, CompletedPart>,
  ): Promise<Receipt> {
    const { records } = this.#tools;
    const parts = [...landed.values()].sort((a, b) => a.number - b.number);
    const crc = wholeCrc(plan, landed);
    this.#events.phase('verifying');
    records.saveStep(record.id, 'completing');
    await this.#retry(tracker, async () => {
      try {
        await this.#store.completeUpload(
          { key: record.key, uploadId },
          parts,
          { size: plan.size, crc32: crc },
          this.#signal,
        );
      } catch (error) {
        const name = s3ErrorName(error);
        if (name !== 'NoSuchUpload' && name !== 'InvalidPart') throw error;
        // An answer to an earlier try may have been lost. That an object is there proves nothing; ours must be.
        if (await this.#isThere(record, crc)) return;
        throw name === 'InvalidPart' ? new PartsDiffer() : new UploadLost();
      }
    });
    return this.#finish(record, tracker, crc);
  }

  // ---- proof

  async #isThere(record: TransferRecord, crc: number): Promise<boolean> {
    const stored = await this.#retry(null, () => this.#store.head(record.key, this.#signal));
    return isProven(stored, { key: record.key, size: record.size, crc32: crc, transferId: record.id });
  }

  async #finish(record: TransferRecord, tracker: ProgressTracker, crc: number): Promise<Receipt> {
    const { clock } = this.#tools;
    this.#events.phase('verifying');
    const stored = await this.#retry(tracker, () => this.#store.head(record.key, this.#signal));
    const proven = prove(stored, { key: record.key, size: record.size, crc32: crc, transferId: record.id });
    if (stored === null) throw new TypeError('proven, yet not there');
    const parts = { kept: tracker.count('kept'), resent: tracker.count('resent') };
    tracker.verify();
    return makeReceipt({
      record: this.#record(),
      store: this.#store,
      stored,
      crc32: crc,
      parts,
      proven,
      startedAt: record.startedAt ?? this.#startedAt,
      finishedAt: clock.now(),
    });
  }

  #retry<T>(tracker: ProgressTracker | null, work: () => Promise<T>, signal = this.#signal): Promise<T> {
    let seen = tracker?.committed ?? 0;
    const answered = async (): Promise<T> => {
      const result = await work();
      this.#answered = true;
      return result;
    };
    return withRetry(answered, {
      clock: this.#tools.clock,
      signal,
      patience: () => (this.#answered ? this.#tools.patience : this.#tools.firstPatience),
      progressed: () => {
        const now = tracker?.committed ?? 0;
        const moved = now > seen;
        seen = now;
        return moved;
      },
      onWait: (error, reason) => this.#events.waiting(reason, toSluiceError(error)),
    });
  }
}

/** CRC-32 of the file, from those of its parts. */
function wholeCrc(plan: UploadPlan, parts: ReadonlyMap<number, CompletedPart>): number {
  let whole = 0;
  for (let number = 1; number <= plan.partCount; number += 1) {
    const part = parts.get(number);
    if (part === undefined) throw new TypeError(`part ${number} is missing`);
    whole = combineCrc32(whole, part.crc32, partRange(plan, number).length);
  }
  return whole;
}

/** Stores allow 2 KB of metadata in all. */
const NAME_LIMIT = 1500;

/** What the object is created with. The name travels percent-encoded, since headers are ASCII. */
export function headOf(record: TransferRecord): ObjectHead {
  const { options } = record;
  const name = encodeURIComponent(record.name.toWellFormed());
  return {
    contentType: record.contentType,
    metadata: {
      ...options.metadata,
      ...(name.length <= NAME_LIMIT ? { 'sluice-name': name } : {}),
      [MARK]: record.id,
    },
    ...(options.storageClass === null ? {} : { storageClass: options.storageClass }),
    encryption: options.encryption,
    tags: options.tags,
  };
}

/** How far the clocks of store and journal may be apart. */
const SKEW_MS = 15 * 60_000;

/**
 * The answer to a CreateMultipartUpload was lost with its id. Ours is one at this key, not older than the try, and
 * without parts: such are aborted, others are somebody else's.
 */
export async function abortLostCreate(store: ObjectStore, record: TransferRecord): Promise<void> {
  for (const { uploadId, startedAt } of await store.listUploads(record.key)) {
    if (startedAt < (record.startedAt ?? record.createdAt) - SKEW_MS) continue;
    if ((await store.listParts(record.key, uploadId))?.length === 0)
      await store.abortUpload(record.key, uploadId);
  }
}
