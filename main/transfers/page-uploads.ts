import type { Journal, TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import type { CompletedPart, ObjectStore, SignedRequest } from '#main/storage';
import type { PartStrip, Receipt, TransferState } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { combineCrc32, decodeCrc32 } from '#shared/lib';
import type { Live } from './live.ts';
import { partRange, type UploadPlan } from './plan.ts';
import { ProgressTracker } from './progress.ts';
import { makeReceipt } from './receipt.ts';
import { partsToKeep } from './reconcile.ts';
import { headOf } from './upload.ts';
import { isProven, prove } from './verify.ts';

/** A page that said nothing for so long has been closed, or its computer sleeps. */
const SILENCE_MS = 15_000;

/** How long a signed part may wait for its turn on a slow line. */
const SIGNED_SECONDS = 3600;

export interface PageUploadsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly storeOf: (connectionId: string) => Promise<ObjectStore>;
  readonly live: (id: string) => Live;
  readonly setState: (live: Live, state: TransferState) => void;
  readonly finish: (live: Live, receipt: Receipt) => void;
  readonly changed: (id: string) => void;
}

export interface PageReport {
  readonly flying: readonly number[];
  readonly sent: readonly { readonly number: number; readonly etag: string | null; readonly crc32: string }[];
}

/**
 * Uploads whose bytes only a page can read. The engine creates, signs, completes and proves; the page sends the parts
 * straight to the store and reports. Always in parts, however small, so that there is one way and it can be resumed.
 */
export class PageUploads {
  readonly #options: PageUploadsOptions;
  readonly #heard = new Map<string, number>();
  #watch: NodeJS.Timeout | null = null;

  constructor(options: PageUploadsOptions) {
    this.#options = options;
  }

  /** Makes ready to take parts, or finds out which are there. @returns the strip of parts */
  async open(id: string): Promise<PartStrip> {
    const live = this.#options.live(id);
    const { record } = live;
    const store = await this.#options.storeOf(record.connectionId);
    const plan = planOf(record);
    const tracker = new ProgressTracker(
      plan.partCount,
      plan.size,
      (number) => partRange(plan, number).length,
    );
    const kept = record.uploadId === null ? null : await this.#kept(store, record, plan);
    if (kept === null) await this.#create(live, store);
    for (const part of kept ?? []) tracker.keep(part.number);
    live.tracker = tracker;
    if (live.record.state.kind === 'queued') this.#options.setState(live, { kind: 'preparing' });
    this.#options.setState(live, { kind: 'transferring' });
    this.#hear(id);
    return tracker.strip();
  }

  async #kept(
    store: ObjectStore,
    record: TransferRecord,
    plan: UploadPlan,
  ): Promise<readonly CompletedPart[] | null> {
    const listed = await store.listParts(record.key, record.uploadId ?? '');
    return listed === null
      ? null
      : partsToKeep(plan, this.#options.journal.transfers.parts(record.id), listed);
  }

  async #create(live: Live, store: ObjectStore): Promise<void> {
    const { transfers } = this.#options.journal;
    const { id, key } = live.record;
    transfers.forgetUpload(id);
    transfers.saveStarted(id, this.#options.clock.now());
    transfers.saveStep(id, 'creating');
    const uploadId = await store.createUpload(key, headOf(live.record));
    transfers.saveUploadId(id, uploadId);
    live.record = { ...live.record, uploadId, step: 'uploading', startedAt: this.#options.clock.now() };
  }

  async sign(
    id: string,
    parts: readonly { readonly number: number; readonly crc32: string }[],
  ): Promise<readonly (SignedRequest & { readonly number: number })[]> {
    const { record, tracker } = this.#inFlight(id, 'take parts');
    const { uploadId, key, partCount } = record;
    if (uploadId === null)
      throw sluiceError('UPLOAD_STATE', { action: 'take parts', state: record.state.kind });
    const store = await this.#options.storeOf(record.connectionId);
    this.#hear(id);
    return Promise.all(
      parts.map(async ({ number, crc32 }) => {
        if (number > partCount) throw sluiceError('INPUT_INVALID', { what: `there is no part ${number}` });
        tracker.fly(number);
        return { number, ...(await store.signPart({ key, uploadId, number }, crc32, SIGNED_SECONDS)) };
      }),
    );
  }

  /** @returns what the page is to do next */
  report(id: string, { flying, sent }: PageReport): 'go-on' | 'paused' | 'stopped' {
    const live = this.#options.live(id);
    const { state } = live.record;
    if (
      live.tracker === null ||
      (state.kind !== 'transferring' && state.kind !== 'paused' && state.kind !== 'waiting')
    ) {
      return 'stopped';
    }
    this.#hear(id);
    const now = this.#options.clock.now();
    for (const { number, etag, crc32 } of sent) {
      const crc = decodeCrc32(crc32);
      if (crc === null || number > live.record.partCount) {
        throw sluiceError('INPUT_INVALID', { what: `part ${number} has no CRC-32` });
      }
      this.#options.journal.transfers.savePart(id, { number, crc32: crc, etag });
      live.tracker.land(number, now);
    }
    for (let number = 1; number <= live.record.partCount; number += 1) {
      if (live.tracker.stateOf(number) === 'flying' && !flying.includes(number)) live.tracker.drop(number);
    }
    for (const number of flying) live.tracker.fly(number);
    if (state.kind === 'paused') return 'paused';
    if (state.kind === 'waiting') this.#options.setState(live, { kind: 'transferring' });
    else this.#options.changed(id);
    return 'go-on';
  }

  /** Puts the parts together and proves the object. */
  async complete(id: string): Promise<void> {
    const live = this.#inFlight(id, 'be completed');
    const { record } = live;
    const { uploadId, key } = record;
    const plan = planOf(record);
    const store = await this.#options.storeOf(record.connectionId);
    const seen = this.#options.journal.transfers.parts(id);
    const crc = wholeCrc(plan, seen);
    this.#heard.delete(id);
    this.#options.setState(live, { kind: 'verifying' });
    const expected = { key, size: plan.size, crc32: crc, transferId: id };

    const listed = await store.listParts(key, uploadId ?? '');
    if (listed === null) {
      if (!isProven(await store.head(key), expected)) {
        this.#options.journal.transfers.forgetUpload(id);
        throw sluiceError('VERIFY_FAILED', { key, reason: 'the store forgot the upload' });
      }
    } else {
      const parts = partsToKeep(plan, seen, listed);
      if (parts.length !== plan.partCount) {
        throw sluiceError('VERIFY_FAILED', {
          key,
          reason: `${plan.partCount - parts.length} of ${plan.partCount} parts did not arrive`,
        });
      }
      this.#options.journal.transfers.saveStep(id, 'completing');
      await store.completeUpload({ key, uploadId: uploadId ?? '' }, parts, { size: plan.size, crc32: crc });
    }
    const stored = await store.head(key);
    const proven = prove(stored, expected);
    if (stored === null) throw new TypeError('proven, yet not there');
    const { clock } = this.#options;
    const counts = { kept: live.tracker.count('kept'), resent: live.tracker.count('resent') };
    this.#options.finish(
      live,
      makeReceipt({
        record,
        store,
        stored,
        crc32: crc,
        parts: counts,
        proven,
        startedAt: record.startedAt ?? record.createdAt,
        finishedAt: clock.now(),
      }),
    );
  }

  /** Lets the page go on at its next report; one that is gone is waited for. */
  resume(live: Live): void {
    if (this.#isHeard(live.record.id) && live.tracker !== null) {
      this.#options.setState(live, { kind: 'queued' });
      this.#options.setState(live, { kind: 'transferring' });
      return;
    }
    if (live.record.state.kind !== 'waiting') this.#options.setState(live, { kind: 'queued' });
    if (live.record.state.kind === 'queued') this.#options.setState(live, { kind: 'preparing' });
    this.#waitForPage(live);
  }

  /** The unfinished upload that this file, chosen again, would go on with. */
  find(
    records: readonly TransferRecord[],
    file: {
      readonly connectionId: string;
      readonly sessionId: string | null;
      readonly relativePath: string;
      readonly size: number;
      readonly lastModified: number;
    },
  ): TransferRecord | null {
    return (
      records.findLast(
        (record) =>
          record.source.kind === 'page' &&
          record.source.lastModified === file.lastModified &&
          record.connectionId === file.connectionId &&
          (file.sessionId === null || record.sessionId === file.sessionId) &&
          record.relativePath === file.relativePath &&
          record.size === file.size &&
          record.state.kind !== 'done' &&
          record.state.kind !== 'cancelled' &&
          !this.#isHeard(record.id), // another page is sending it
      ) ?? null
    );
  }

  #inFlight(id: string, action: string): Live & { readonly tracker: ProgressTracker } {
    const live = this.#options.live(id);
    if (live.tracker === null || live.record.state.kind !== 'transferring') {
      throw sluiceError('UPLOAD_STATE', { action, state: live.record.state.kind });
    }
    return live as Live & { readonly tracker: ProgressTracker };
  }

  #isHeard(id: string): boolean {
    return this.#options.clock.now() - (this.#heard.get(id) ?? 0) < SILENCE_MS;
  }

  #hear(id: string): void {
    this.#heard.set(id, this.#options.clock.now());
    this.#watch ??= setInterval(() => this.#look(), SILENCE_MS / 3).unref();
  }

  #look(): void {
    for (const id of this.#heard.keys()) {
      if (this.#isHeard(id)) continue;
      this.#heard.delete(id);
      const live = this.#options.live(id);
      if (live.record.state.kind === 'transferring') this.#waitForPage(live);
    }
    if (this.#heard.size === 0 && this.#watch !== null) {
      clearInterval(this.#watch);
      this.#watch = null;
    }
  }

  #waitForPage(live: Live): void {
    const error = sluiceError('SOURCE_GONE', { name: live.record.name });
    this.#options.setState(live, { kind: 'waiting', reason: 'page', error: error.report() });
  }
}

const planOf = (record: TransferRecord): UploadPlan => ({
  kind: 'multipart',
  size: record.size,
  partSize: record.partSize,
  partCount: record.partCount,
});

function wholeCrc(
  plan: UploadPlan,
  parts: readonly { readonly number: number; readonly crc32: number }[],
): number {
  return [...parts]
    .sort((a, b) => a.number - b.number)
    .reduce((whole, part) => combineCrc32(whole, part.crc32, partRange(plan, part.number).length), 0);
}
