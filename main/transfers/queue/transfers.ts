import { HashPool } from '#main/hashing';
import type { Journal, OnExisting, TransferRecord } from '#main/journal';
import type { Clock, Log, Network, Power } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import {
  DEFAULT_TRANSFER_SETTINGS,
  type FileQuery,
  type Receipt,
  type Transfer,
  type TransferSettings,
  type TransferState,
} from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError, type SluiceError } from '#shared/errors';
import { Alarm } from './alarm.ts';
import { Bandwidth, BufferPool } from '../limits/index.ts';
import { Breath } from '../folders/index.ts';
import { discard, download, Room, type DownloadTools, type Need } from '../download/index.ts';
import { Lanes } from './lanes.ts';
import { Line, type Patience, Slots } from '../line/index.ts';
import { committedOf, resting, view, type Live } from './live.ts';
import { SmallFiles, Spool } from '../source/index.ts';
import { PageUploads } from '../page/index.ts';
import { Roster } from './roster.ts';
import type { SessionFiles } from './session-files.ts';
import { assertMayFollow, isActive, isAtRest, mayFollow } from '../state.ts';
import { abortLostCreate, removeOwn, upload, type UploadEvents, type UploadTools } from '../upload/index.ts';

export interface TransfersOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly power: Power;
  readonly network: Network;
  readonly storeOf: (connectionId: string) => Promise<ObjectStore>;
  /** Most streams to one store at once, where its connection says; left out, as many as are found good. */
  readonly maxStreamsOf?: (connectionId: string) => number | null;
  readonly settings?: TransferSettings;
  /** Where files are compressed before they are sent. */
  readonly spoolFolder: string;
  /** Most streams at once, for a caller that overrules the settings. */
  readonly concurrency?: number;
  /** How long to wait for a store before calling it a failure. */
  readonly patience?: Patience;
  /** Of a download: how long a connection may stand still. */
  readonly stallMs?: number;
}

/** Memory for the parts under way, whatever their size and number: for a process under 250 MB. */
const BUFFER_BYTES = 105 * 1024 * 1024;

/** Before a store that never answered is called out of reach. */
const FIRST_ATTEMPTS = 4;

const PAUSED = Symbol('paused');
const CANCELLED = Symbol('cancelled');
const CLOSING = Symbol('closing');
const RESTARTING = Symbol('restarting');

/** A connection that gave no byte for so long is taken for dead. */
const STALL_MS = 30_000;

/**
 * All transfers of this machine: starts what is queued, keeps the journal and memory agreed, and tells who changed.
 * Restoring at start is the only recovery there is.
 */
export class Transfers {
  readonly #options: TransfersOptions;
  readonly #tools: UploadTools & DownloadTools;
  readonly #live = new Roster();
  readonly #lanes = new Lanes();
  readonly #lines = new Map<string, Line>();
  readonly #alarm: Alarm;
  readonly #all = new Slots(() => this.#settings.maxStreams);
  #settings: TransferSettings;
  readonly #listeners = new Set<(id: string) => void>();
  /** Who waits for a transfer to come to rest. By id: ten thousand wait at once. */
  readonly #settling = new Map<string, (() => void)[]>();
  readonly page: PageUploads;
  /** Held to what the settings say for the time of day by whoever watches the clock. */
  readonly bandwidth: Bandwidth;
  #awake: (() => void) | null = null;
  #closing = false;

  constructor(options: TransfersOptions) {
    this.#options = options;
    const { concurrency } = options;
    const settings = options.settings ?? DEFAULT_TRANSFER_SETTINGS;
    this.#settings = concurrency === undefined ? settings : { ...settings, maxStreams: concurrency };
    this.#alarm = new Alarm(options.clock, (id) => this.#due(id));
    this.bandwidth = new Bandwidth(options.clock);
    this.#tools = {
      records: options.journal.transfers,
      clock: options.clock,
      log: options.log,
      buffers: new BufferPool(BUFFER_BYTES),
      hashes: new HashPool(),
      bandwidth: this.bandwidth,
      spool: new Spool(options.spoolFolder),
      smallFiles: new SmallFiles(),
      patience: options.patience ?? { attempts: null },
      firstPatience: { attempts: FIRST_ATTEMPTS },
      room: new Room(),
      stallMs: options.stallMs ?? STALL_MS,
    };
    this.page = new PageUploads({
      tools: this.#tools,
      storeOf: options.storeOf,
      lineOf: (id) => this.#line(id),
      live: (id) => this.#get(id),
      setState: (live, state) => this.#setState(live, state),
      finish: (live, receipt) => this.#finish(live, receipt),
      fail: (live, error) => this.#fail(live, error),
      changed: (id) => this.#changed(id),
      notice: (live, notice) => this.#tellOf(live, notice),
    });
  }

  /**
   * Takes up what an earlier process left: nothing is lost, and nothing is asked.
   * @param start whether it goes on by itself, or stays as it is until it is resumed
   */
  async restore(start: boolean): Promise<void> {
    const breath = new Breath();
    for (const page of this.#options.journal.transfers.pages()) {
      for (const record of page) this.#restoreOne(record, start);
      if (breath.due()) await breath.take();
    }
    if (start) this.#sweepSpool();
    this.#startMore();
  }

  /** What was compressed for transfers that are done or gone is of no use. */
  #sweepSpool(): void {
    const ids = [...this.#live.values()].flatMap(({ record: { id, state } }) =>
      state.kind === 'done' || state.kind === 'cancelled' ? [] : [id],
    );
    try {
      this.#tools.spool.sweep(new Set(ids));
    } catch (error) {
      this.#options.log.error('compressed files of earlier transfers are still there', error);
    }
  }

  /** What a file was compressed to is of no use once it is stored. */
  #forgetSpool({ id, name, prepared }: TransferRecord): void {
    if (prepared?.packing?.kind !== 'packed') return;
    this.#tools.spool.forget(id).catch((error: unknown) => {
      this.#options.log.error(`what ${name} was compressed to is still there`, error); // and swept at the next start
    });
  }

  #restoreOne(record: TransferRecord, start: boolean): void {
    const live = resting(record);
    if (!start && !isAtRest(record.state)) {
      live.record = { ...record, state: { kind: 'paused' } }; // here only: to the journal it is still under way
    }
    this.#live.add(live);
    if (!start) return;
    if (record.state.kind === 'cancelled' && record.step !== 'planned') this.#cleanUp(live);
    if (isAtRest(record.state)) return;
    if (record.state.kind === 'scheduled') {
      this.#alarm.set(record.id, record.state.at);
    } else if (record.source.kind === 'page') {
      const error = sluiceError('SOURCE_GONE', { name: record.name });
      this.#setState(live, { kind: 'waiting', reason: 'page', error: error.report() });
    } else {
      this.#setState(live, { kind: 'queued' });
      this.#lanes.push(record);
    }
  }

  /** @returns a function that stops telling */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * One commit for all of them, then they start by themselves. Records from a page wait for its parts.
   * @param write journals them, for a caller that has more to write in the same commit
   */
  add(
    records: readonly TransferRecord[],
    write = (): void => this.#options.journal.transfers.insertAll(records),
  ): void {
    write();
    for (const record of records) {
      this.#live.add(resting(record));
      if (record.state.kind === 'scheduled') this.#alarm.set(record.id, record.state.at);
      else if (record.source.kind !== 'page') this.#lanes.push(record);
      this.#changed(record.id);
    }
    this.#startMore();
  }

  view(id: string): Transfer {
    return view(this.#get(id), this.#options.clock.now());
  }

  /** What the journal and memory agree on, without the receipt. @throws NOT_FOUND */
  record(id: string): TransferRecord {
    return this.#get(id).record;
  }

  /** As `record`, with the receipt. @throws NOT_FOUND */
  whole(id: string): TransferRecord {
    const record = this.#options.journal.transfers.get(id);
    if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return record;
  }

  /** A window of the files of a session. */
  async list(
    query: FileQuery,
    offset: number,
    limit: number,
  ): Promise<{ total: number; transfers: Transfer[] }> {
    const files = await this.#live.session(query.sessionId).find(query);
    const now = this.#options.clock.now();
    return {
      total: files.length,
      transfers: files.slice(offset, offset + limit).map((live) => view(live, now)),
    };
  }

  /** The files of a session and their sums, for those who only look. */
  session(id: string): SessionFiles {
    return this.#live.session(id);
  }

  /** Whether it is fetched from a drop, of which it is no file. */
  isFetched({ direction, sessionId }: TransferRecord): boolean {
    return direction === 'download' && this.#live.session(sessionId).direction === 'upload';
  }

  /** What is, or was, fetched from drops, newest first. */
  fetched(limit: number): Transfer[] {
    const now = this.#options.clock.now();
    return [...this.#live.values()]
      .filter(({ record }) => this.isFetched(record))
      .sort((a, b) => b.record.createdAt - a.record.createdAt)
      .slice(0, limit)
      .map((live) => view(live, now));
  }

  /** What downloads that are not at rest still have to write, and where. */
  outstanding(): readonly Need[] {
    return [...this.#live.values()].flatMap((live) => {
      const { source, state, size } = live.record;
      if (source.kind !== 'object' || isAtRest(state)) return [];
      return [{ path: source.path, bytes: size - committedOf(live) }];
    });
  }

  /** Of a download: what becomes of a file that is there, from its next start on. */
  setExisting(id: string, existing: OnExisting): void {
    const live = this.#get(id);
    this.#options.journal.transfers.saveExisting(id, existing);
    live.record = { ...live.record, existing };
  }

  /**
   * Uploads in parts that did not come to their end, as the journal has them by now: with the file and the upload id
   * that were found since they were queued.
   */
  begun(connectionIds: ReadonlySet<string>): readonly TransferRecord[] {
    return this.records().flatMap((record) => {
      const { direction, connectionId, state, partCount, source } = record;
      const inParts = partCount > 1 || source.kind === 'page';
      if (direction !== 'upload' || state.kind === 'done' || !inParts || !connectionIds.has(connectionId))
        return [];
      const kept = this.#options.journal.transfers.get(record.id);
      return kept === null ? [] : [{ ...kept, state }];
    });
  }

  /** What is kept of them; cheaper than views. */
  records(sessionId: string | null = null): readonly TransferRecord[] {
    const all = sessionId === null ? this.#live.values() : this.#live.session(sessionId).all();
    return Array.from(all, ({ record }) => record);
  }

  /** Uploads that a file of a page could go on with: of its path, and the one it names. */
  ofPage(relativePath: string, id: string | null): readonly TransferRecord[] {
    const named = id === null ? undefined : this.#live.get(id);
    return [...this.#live.ofPage(relativePath), ...(named === undefined ? [] : [named])].map(
      ({ record }) => record,
    );
  }

  receipt(id: string): Receipt {
    const { id: known } = this.#get(id).record;
    const receipt = this.#options.journal.transfers.receipt(known);
    if (receipt === null) throw sluiceError('NOT_FOUND', { what: 'receipt for a transfer that is not done' });
    return receipt;
  }

  pause(id: string): Transfer {
    const live = this.#get(id);
    assertMayFollow(live.record.state.kind, 'paused', 'be paused');
    this.#stop(live, PAUSED, { kind: 'paused' });
    return this.view(id);
  }

  resume(id: string): Transfer {
    const live = this.#get(id);
    if (live.record.state.kind !== 'waiting') assertMayFollow(live.record.state.kind, 'queued', 'go on');
    if (live.record.source.kind === 'page') this.page.resume(live);
    else if (isAtRest(live.record.state) || live.record.state.kind === 'scheduled') this.#enqueue(live);
    else this.#lines.get(live.record.connectionId)?.wake();
    return this.view(id);
  }

  /** What came so far is deleted: parts from the store, or the unfinished file from the disk. */
  cancel(id: string): Transfer {
    const live = this.#get(id);
    assertMayFollow(live.record.state.kind, 'cancelled', 'be cancelled');
    this.#stop(live, CANCELLED, { kind: 'cancelled' });
    this.#note(live, 'cancelled', '');
    this.#cleanUp(live);
    return this.view(id);
  }

  /** Larger goes first. What is under way goes on. */
  prioritise(ids: readonly string[], priority: number): void {
    for (const id of ids) {
      const live = this.#get(id);
      this.#options.journal.transfers.savePriority(id, priority);
      live.record = { ...live.record, priority };
      if (live.record.state.kind === 'queued' && live.record.source.kind !== 'page')
        this.#lanes.push(live.record);
      this.#changed(id);
    }
    this.#startMore();
  }

  /** @param at when it starts, ms since the epoch; null starts it now. What is under way stops where it is until then. */
  schedule(id: string, at: number | null): Transfer {
    const live = this.#get(id);
    if (at === null) return this.resume(id);
    assertMayFollow(live.record.state.kind, 'scheduled', 'be put off');
    this.#options.journal.transfers.saveNotBefore(id, at);
    live.record = { ...live.record, notBefore: at };
    this.#stop(live, PAUSED, { kind: 'scheduled', at });
    this.#alarm.set(id, at);
    return this.view(id);
  }

  /** Acts at once, also on what is under way. */
  applySettings(settings: TransferSettings): void {
    this.#settings = settings;
    this.#all.admit();
    for (const [id, line] of this.#lines) line.streams.setMax(this.#maxStreams(id));
  }

  /** The machine woke or the network is back: whoever waits tries again, and what is due starts. */
  wake(): void {
    this.#alarm.look();
    for (const line of this.#lines.values()) line.wake();
  }

  /** A connection is another by now: what goes through it stops and goes on through the new one. */
  reconnect(connectionId: string): void {
    this.#lines.get(connectionId)?.streams.setMax(this.#maxStreams(connectionId));
    for (const live of this.#live.values()) {
      if (live.record.connectionId !== connectionId || live.controller === null) continue;
      this.#stop(live, RESTARTING, { kind: 'queued' }); // and starts once it has come to a halt
    }
  }

  pauseAll(): void {
    // One commit: of a hundred thousand, each by itself would stand still for the disk.
    this.#options.journal.transfers.together(() => {
      for (const { record } of this.#live.values()) if (!isAtRest(record.state)) this.pause(record.id);
    });
  }

  resumeAll(): void {
    for (const { record } of this.#live.values()) if (record.state.kind === 'paused') this.resume(record.id);
  }

  /** Resolves once the parts of cancelled transfers of a session are deleted, as far as that goes. */
  async cleaned(sessionId: string): Promise<void> {
    const mine = [...this.#live.session(sessionId).all()];
    await Promise.all(mine.flatMap(({ cleaning }) => cleaning ?? []));
  }

  /** Unfinished uploads of files through a connection, by path; of one path, the newest last. */
  unfinished(connectionId: string): ReadonlyMap<string, readonly TransferRecord[]> {
    const byPath = new Map<string, TransferRecord[]>();
    for (const { record } of this.#live.values()) {
      const { source, state } = record;
      if (source.kind !== 'path' || record.connectionId !== connectionId) continue;
      if (state.kind === 'done' || state.kind === 'cancelled') continue;
      const same = byPath.get(source.path);
      if (same === undefined) byPath.set(source.path, [record]);
      else same.push(record);
    }
    return byPath;
  }

  /** Forgets transfers of a session that is gone. They must be at rest. */
  forget(sessionId: string): void {
    this.#live.forget(sessionId);
  }

  /** Resolves once this transfer has come to rest. */
  async settled(id: string): Promise<TransferState> {
    for (;;) {
      const { record } = this.#get(id);
      if (isAtRest(record.state)) return record.state;
      await new Promise<void>((resolve) => {
        const others = this.#settling.get(id);
        if (others === undefined) this.#settling.set(id, [resolve]);
        else others.push(resolve);
      });
    }
  }

  /** Stops everything where it is; the next start goes on from there. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#alarm.stop();
    const running = [...this.#live.values()].flatMap((live) => {
      live.controller?.abort(CLOSING);
      return [live.running, live.cleaning].filter((work) => work !== null);
    });
    await Promise.allSettled(running);
    await this.#tools.hashes.close();
    await this.#tools.smallFiles.close();
    this.#awake?.();
  }

  // ---- inside

  #get(id: string): Live {
    const live = this.#live.get(id);
    if (live === undefined) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return live;
  }

  #changed(id: string): void {
    const live = this.#live.get(id);
    if (live !== undefined) this.#live.count(live);
    for (const listener of this.#listeners) listener(id);
    const settling = this.#settling.get(id);
    if (settling === undefined || !isAtRest(this.#get(id).record.state)) return;
    this.#settling.delete(id);
    for (const resolve of settling) resolve();
  }

  #setState(live: Live, state: TransferState): void {
    const from = live.record.state.kind;
    if (!mayFollow(from, state.kind)) throw new TypeError(`${from} cannot become ${state.kind}`);
    const finishedAt = isAtRest(state) && state.kind !== 'paused' ? this.#options.clock.now() : null;
    // What moves by itself is journalled as a whole by its steps; only what a start must know is worth a commit.
    const { transfers } = this.#options.journal;
    // That it was put off was decided by a person, as its rest is.
    if (isAtRest(state) || state.kind === 'scheduled') transfers.saveState(live.record.id, state, finishedAt);
    else if (isActive(state) !== isActive(live.record.state)) transfers.noteState(live.record.id, state);
    live.record = { ...live.record, state, finishedAt };
    this.#changed(live.record.id);
  }

  #enqueue(live: Live): void {
    this.#alarm.clear(live.record.id);
    this.#setState(live, { kind: 'queued' });
    this.#lanes.push(live.record);
    this.#startMore();
  }

  /** The time of a scheduled one has come. */
  #due(id: string): void {
    const live = this.#live.get(id);
    if (live?.record.state.kind === 'scheduled') this.#enqueue(live);
  }

  #startMore(): void {
    const mayStart = (id: string): boolean => {
      const live = this.#live.get(id);
      return live?.record.state.kind === 'queued' && live.running === null;
    };
    if (!this.#closing) {
      for (const id of this.#lanes.startable(mayStart)) this.#start(this.#get(id));
    }
    this.#keepAwake();
  }

  #start(live: Live): void {
    const { record } = live;
    let inLane = true;
    const leaveLane = (): void => {
      if (inLane) this.#lanes.ended(record);
      inLane = false;
    };
    const sent = (): void => {
      leaveLane();
      this.#startMore();
    };
    live.running = this.#run(live, sent).finally(() => {
      leaveLane();
      live.running = null;
      // It was asked to go on while it was still coming to a halt.
      if (live.record.state.kind === 'queued' && !this.#closing) this.#lanes.push(live.record);
      this.#startMore();
    });
  }

  #line(connectionId: string): Line {
    let line = this.#lines.get(connectionId);
    if (line === undefined) {
      const { clock, network } = this.#options;
      line = new Line(clock, network, this.#all, this.#maxStreams(connectionId));
      this.#lines.set(connectionId, line);
    }
    return line;
  }

  #maxStreams(connectionId: string): number {
    return this.#options.maxStreamsOf?.(connectionId) ?? this.#settings.maxStreams;
  }

  /** The machine may sleep when nothing is under way. */
  #keepAwake(): void {
    if (!this.#lanes.isIdle) this.#awake ??= this.#options.power.keepAwake('files are on their way');
    else {
      this.#awake?.();
      this.#awake = null;
    }
  }

  async #run(live: Live, sent: () => void): Promise<void> {
    const controller = new AbortController();
    live.controller = controller;
    this.#setState(live, { kind: 'preparing' });
    try {
      const store = await this.#options.storeOf(live.record.connectionId);
      const transfer = live.record.direction === 'download' ? download : upload;
      const receipt = await transfer(
        live.record,
        { store, line: this.#line(live.record.connectionId) },
        this.#tools,
        this.#eventsOf(live, controller.signal, sent),
        controller.signal,
      );
      this.#finish(live, receipt);
    } catch (error) {
      this.#ended(live, controller.signal, error);
    } finally {
      live.controller = null;
    }
  }

  #eventsOf(live: Live, signal: AbortSignal, sent: () => void): UploadEvents {
    const set = (state: TransferState): void => {
      if (!signal.aborted && mayFollow(live.record.state.kind, state.kind)) this.#setState(live, state);
    };
    return {
      phase: (kind) => set({ kind }),
      waiting: (reason, error) => set({ kind: 'waiting', reason, error: error.report() }),
      tracker: (tracker) => {
        if (signal.aborted) return;
        live.tracker = tracker;
        // The state is decided here: the journal has only what a start must know of it.
        const { state, finishedAt } = live.record;
        const kept = this.#options.journal.transfers.get(live.record.id) ?? live.record;
        live.record = { ...kept, state, finishedAt };
      },
      sent,
      notice: (notice) => this.#tellOf(live, notice),
      moved: () => {
        if (live.record.state.kind === 'waiting' && (live.tracker?.count('flying') ?? 0) === 0) return;
        if (live.record.state.kind === 'waiting') set({ kind: 'transferring' });
        else this.#changed(live.record.id);
      },
    };
  }

  #tellOf(live: Live, notice: SluiceError): void {
    this.#options.journal.transfers.saveNotice(live.record.id, notice.report());
    live.record = { ...live.record, notice: notice.report() };
    this.#changed(live.record.id);
  }

  #finish(live: Live, receipt: Receipt): void {
    const now = this.#options.clock.now();
    this.#options.journal.transfers.saveReceipt(live.record.id, receipt, { kind: 'done' }, now);
    // The receipt stays in the journal: those of a hundred thousand would fill the memory.
    live.record = { ...live.record, step: 'stored', state: { kind: 'done' }, finishedAt: now };
    live.tracker = null;
    this.#forgetSpool(live.record);
    this.#note(live, 'ok', receipt.crc32);
    this.#changed(live.record.id);
  }

  #ended(live: Live, signal: AbortSignal, error: unknown): void {
    if (!signal.aborted) this.#fail(live, error); // else whoever stopped it has set the state
  }

  #fail(live: Live, error: unknown): void {
    const failure = toSluiceError(error);
    if (!isSluiceError(error))
      this.#options.log.error(`${live.record.direction} of ${live.record.name} failed`, error);
    this.#setState(live, { kind: 'failed', error: failure.report() });
    this.#note(live, 'failed', failure.code);
  }

  #stop(live: Live, why: symbol, state: TransferState): void {
    live.controller?.abort(why);
    this.#setState(live, state);
  }

  /** Deletes the parts of a cancelled upload, once nothing of it is in the air. What fails is done at the next start. */
  #cleanUp(live: Live): void {
    const work = async (): Promise<void> => {
      await live.running;
      await this.#tools.spool.forget(live.record.id);
      const record = this.#options.journal.transfers.get(live.record.id);
      if (record === null || record.step === 'stored') return;
      if (record.direction === 'download') {
        await discard(record);
        this.#options.journal.transfers.forgetUpload(record.id);
        return;
      }
      if (record.step === 'planned') return;
      const store = await this.#options.storeOf(record.connectionId);
      if (record.step === 'completing') await removeOwn(store, record);
      if (record.uploadId !== null) await store.abortUpload(record.key, record.uploadId);
      else if (record.step === 'creating') await abortLostCreate(store, record);
      this.#options.journal.transfers.forgetUpload(record.id);
    };
    live.cleaning = work().catch((error: unknown) => {
      this.#options.log.error(`what came of ${live.record.name} is not deleted yet`, error);
    });
  }

  #note(live: Live, outcome: 'ok' | 'failed' | 'cancelled', detail: string): void {
    const { sessionId, key, direction } = live.record;
    const at = this.#options.clock.now();
    this.#options.journal.activity.add({ at, sessionId, action: direction, subject: key, outcome, detail });
  }
}
