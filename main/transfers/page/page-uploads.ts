import type { TransferRecord } from '#main/journal';
import type { CompletedPart, ObjectStore, SignedRequest } from '#main/storage';
import type { PartStrip, Receipt, TransferState } from '#shared/domain';
import { sluiceError, type SluiceError } from '#shared/errors';
import { decodeCrc32 } from '#shared/lib';
import type { Line } from '../line/index.ts';
import type { Live } from '../live.ts';
import { partRange, type UploadPlan } from '../plan.ts';
import { ProgressTracker } from '../progress.ts';
import { partsToKeep } from '../reconcile.ts';
import { mayFollow } from '../state.ts';
import {
  complete,
  createUpload,
  isThere,
  proveIt,
  UploadContext,
  UploadLost,
  type UploadTools,
} from '../upload/index.ts';
import { wholeCrc } from '../whole-crc.ts';
import { Presence } from './presence.ts';

/** How long a signed part may wait for its turn on a slow line. */
const SIGNED_SECONDS = 3600;

const NEVER = new AbortController().signal;

const PATIENCE = { attempts: 6 };

/** Who keeps where every transfer stands. */
export interface Keeper {
  /** @throws NOT_FOUND */
  get(id: string): Live;
  setState(live: Live, state: TransferState): void;
  finish(live: Live, receipt: Receipt): void;
  fail(live: Live, error: unknown): void;
  changed(id: string): void;
  notice(live: Live, notice: SluiceError): void;
}

export interface PageUploadsOptions {
  readonly tools: UploadTools;
  readonly storeOf: (connectionId: string) => Promise<ObjectStore>;
  readonly lineOf: (connectionId: string) => Line;
  readonly book: Keeper;
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
  readonly #presence: Presence;

  constructor(options: PageUploadsOptions) {
    this.#options = options;
    this.#presence = new Presence(options.tools.clock, (id) => this.#lost(id));
  }

  /**
   * Makes ready to take parts, or finds out which are there.
   * @param gone aborts when the page that sends them goes away
   * @returns the strip of parts
   */
  async open(id: string, gone: AbortSignal): Promise<PartStrip> {
    const live = this.#options.book.get(id);
    const { kind } = live.record.state;
    if (kind === 'cancelled') throw sluiceError('UPLOAD_STATE', { action: 'go on', state: kind });
    return this.#orFailed(id, () => this.#open(live, gone));
  }

  async #open(live: Live, gone: AbortSignal): Promise<PartStrip> {
    const { record } = live;
    const { id } = record;
    // Its last answer was lost on the way to the page.
    if (record.state.kind === 'done') return [{ state: 'verified', count: record.partCount }];
    const store = await this.#options.storeOf(record.connectionId);
    const plan = planOf(record);
    const tracker = new ProgressTracker(
      plan.partCount,
      plan.size,
      (number) => partRange(plan, number).length,
    );
    const upload = this.#context(live, store);
    const kept = record.uploadId === null ? null : await this.#kept(upload, record, plan);
    if (kept === null) await this.#create(live, upload);
    for (const part of kept ?? []) tracker.keep(part.number);
    live.tracker = tracker;
    const { kind } = live.record.state;
    if (kind === 'paused' || kind === 'failed') this.#options.book.setState(live, { kind: 'queued' });
    if (live.record.state.kind === 'queued') this.#options.book.setState(live, { kind: 'preparing' });
    this.#options.book.setState(live, { kind: 'transferring' });
    this.#presence.hear(id, gone);
    return tracker.strip();
  }

  /** @returns null where the store does not know the upload (any more) */
  async #kept(
    upload: UploadContext,
    { id, key, uploadId }: TransferRecord,
    plan: UploadPlan,
  ): Promise<readonly CompletedPart[] | null> {
    const listed = await upload.ask(() => upload.store.listParts(key, uploadId ?? '', upload.signal));
    return listed === null ? null : partsToKeep(plan, this.#options.tools.records.parts(id), listed);
  }

  async #create(live: Live, upload: UploadContext): Promise<void> {
    const { records } = this.#options.tools;
    records.forgetUpload(upload.id);
    records.saveStarted(upload.id, upload.startedAt);
    await createUpload(upload, upload.record());
    const { uploadId, step, startedAt } = upload.record();
    live.record = { ...live.record, uploadId, step, startedAt };
  }

  /** How the store is asked about an upload whose bytes are elsewhere. The page waits for the answer, so not for ever. */
  #context(live: Live, store: ObjectStore): UploadContext {
    const { tools, lineOf, book } = this.#options;
    return new UploadContext({
      id: live.record.id,
      store,
      line: lineOf(live.record.connectionId),
      tools: { ...tools, patience: PATIENCE },
      signal: NEVER,
      events: {
        phase: () => undefined,
        waiting: () => undefined,
        tracker: () => undefined,
        moved: () => undefined,
        sent: () => undefined,
        notice: (what) => book.notice(live, what),
      },
    });
  }

  /** They are on their way once the page says so: a report that was made before would take them for fallen. */
  async sign(
    id: string,
    parts: readonly { readonly number: number; readonly crc32: string }[],
    gone: AbortSignal,
  ): Promise<readonly (SignedRequest & { readonly number: number })[]> {
    const waiting = this.#options.book.get(id);
    // The page was lost from sight, and has come back.
    if (isForPage(waiting.record.state)) this.#options.book.setState(waiting, { kind: 'transferring' });
    const { connectionId, uploadId, key, partCount } = this.#inFlight(id, 'take parts').record;
    if (uploadId === null)
      throw sluiceError('UPLOAD_STATE', { action: 'take parts', state: waiting.record.state.kind });
    const store = await this.#options.storeOf(connectionId);
    this.#presence.hear(id, gone);
    await this.#pace(waiting, parts, gone);
    this.#inFlight(id, 'take parts'); // it may have been paused while it waited for the limit
    return Promise.all(
      parts.map(async ({ number, crc32 }) => {
        if (number > partCount) throw sluiceError('INPUT_INVALID', { what: `there is no part ${number}` });
        return { number, ...(await store.signPart({ key, uploadId, number }, crc32, SIGNED_SECONDS)) };
      }),
    );
  }

  /** Holds the page back as long as the limit says: it sends what it was given addresses for at once. */
  async #pace(live: Live, parts: readonly { readonly number: number }[], gone: AbortSignal): Promise<void> {
    const { book, tools } = this.#options;
    const { bandwidth } = tools;
    const { id, connectionId } = live.record;
    const sender = { connectionId, transferId: id };
    if (!bandwidth.limits(sender)) return;
    const plan = planOf(live.record);
    const bytes = parts.reduce((sum, { number }) => sum + Math.max(0, partRange(plan, number).length), 0);
    await bandwidth.whileOpen(
      () => bandwidth.take(bytes, gone, sender),
      gone,
      (error) => {
        if (mayFollow(live.record.state.kind, 'waiting'))
          book.setState(live, { kind: 'waiting', reason: 'limit', error: error.report() });
      },
    );
    if (isForLimit(live.record.state)) book.setState(live, { kind: 'transferring' });
  }

  /** @returns what the page is to do next */
  report(id: string, { flying, sent }: PageReport, gone: AbortSignal): 'go-on' | 'paused' | 'stopped' {
    const live = this.#options.book.get(id);
    const { state } = live.record;
    if (
      live.tracker === null ||
      (state.kind !== 'transferring' && state.kind !== 'paused' && state.kind !== 'waiting')
    ) {
      return 'stopped';
    }
    this.#presence.hear(id, gone);
    const now = this.#options.tools.clock.now();
    for (const { number, etag, crc32 } of sent) {
      const crc = decodeCrc32(crc32);
      if (crc === null || number > live.record.partCount) {
        throw sluiceError('INPUT_INVALID', { what: `part ${number} has no CRC-32` });
      }
      this.#options.tools.records.savePart(id, { number, crc32: crc, etag });
      live.tracker.land(number, now);
    }
    // A page that hears that it is paused lets go of what is in the air.
    const paused = state.kind === 'paused';
    ground(live, paused ? [] : flying);
    if (paused) {
      this.#options.book.changed(id);
      return 'paused';
    }
    for (const number of flying) live.tracker.fly(number);
    if (isForPage(state)) this.#options.book.setState(live, { kind: 'transferring' });
    else this.#options.book.changed(id);
    return 'go-on';
  }

  /** What the page is told is also what the transfer shows: it would wait for nothing otherwise. */
  async #orFailed<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const live = this.#options.book.get(id);
      if (mayFollow(live.record.state.kind, 'failed')) {
        this.#presence.forget(id);
        this.#options.book.fail(live, error);
      }
      throw error;
    }
  }

  /** Puts the parts together and proves the object. */
  async complete(id: string): Promise<void> {
    if (this.#options.book.get(id).record.state.kind === 'done') return;
    const live = this.#inFlight(id, 'be completed');
    this.#presence.forget(id);
    this.#options.book.setState(live, { kind: 'verifying' });
    await this.#orFailed(id, async () => this.#options.book.finish(live, await this.#assemble(live)));
  }

  async #assemble(live: Live & { readonly tracker: ProgressTracker }): Promise<Receipt> {
    const { record, tracker } = live;
    const { id, key } = record;
    const { records } = this.#options.tools;
    const uploadId = record.uploadId ?? '';
    const plan = planOf(record);
    const upload = this.#context(live, await this.#options.storeOf(record.connectionId));
    const seen = new Map(records.parts(id).map((part) => [part.number, part]));
    const lack = (count: number): Error =>
      sluiceError('VERIFY_FAILED', { key, reason: `${count} of ${plan.partCount} parts did not arrive` });
    if (seen.size !== plan.partCount) throw lack(plan.partCount - seen.size);
    const crc = wholeCrc(plan, seen);

    const forgotten = (): Error => {
      records.forgetUpload(id);
      return sluiceError('VERIFY_FAILED', { key, reason: 'the store forgot the upload' });
    };

    const kept = await this.#kept(upload, record, plan);
    if (kept === null) {
      // The answer to an earlier try may have been lost. That an object is there proves nothing; ours must be.
      if (await isThere(upload, record, crc)) return proveIt(upload, tracker, crc);
      throw forgotten();
    }
    if (kept.length !== plan.partCount) throw lack(plan.partCount - kept.length);
    const parts = new Map(kept.map((part) => [part.number, part]));
    const outcome = await complete(upload, { key, uploadId, plan, tracker }, parts, crc).catch(
      (error: unknown) => {
        throw error instanceof UploadLost ? forgotten() : error;
      },
    );
    if (outcome === 'repair') {
      throw sluiceError('VERIFY_FAILED', { key, reason: 'the store loses parts it acknowledged' });
    }
    return proveIt(upload, tracker, crc);
  }

  /** Lets the page go on at its next report; one that is gone is waited for. */
  resume(live: Live): void {
    if (this.#presence.isHeard(live.record.id) && live.tracker !== null) {
      this.#options.book.setState(live, { kind: 'queued' });
      this.#options.book.setState(live, { kind: 'transferring' });
      return;
    }
    if (live.record.state.kind !== 'waiting') this.#options.book.setState(live, { kind: 'queued' });
    if (live.record.state.kind === 'queued') this.#options.book.setState(live, { kind: 'preparing' });
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
      readonly transferId: string | null;
      /** Where it is to go; null wherever it was begun. */
      readonly key: string | null;
    },
  ): TransferRecord | null {
    const isOf = ({ source, size }: TransferRecord): boolean =>
      source.kind === 'page' && source.lastModified === file.lastModified && size === file.size;
    const named = records.find(({ id }) => id === file.transferId);
    if (named !== undefined && isOf(named)) return named;
    return (
      records.findLast(
        (record) =>
          isOf(record) &&
          record.connectionId === file.connectionId &&
          (file.sessionId === null || record.sessionId === file.sessionId) &&
          record.relativePath === file.relativePath &&
          (file.key === null || record.key === file.key) &&
          record.state.kind !== 'done' &&
          record.state.kind !== 'cancelled' &&
          !this.#presence.isHeard(record.id), // another page is sending it
      ) ?? null
    );
  }

  #inFlight(id: string, action: string): Live & { readonly tracker: ProgressTracker } {
    const live = this.#options.book.get(id);
    const { state } = live.record;
    if (live.tracker === null || (state.kind !== 'transferring' && !isForLimit(state))) {
      throw sluiceError('UPLOAD_STATE', { action, state: live.record.state.kind });
    }
    return live as Live & { readonly tracker: ProgressTracker };
  }

  #lost(id: string): void {
    const live = this.#options.book.get(id);
    if (live.record.state.kind === 'transferring') this.#waitForPage(live);
  }

  #waitForPage(live: Live): void {
    ground(live, []);
    const error = sluiceError('SOURCE_GONE', { name: live.record.name });
    this.#options.book.setState(live, { kind: 'waiting', reason: 'page', error: error.report() });
  }
}

/** What is not in the air any more waits for another try. */
function ground({ record, tracker }: Live, flying: readonly number[]): void {
  for (let number = 1; number <= record.partCount; number += 1) {
    if (tracker?.stateOf(number) === 'flying' && !flying.includes(number)) tracker.drop(number);
  }
}

const isForPage = (state: TransferState): boolean => state.kind === 'waiting' && state.reason === 'page';

const isForLimit = (state: TransferState): boolean => state.kind === 'waiting' && state.reason === 'limit';

const planOf = (record: TransferRecord): UploadPlan => ({
  kind: 'multipart',
  size: record.size,
  partSize: record.partSize,
  partCount: record.partCount,
});
