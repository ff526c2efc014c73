import { HashPool } from '#main/hashing';
import type { Journal, OnExisting, TransferRecord } from '#main/journal';
import type { Clock, Log, Network, Power } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import {
  DEFAULT_TRANSFER_SETTINGS,
  type Transfer,
  type TransferSettings,
  type TransferState,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { Room, type DownloadTools } from '../download/index.ts';
import { Breath } from '../folders/index.ts';
import { Bandwidth, BufferPool } from '../limits/index.ts';
import type { Patience } from '../line/index.ts';
import { resting, type Live } from '../live.ts';
import { PageUploads } from '../page/index.ts';
import { SmallFiles, Spool } from '../source/index.ts';
import { assertMayFollow, isAtRest } from '../state.ts';
import { removeOwn, type UploadTools } from '../upload/index.ts';
import { Alarm } from './alarm.ts';
import { Book } from './book.ts';
import { KnownTransfers } from './known.ts';
import { Runner } from './runner.ts';
import { Ways } from './ways.ts';

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

/** A connection that gave no byte for so long is taken for dead. */
const STALL_MS = 30_000;

/**
 * All transfers of this machine, and what can be done with them: what is known is in `KnownTransfers`, where each stands
 * in `Book`, and who goes next in `Runner`. Restoring at start is the only recovery there is.
 */
export class Transfers extends KnownTransfers {
  readonly #journal: Journal;
  readonly #log: Log;
  readonly #book: Book;
  readonly #ways: Ways;
  readonly #runner: Runner;
  readonly #alarm: Alarm;
  readonly #tools: UploadTools & DownloadTools;
  readonly #storeOf: TransfersOptions['storeOf'];
  readonly page: PageUploads;
  /** Held to what the settings say for the time of day by whoever watches the clock. */
  readonly bandwidth: Bandwidth;

  constructor(options: TransfersOptions) {
    const { journal, clock, log, power, network, storeOf, maxStreamsOf, concurrency } = options;
    const spool = new Spool(options.spoolFolder);
    const book = new Book({ journal, clock, log, spool });
    super(book, journal, clock);
    this.#journal = journal;
    this.#log = log;
    this.#storeOf = storeOf;
    this.#book = book;
    const asked = options.settings ?? DEFAULT_TRANSFER_SETTINGS;
    const settings = concurrency === undefined ? asked : { ...asked, maxStreams: concurrency };
    this.#ways = new Ways({ clock, network, settings, maxStreamsOf });
    this.bandwidth = new Bandwidth(clock);
    this.#tools = {
      records: journal.transfers,
      clock,
      log,
      buffers: new BufferPool(BUFFER_BYTES),
      hashes: new HashPool(),
      bandwidth: this.bandwidth,
      spool,
      smallFiles: new SmallFiles(),
      patience: options.patience ?? { attempts: null },
      firstPatience: { attempts: FIRST_ATTEMPTS },
      room: new Room(),
      stallMs: options.stallMs ?? STALL_MS,
    };
    this.#runner = new Runner({ book, ways: this.#ways, tools: this.#tools, journal, log, power, storeOf });
    this.#alarm = new Alarm(clock, (id) => this.#due(id));
    this.page = new PageUploads({
      tools: this.#tools,
      storeOf,
      lineOf: (id) => this.#ways.to(id),
      book,
    });
  }

  /**
   * Takes up what an earlier process left: nothing is lost, and nothing is asked.
   * @param start whether it goes on by itself, or stays as it is until it is resumed
   */
  async restore(start: boolean): Promise<void> {
    const breath = new Breath();
    for (const page of this.#journal.transfers.pages()) {
      for (const record of page) this.#restoreOne(record, start);
      if (breath.due()) await breath.take();
    }
    if (start) this.#sweepSpool();
    this.#runner.startMore();
  }

  /**
   * One commit for all of them, then they start by themselves. Records from a page wait for its parts.
   * @param write journals them, for a caller that has more to write in the same commit
   */
  add(
    records: readonly TransferRecord[],
    write = (): void => this.#journal.transfers.insertAll(records),
  ): void {
    write();
    for (const record of records) {
      this.#book.roster.add(resting(record));
      if (record.state.kind === 'scheduled') this.#alarm.set(record.id, record.state.at);
      else if (record.source.kind !== 'page') this.#runner.push(record);
      this.#book.changed(record.id);
    }
    this.#runner.startMore();
  }

  /** @returns a function that stops telling */
  onChange(listener: (id: string) => void): () => void {
    return this.#book.onChange(listener);
  }

  /** Resolves once this transfer has come to rest. */
  settled(id: string): Promise<TransferState> {
    return this.#book.settled(id);
  }

  pause(id: string): Transfer {
    const live = this.#book.get(id);
    assertMayFollow(live.record.state.kind, 'paused', 'be paused');
    this.#runner.stop(live, 'paused', { kind: 'paused' });
    return this.view(id);
  }

  resume(id: string): Transfer {
    const live = this.#book.get(id);
    if (live.record.state.kind !== 'waiting') assertMayFollow(live.record.state.kind, 'queued', 'go on');
    if (live.record.source.kind === 'page') this.page.resume(live);
    else if (isAtRest(live.record.state) || live.record.state.kind === 'scheduled') this.#enqueue(live);
    else this.#ways.wake(live.record.connectionId);
    return this.view(id);
  }

  /** What came so far is deleted: parts from the store, or the unfinished file from the disk. */
  cancel(id: string): Transfer {
    const live = this.#book.get(id);
    assertMayFollow(live.record.state.kind, 'cancelled', 'be cancelled');
    this.#runner.stop(live, 'cancelled', { kind: 'cancelled' });
    this.#book.note(live, 'cancelled', '');
    this.#runner.cleanUp(live);
    return this.view(id);
  }

  /** Takes an upload back, wherever it stands, of what failed as a whole: no object of it stays in the store. */
  async takeBack(id: string): Promise<void> {
    const live = this.#book.get(id);
    if (live.record.state.kind !== 'done') {
      if (live.record.state.kind !== 'cancelled') this.cancel(id);
      await live.cleaning;
      return;
    }
    await removeOwn(await this.#storeOf(live.record.connectionId), live.record);
    this.#book.takenBack(live);
  }

  pauseAll(): void {
    // One commit: of a hundred thousand, each by itself would stand still for the disk.
    this.#journal.transfers.together(() => {
      for (const { record } of this.#book.roster.values()) if (!isAtRest(record.state)) this.pause(record.id);
    });
  }

  resumeAll(): void {
    for (const { record } of this.#book.roster.values())
      if (record.state.kind === 'paused') this.resume(record.id);
  }

  /** Larger goes first. What is under way goes on. */
  prioritise(ids: readonly string[], priority: number): void {
    for (const id of ids) {
      const live = this.#book.get(id);
      this.#journal.transfers.savePriority(id, priority);
      live.record = { ...live.record, priority };
      if (live.record.state.kind === 'queued' && live.record.source.kind !== 'page')
        this.#runner.push(live.record);
      this.#book.changed(id);
    }
    this.#runner.startMore();
  }

  /** @param at when it starts, ms since the epoch; null starts it now. What is under way stops where it is until then. */
  schedule(id: string, at: number | null): Transfer {
    const live = this.#book.get(id);
    if (at === null) return this.resume(id);
    assertMayFollow(live.record.state.kind, 'scheduled', 'be put off');
    this.#journal.transfers.saveNotBefore(id, at);
    live.record = { ...live.record, notBefore: at };
    this.#runner.stop(live, 'paused', { kind: 'scheduled', at });
    this.#alarm.set(id, at);
    return this.view(id);
  }

  /** Of one that failed since something stands where it goes: goes on, and over it. @throws UPLOAD_STATE */
  replace(id: string): Transfer {
    const { state } = this.record(id);
    const inTheWay =
      state.kind === 'failed' &&
      (state.error.code === 'OBJECT_EXISTS' || state.error.code === 'TARGET_EXISTS');
    if (!inTheWay) throw sluiceError('UPLOAD_STATE', { action: 'replace what is there', state: state.kind });
    this.setExisting(id, 'replace');
    return this.resume(id);
  }

  /** What becomes of a file or object that is there, from its next start on. */
  setExisting(id: string, existing: OnExisting): void {
    const live = this.#book.get(id);
    this.#journal.transfers.saveExisting(id, existing);
    live.record = { ...live.record, existing };
  }

  /** Acts at once, also on what is under way. */
  applySettings(settings: TransferSettings): void {
    this.#ways.apply(settings);
  }

  /** The machine woke or the network is back: whoever waits tries again, and what is due starts. */
  wake(): void {
    this.#alarm.look();
    this.#ways.wake(null);
  }

  /** A connection is another by now: what goes through it stops and goes on through the new one. */
  reconnect(connectionId: string): void {
    this.#ways.reconsider(connectionId);
    for (const live of this.#book.roster.values()) {
      if (live.record.connectionId !== connectionId || live.controller === null) continue;
      this.#runner.stop(live, 'restarting', { kind: 'queued' }); // and starts once it has come to a halt
    }
  }

  /** Resolves once the parts of cancelled transfers of a session are deleted, as far as that goes. */
  async cleaned(sessionId: string): Promise<void> {
    const mine = [...this.session(sessionId).all()];
    await Promise.all(mine.flatMap(({ cleaning }) => cleaning ?? []));
  }

  /** Forgets transfers of a session that is gone. They must be at rest. */
  forget(sessionId: string): void {
    this.#book.roster.forget(sessionId);
  }

  /** Stops everything where it is; the next start goes on from there. */
  async close(): Promise<void> {
    this.#alarm.stop();
    await this.#runner.close();
    await this.#tools.hashes.close();
    await this.#tools.smallFiles.close();
  }

  #restoreOne(record: TransferRecord, start: boolean): void {
    const live = resting(record);
    if (!start && !isAtRest(record.state)) {
      live.record = { ...record, state: { kind: 'paused' } }; // here only: to the journal it is still under way
    }
    this.#book.roster.add(live);
    if (!start) return;
    if (record.state.kind === 'cancelled' && record.step !== 'planned') this.#runner.cleanUp(live);
    if (isAtRest(record.state)) return;
    if (record.state.kind === 'scheduled') {
      this.#alarm.set(record.id, record.state.at);
    } else if (record.source.kind === 'page') {
      const error = sluiceError('SOURCE_GONE', { name: record.name });
      this.#book.setState(live, { kind: 'waiting', reason: 'page', error: error.report() });
    } else {
      this.#book.setState(live, { kind: 'queued' });
      this.#runner.push(record);
    }
  }

  /** What was compressed for transfers that are done or gone is of no use. */
  #sweepSpool(): void {
    const ids = this.records().flatMap(({ id, state }) =>
      state.kind === 'done' || state.kind === 'cancelled' ? [] : [id],
    );
    try {
      this.#tools.spool.sweep(new Set(ids));
    } catch (error) {
      this.#log.error('compressed files of earlier transfers are still there', error);
    }
  }

  #enqueue(live: Live): void {
    this.#alarm.clear(live.record.id);
    this.#book.setState(live, { kind: 'queued' });
    this.#runner.push(live.record);
    this.#runner.startMore();
  }

  /** The time of a scheduled one has come. */
  #due(id: string): void {
    const live = this.#book.roster.get(id);
    if (live?.record.state.kind === 'scheduled') this.#enqueue(live);
  }
}
