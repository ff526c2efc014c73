import { lstat, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TransferRecord, TransferRecords } from '#main/journal';
import type { Clock } from '#main/ports';
import type { ObjectStore, StoredObject } from '#main/storage';
import type { Receipt } from '#shared/domain';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import { assertNever, combineCrc32, decodeCrc32 } from '#shared/lib';
import { type Asked, Asking, type Line, lonely, type Patience } from '../line/index.ts';
import type { Bandwidth, BufferPool } from '../limits/index.ts';
import { partRange } from '../plan.ts';
import { ProgressTracker } from '../progress.ts';
import { publish, publishOver, targetError } from '../publish.ts';
import { makeReceipt } from '../receipt.ts';
import { identityOf } from '../source/index.ts';
import type { UploadEvents } from '../upload/index.ts';
import { openingFor, renamed } from './existing.ts';
import { fetchRange } from './fetch.ts';
import { partName } from './names.ts';
import { PartFile } from './part-file.ts';
import { makeFolders, type Place } from './place.ts';
import { planDownload, type DownloadPlan } from './plan.ts';
import { crc32OfFile, judge, measureOf, type Measure } from './proof.ts';
import { assertRoom, type Room } from './room.ts';

export interface DownloadTools {
  readonly records: TransferRecords;
  readonly clock: Clock;
  readonly buffers: BufferPool;
  readonly bandwidth: Bandwidth;
  readonly patience: Patience;
  /** As long as the store has never answered: then its address is probably wrong, and the person is there to hear it. */
  readonly firstPatience: Patience;
  readonly room: Room;
  /** Without a byte for so long, a connection is taken for dead. */
  readonly stallMs: number;
}

/** How often an object that turned into another is begun anew before it is called a failure. */
const FRESH_STARTS = 3;

/** Ranges of one object that are under way, or wait to be tried again, at once. */
const AT_ONCE = 64;

interface From {
  readonly store: ObjectStore;
  readonly line: Line;
}

/** What the file is read through when its ranges are looked at again. */
const LOOK = 1024 * 1024;

/**
 * Brings an object to its path and proves it; or goes on where an earlier try of the same record stopped. Every effect
 * is written to the journal before it is caused. What stands at the path meanwhile is left alone to the last step.
 */
export async function download(
  record: TransferRecord,
  from: From,
  tools: DownloadTools,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<Receipt> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await new DownloadAttempt(record.id, from, tools, events, signal).run();
    } catch (error) {
      // Nothing of what was fetched is of use then: the whole is fetched once more, and nothing is spliced.
      if (!isSluiceError(error, 'OBJECT_CHANGED') && !isSluiceError(error, 'DOWNLOAD_UNPROVEN')) throw error;
      await discard(latest(tools.records, record.id));
      tools.records.forgetUpload(record.id);
      if (attempt === FRESH_STARTS) throw error;
      events.notice(error);
    } finally {
      tools.room.leave(record.id);
    }
  }
}

/** Takes the unfinished file of a download away. Nothing of it may be under way. */
export async function discard(record: TransferRecord): Promise<void> {
  await rm(partPathOf(record), { force: true });
}

function partPathOf(record: TransferRecord): string {
  return join(dirname(placeOf(record).path), partName(record.name, record.id));
}

function placeOf({ source, relativePath }: TransferRecord): Place {
  if (source.kind !== 'object') throw new TypeError('not a download');
  return { path: source.path, relativePath };
}

function latest(records: TransferRecords, id: string): TransferRecord {
  const record = records.get(id);
  if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
  return record;
}

class DownloadAttempt {
  readonly #id: string;
  readonly #store: ObjectStore;
  readonly #line: Line;
  readonly #tools: DownloadTools;
  readonly #events: UploadEvents;
  readonly #signal: AbortSignal;
  readonly #startedAt: number;
  readonly #asking: Asking;

  constructor(id: string, from: From, tools: DownloadTools, events: UploadEvents, signal: AbortSignal) {
    this.#id = id;
    this.#store = from.store;
    this.#line = from.line;
    this.#tools = tools;
    this.#events = events;
    this.#signal = signal;
    this.#startedAt = tools.clock.now();
    this.#asking = new Asking({
      patience: tools.patience,
      firstPatience: tools.firstPatience,
      answered: this.#record().step !== 'planned',
      waiting: (reason, error) => events.waiting(reason, error),
    });
  }

  async run(): Promise<Receipt> {
    const { records } = this.#tools;
    records.saveStarted(this.#id, this.#startedAt);
    const before = this.#record();
    const stored = await this.#retry(null, () => this.#store.head(before.key, this.#signal));
    if (before.step === 'completing') {
      const published = await this.#published(before, stored);
      if (published !== null) return published;
    }
    if (stored === null) throw sluiceError('OBJECT_MISSING', { key: before.key });
    if (before.step !== 'planned' && before.etag !== stored.etag) {
      throw sluiceError('OBJECT_CHANGED', { key: before.key });
    }
    await makeFolders(placeOf(before));
    const measure = await this.#measure(before, stored);
    const opening = await openingFor(
      placeOf(before),
      before.name,
      before.existing,
      measure,
      this.#signal,
    ).catch((error: unknown) => {
      throw targetError(placeOf(before).path, error);
    });
    if (opening.kind === 'identical') return this.#identical(before, stored, opening);
    if (before.step === 'planned') records.saveVersion(this.#id, stored.etag, planDownload(stored.size));
    this.#moveTo(opening.place);
    return this.#fetch(this.#record(), stored, measure);
  }

  #record(): TransferRecord {
    return latest(this.#tools.records, this.#id);
  }

  #moveTo({ path, relativePath }: Place): void {
    if (path !== placeOf(this.#record()).path) this.#tools.records.saveTarget(this.#id, path, relativePath);
  }

  #measure(record: TransferRecord, stored: StoredObject): Promise<Measure> {
    const receipt = this.#tools.records.receiptCrc32(record.sessionId, record.key, stored.etag);
    const known = receipt === null ? null : decodeCrc32(receipt);
    return this.#retry(null, () => measureOf(this.#store, record.key, stored, known, this.#signal));
  }

  #trackerOf(plan: DownloadPlan): ProgressTracker {
    const tracker = new ProgressTracker(
      plan.partCount,
      plan.size,
      (number) => partRange(plan, number).length,
    );
    this.#events.tracker(tracker);
    return tracker;
  }

  // ---- bytes

  async #fetch(record: TransferRecord, stored: StoredObject, measure: Measure): Promise<Receipt> {
    const { room, records, clock } = this.#tools;
    const tracker = this.#trackerOf(record);
    const { part, landed } = await this.#openPart(record, tracker);
    try {
      const left = (): number => record.size - tracker.committed;
      await this.#retry(tracker, () => room.enter(this.#id, part.path, left), this.#signal, lonely(clock));
      this.#events.phase('transferring');
      this.#events.moved();
      await this.#fetchMissing(record, part, tracker, landed);
      this.#events.phase('verifying');
      const crc = wholeCrc(record, landed);
      const verdict = await judge(part.path, measure, crc, this.#signal);
      if (verdict.kind === 'other') {
        throw sluiceError('DOWNLOAD_UNPROVEN', { key: record.key, reason: verdict.reason });
      }
      await part.seal();
      await part.close();
      await records.saveStepTogether(this.#id, 'completing');
      await this.#publish(record, part.path);
      return await this.#finish(stored, tracker, crc, [
        `${record.size} bytes came, as many as this version of the object has`,
        `every range was of one version (ETag ${record.etag ?? ''})`,
        verdict.proven,
      ]);
    } finally {
      await part.close();
    }
  }

  /** The unfinished file, and the CRC-32 of those of its ranges that are as they were seen to land. */
  async #openPart(
    record: TransferRecord,
    tracker: ProgressTracker,
  ): Promise<{ readonly part: PartFile; readonly landed: Map<number, number> }> {
    const { records, buffers } = this.#tools;
    const path = partPathOf(record);
    const landed = new Map<number, number>();
    if (record.size === 0) landed.set(1, 0);
    const again = await PartFile.reopen(path, record.size);
    if (again === null) {
      if (records.parts(this.#id).length > 0) records.forgetParts(this.#id);
      await rm(path, { force: true });
      return { part: await PartFile.create(path, record.size), landed };
    }
    const buffer = await buffers.acquire(LOOK, this.#signal);
    try {
      for (const seen of records.parts(this.#id)) {
        const isOurs = seen.number <= record.partCount;
        const range = partRange(record, seen.number);
        if (isOurs && (await again.crc32(range, buffer, this.#signal)) === seen.crc32) {
          landed.set(seen.number, seen.crc32);
          tracker.keep(seen.number);
        } else {
          records.removePart(this.#id, seen.number); // it never reached the disk, or somebody wrote there
        }
      }
      return { part: again, landed };
    } catch (error) {
      await again.close();
      throw error;
    } finally {
      buffers.release(buffer);
    }
  }

  async #fetchMissing(
    record: TransferRecord,
    part: PartFile,
    tracker: ProgressTracker,
    landed: Map<number, number>,
  ): Promise<void> {
    const missing = Array.from({ length: record.partCount }, (_, index) => index + 1).filter(
      (number) => !landed.has(number),
    );
    const failed = new AbortController();
    const signal = AbortSignal.any([this.#signal, failed.signal]);
    const underWay = new Set<Promise<void>>();
    for (const number of missing) {
      if (signal.aborted) break;
      // Ranges are begun in order and one by one, so that those of other files get their turn between.
      const admitted = Promise.withResolvers<void>();
      const fetched = this.#fetchOne(record, number, part, tracker, admitted.resolve, signal)
        .then((crc) => {
          landed.set(number, crc);
          this.#events.moved();
        })
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          admitted.resolve();
          underWay.delete(fetched);
        });
      underWay.add(fetched);
      await admitted.promise;
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay); // nothing of ours is under way once this returns
    this.#signal.throwIfAborted();
    if (failed.signal.aborted) throw failed.signal.reason;
  }

  /**
   * While it waits to be tried again it holds no stream, so that others go on.
   * @param admitted called when it is its turn
   */
  async #fetchOne(
    record: TransferRecord,
    number: number,
    part: PartFile,
    tracker: ProgressTracker,
    admitted: () => void,
    signal: AbortSignal,
  ): Promise<number> {
    const { bandwidth, records, clock, stallMs } = this.#tools;
    const { streams } = this.#line;
    const range = partRange(record, number);
    const source = { store: this.#store, key: record.key, etag: record.etag ?? '' };
    const sender = { connectionId: record.connectionId, transferId: record.id };
    const take = (bytes: number): Promise<void> => bandwidth.take(bytes, signal, sender);
    const still = (error: SluiceError): void => this.#events.waiting('limit', error);
    let wasFull = false;
    const crc = await this.#retry(
      tracker,
      async () => {
        if (wasFull) await assertRoom([{ path: part.path, bytes: range.length }], []);
        const fetch = async (): Promise<number> => {
          admitted();
          tracker.fly(number);
          this.#events.moved();
          try {
            return await streams.timed(range.length, signal, () =>
              fetchRange(source, range, part, { take, stallMs }, signal),
            );
          } catch (error) {
            tracker.drop(number);
            wasFull = isSluiceError(error, 'DISK_FULL');
            throw error;
          }
        };
        return bandwidth.whileOpen(() => streams.run(signal, fetch), signal, still);
      },
      signal,
    );
    records.savePart(this.#id, { number, crc32: crc, etag: null });
    tracker.land(number, clock.now());
    return crc;
  }

  // ---- its place

  async #publish(record: TransferRecord, partPath: string): Promise<void> {
    const place = placeOf(record);
    switch (record.existing) {
      case 'replace':
        return publishOver(partPath, place.path);
      case 'protect':
      case 'skip':
        return publish(partPath, place.path);
      case 'rename':
        return this.#publishBeside(place, record.name, partPath);
      default:
        return assertNever(record.existing);
    }
  }

  /** Somebody may have taken the name meanwhile. */
  async #publishBeside(place: Place, name: string, partPath: string): Promise<void> {
    let wanted = place;
    for (let attempt = 2; ; attempt += 1) {
      try {
        this.#moveTo(wanted);
        return await publish(partPath, wanted.path);
      } catch (error) {
        if (!isSluiceError(error, 'TARGET_EXISTS')) throw error;
        wanted = renamed(place, name, attempt);
      }
    }
  }

  /**
   * The process ended around its last step. @returns the receipt where the file is in its place, whole; else null, and
   * it is begun again from what there is
   */
  async #published(record: TransferRecord, stored: StoredObject | null): Promise<Receipt | null> {
    const { records } = this.#tools;
    const place = placeOf(record);
    const partPath = partPathOf(record);
    const at = await lstat(place.path).catch(() => null);
    const part = await lstat(partPath).catch(() => null);
    if (at?.isFile() !== true || at.size !== record.size) return null;
    if (part !== null && (part.ino !== at.ino || part.dev !== at.dev)) return null;
    const seen = new Map(records.parts(this.#id).map(({ number, crc32 }) => [number, crc32]));
    if (record.size === 0) seen.set(1, 0);
    if (seen.size !== record.partCount) return null;
    const crc = wholeCrc(record, seen);
    if ((await crc32OfFile(place.path, this.#signal)) !== crc) return null;
    if (part !== null) await unlink(partPath); // the other name of the same file
    const tracker = this.#trackerOf(record);
    for (const number of seen.keys()) tracker.keep(number);
    this.#events.phase('verifying');
    return this.#finish(isVersion(stored, record) ? stored : versionOf(record), tracker, crc, [
      `the file is whole: ${record.size} bytes with the CRC-32 that was proven before it was put in its place`,
      `every range was of one version (ETag ${record.etag ?? ''})`,
    ]);
  }

  async #identical(
    record: TransferRecord,
    stored: StoredObject,
    found: { readonly crc32: number; readonly proven: string },
  ): Promise<Receipt> {
    const plan = planDownload(stored.size);
    this.#tools.records.saveVersion(this.#id, stored.etag, plan);
    const tracker = this.#trackerOf(plan);
    for (let number = 1; number <= plan.partCount; number += 1) tracker.keep(number);
    this.#events.phase('verifying');
    await discard(record);
    return this.#finish(stored, tracker, found.crc32, [
      `the file that was there has the ${stored.size} bytes of the object; nothing was fetched`,
      found.proven,
    ]);
  }

  async #finish(
    stored: StoredObject,
    tracker: ProgressTracker,
    crc: number,
    proven: readonly string[],
  ): Promise<Receipt> {
    const { records, clock } = this.#tools;
    const { path } = placeOf(this.#record());
    const found = await stat(path, { bigint: true }).catch((error: unknown) => {
      throw targetError(path, error);
    });
    records.saveIdentity(this.#id, identityOf(found));
    const parts = { kept: tracker.count('kept'), resent: tracker.count('resent') };
    tracker.verify();
    this.#events.tracker(tracker);
    const record = this.#record();
    return makeReceipt({
      record,
      store: this.#store,
      stored,
      crc32: crc,
      parts,
      proven,
      startedAt: record.startedAt ?? this.#startedAt,
      finishedAt: clock.now(),
    });
  }

  /** @param line whose answers are waited for */
  #retry<T>(
    tracker: ProgressTracker | null,
    work: () => Promise<T>,
    signal = this.#signal,
    line: Asked['line'] = this.#line,
  ): Promise<T> {
    return this.#asking.ask(work, { line, signal, tracker });
  }
}

function wholeCrc(plan: DownloadPlan, landed: ReadonlyMap<number, number>): number {
  let whole = 0;
  for (let number = 1; number <= plan.partCount; number += 1) {
    const crc = landed.get(number);
    if (crc === undefined) throw new TypeError(`range ${number} is missing`);
    whole = combineCrc32(whole, crc, partRange(plan, number).length);
  }
  return whole;
}

const isVersion = (stored: StoredObject | null, { etag }: TransferRecord): stored is StoredObject =>
  stored !== null && stored.etag === etag;

/** What is known of a version that the store no longer has. */
function versionOf({ size, etag }: TransferRecord): StoredObject {
  return {
    size,
    etag: etag ?? '',
    versionId: null,
    crc32: null,
    composite: null,
    etagIsMd5: false,
    metadata: {},
  };
}
