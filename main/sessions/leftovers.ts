import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Journal, TransferRecord } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import { surveyUpload, sweepUploads, type Connections, type ListedUpload } from '#main/storage';
import { assertOrdinary, fileFits, isAtRest, type Transfers } from '#main/transfers';
import type { Leftover } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { eachOf } from './each-of.ts';
import { adopting, planFile } from './intake.ts';
import type { Sessions } from './sessions.ts';

export interface LeftoversOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly sessions: Sessions;
}

export interface LeftoverRef {
  readonly key: string;
  readonly uploadId: string;
}

const REQUESTS = 8;
const DAY_MS = 86_400_000;
const NEVER = new AbortController().signal;

/**
 * Unfinished multipart uploads in buckets: invisible, and paid for. What a live transfer owns is never shown, and never
 * touched. Deleting is journalled first, so that a start finishes what a crash cut short.
 */
export class Leftovers {
  readonly #options: LeftoversOptions;
  /** Of the quiet line, by connection. */
  readonly #counted = new Map<string, { readonly at: number; readonly count: number }>();

  constructor(options: LeftoversOptions) {
    this.#options = options;
  }

  /**
   * @param prefix what their keys start with; empty for all of the bucket
   * @returns oldest first, all of them
   */
  async list(
    connectionId: string,
    prefix: string,
    signal: AbortSignal = NEVER,
  ): Promise<readonly Leftover[]> {
    const { connections, clock } = this.#options;
    const store = await connections.store(connectionId);
    const ours = new Ownership(this.#options, connectionId);
    const found: ListedUpload[] = [];
    for await (const upload of sweepUploads(store, prefix, signal))
      if (!ours.isLive(upload)) found.push(upload);
    const now = clock.now();
    const seen = await eachOf(found, REQUESTS, async ({ key, uploadId, startedAt }) => {
      const parts = await store.listParts(key, uploadId, signal);
      if (parts === null) return null; // gone meanwhile
      const known = await describe(ours.of({ key, uploadId }));
      return {
        key,
        uploadId,
        startedAt,
        bytes: parts.reduce((sum, { size }) => sum + size, 0),
        parts: parts.length,
        known,
        mayBeInUse: known === null && now - startedAt < DAY_MS,
      };
    });
    const leftovers = seen.filter((one) => one !== null).sort((a, b) => a.startedAt - b.startedAt);
    this.#counted.set(connectionId, { at: now, count: old(leftovers, now).length });
    return leftovers;
  }

  /** How many are older than a day. Asked for at most once an hour, and without looking at their parts. */
  async countOld(connectionId: string, signal: AbortSignal = NEVER): Promise<number> {
    const { connections, clock } = this.#options;
    const now = clock.now();
    const last = this.#counted.get(connectionId);
    if (last !== undefined && now - last.at < COUNT_AGAIN_MS) return last.count;
    const connection = connections.get(connectionId);
    const store = await connections.store(connectionId);
    const ours = new Ownership(this.#options, connectionId);
    const found: ListedUpload[] = [];
    for await (const upload of sweepUploads(store, folderOf(connection.prefix), signal))
      if (!ours.isLive(upload)) found.push(upload);
    const count = old(found, now).length;
    this.#counted.set(connectionId, { at: now, count });
    return count;
  }

  /**
   * Goes on with an upload: the one this machine knows, or with a file that a person says it is of. Which of its parts
   * are of that file is proven part by part; the rest is sent again.
   * @param path null where this machine knows the file
   * @returns the transfer; @throws LEFTOVER_UNFIT, UPLOAD_STATE, OBJECT_MISSING, SOURCE_*
   */
  async resume(
    connectionId: string,
    { key, uploadId }: LeftoverRef,
    path: string | null,
    signal: AbortSignal = NEVER,
  ): Promise<TransferRecord> {
    const { connections, transfers, sessions, clock } = this.#options;
    const ours = new Ownership(this.#options, connectionId);
    const known = ours.of({ key, uploadId });
    this.#counted.delete(connectionId);
    if (known !== null && known.state.kind !== 'cancelled') {
      if (isAtRest(known.state)) transfers.resume(known.id);
      return known;
    }
    ours.assertIdle({ key, uploadId });
    if (path === null)
      throw sluiceError('LEFTOVER_UNFIT', { key, reason: 'nobody here knows of which file it is' });
    const size = await assertOrdinary(path);
    if (size === 0) throw sluiceError('SOURCE_EMPTY', { path });
    const connection = connections.get(connectionId);
    const store = await connections.store(connectionId);
    const upload = await surveyUpload(store, key, uploadId, signal);
    if (upload === null) throw sluiceError('OBJECT_MISSING', { key });
    const fit = await fileFits(path, upload, store.checksum, signal);
    if (fit.kind === 'no-fit') throw sluiceError('LEFTOVER_UNFIT', { key, reason: fit.why });
    const name = basename(path);
    const folder = key.includes('/') ? key.slice(0, key.lastIndexOf('/')) : '';
    const session = sessions.create(connection, name, folder);
    const planned = planFile({ name, relativePath: name, size }, { kind: 'path', path }, 'original', {
      session,
      connection,
      keys: 'plain',
      partSize: null,
      clock,
      existing: 'protect',
      key,
    });
    const record = adopting(planned, uploadId, fit.plan);
    transfers.add([record]);
    return record;
  }

  /** Deletes their parts: aborted until the store knows them no more. @throws UPLOAD_STATE for one that is under way */
  async remove(connectionId: string, refs: readonly LeftoverRef[]): Promise<void> {
    const { journal, transfers, clock } = this.#options;
    const ours = new Ownership(this.#options, connectionId);
    for (const ref of refs) ours.assertIdle(ref);
    this.#counted.delete(connectionId);
    journal.aborts.add(connectionId, refs, clock.now());
    for (const ref of refs) {
      const known = ours.of(ref);
      if (known !== null && known.state.kind !== 'cancelled') transfers.cancel(known.id);
    }
    await this.#finish(connectionId, refs);
  }

  /** Deletes what an earlier process was told to delete. */
  async finishRemovals(): Promise<void> {
    const { journal, log } = this.#options;
    const byConnection = Map.groupBy(journal.aborts.list(), ({ connectionId }) => connectionId);
    for (const [connectionId, refs] of byConnection) {
      await this.#finish(connectionId, refs).catch((error: unknown) =>
        log.error('unfinished uploads are not deleted yet', error),
      );
    }
  }

  async #finish(connectionId: string, refs: readonly LeftoverRef[]): Promise<void> {
    const { journal, connections, clock } = this.#options;
    const store = await connections.store(connectionId);
    await eachOf(refs, REQUESTS, async (ref) => {
      await store.abortUpload(ref.key, ref.uploadId);
      journal.aborts.done(connectionId, ref.uploadId);
      journal.activity.add({
        at: clock.now(),
        sessionId: null,
        action: 'abort',
        subject: ref.key,
        outcome: 'ok',
        detail: ref.uploadId,
      });
    });
  }
}

const COUNT_AGAIN_MS = 3_600_000;

const old = <T extends { readonly startedAt: number }>(all: readonly T[], now: number): readonly T[] =>
  all.filter(({ startedAt }) => now - startedAt >= DAY_MS);

const folderOf = (prefix: string): string => (prefix === '' ? '' : `${prefix}/`);

/** Which uploads of a bucket belong to transfers of this machine. */
class Ownership {
  readonly #byUpload = new Map<string, TransferRecord>();
  /** Keys that something is on its way to: its upload may have an id that nobody heard of yet. */
  readonly #busy = new Map<string, TransferRecord>();

  constructor({ transfers, connections }: LeftoversOptions, connectionId: string) {
    const { endpoint, bucket } = connections.get(connectionId);
    const same = new Set(
      connections
        .list()
        .filter((other) => other.endpoint === endpoint && other.bucket === bucket)
        .map(({ id }) => id),
    );
    for (const record of transfers.begun(same)) {
      if (record.uploadId !== null) this.#byUpload.set(record.uploadId, record);
      if (!isAtRest(record.state)) this.#busy.set(record.key, record);
    }
  }

  isLive({ key, uploadId }: LeftoverRef): boolean {
    const owner = this.of({ key, uploadId });
    return (owner !== null && !isAtRest(owner.state)) || this.#busy.has(key);
  }

  of({ key, uploadId }: LeftoverRef): TransferRecord | null {
    const record = this.#byUpload.get(uploadId);
    return record?.key === key ? record : null;
  }

  /** @throws UPLOAD_STATE */
  assertIdle(ref: LeftoverRef): void {
    const owner = this.of(ref) ?? this.#busy.get(ref.key);
    if (owner !== undefined && !isAtRest(owner.state))
      throw sluiceError('UPLOAD_STATE', { action: 'be deleted as a leftover', state: owner.state.kind });
  }
}

async function describe(record: TransferRecord | null): Promise<Leftover['known']> {
  if (record === null) return null;
  const { state, source } = record;
  if (state.kind !== 'paused' && state.kind !== 'failed' && state.kind !== 'cancelled') return null;
  const path = source.kind === 'page' ? null : source.path;
  return {
    transferId: record.id,
    sessionId: record.sessionId,
    state: state.kind,
    path,
    sourceThere:
      path !== null &&
      (await stat(path).then(
        (found) => found.isFile(),
        () => false,
      )),
  };
}
