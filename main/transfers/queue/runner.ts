import type { Journal, TransferRecord } from '#main/journal';
import type { Log, Power } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import type { TransferState } from '#shared/domain';
import { discard, download, type DownloadTools } from '../download/index.ts';
import type { Live } from '../live.ts';
import { mayFollow } from '../state.ts';
import { abortLostCreate, removeOwn, upload, type UploadEvents, type UploadTools } from '../upload/index.ts';
import type { Book } from './book.ts';
import { Lanes } from './lanes.ts';
import type { Ways } from './ways.ts';

/** Why a transfer that is under way is stopped; whoever stops it sets its state. */
export const WHY = {
  paused: Symbol('paused'),
  cancelled: Symbol('cancelled'),
  closing: Symbol('closing'),
  restarting: Symbol('restarting'),
} as const;

export interface RunnerOptions {
  readonly book: Book;
  readonly ways: Ways;
  readonly tools: UploadTools & DownloadTools;
  readonly journal: Journal;
  readonly log: Log;
  readonly power: Power;
  readonly storeOf: (connectionId: string) => Promise<ObjectStore>;
}

/** Starts what waits, in its turn, and sees it to its end or its halt. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #lanes = new Lanes();
  #awake: (() => void) | null = null;
  #closing = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Puts one that is queued in its line; `startMore` lets it begin. */
  push(record: TransferRecord): void {
    this.#lanes.push(record);
  }

  startMore(): void {
    const { roster } = this.#options.book;
    const mayStart = (id: string): boolean => {
      const live = roster.get(id);
      return live?.record.state.kind === 'queued' && live.running === null;
    };
    if (!this.#closing) {
      for (const id of this.#lanes.startable(mayStart)) this.#start(this.#options.book.get(id));
    }
    this.#keepAwake();
  }

  stop(live: Live, why: keyof typeof WHY, state: TransferState): void {
    live.controller?.abort(WHY[why]);
    this.#options.book.setState(live, state);
  }

  /** Deletes the parts of a cancelled upload, once nothing of it is in the air. What fails is done at the next start. */
  cleanUp(live: Live): void {
    live.cleaning = this.#cleanUp(live).catch((error: unknown) => {
      this.#options.log.error(`what came of ${live.record.name} is not deleted yet`, error);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const running = [...this.#options.book.roster.values()].flatMap((live) => {
      live.controller?.abort(WHY.closing);
      return [live.running, live.cleaning].filter((work) => work !== null);
    });
    await Promise.allSettled(running);
    this.#awake?.();
  }

  async #cleanUp(live: Live): Promise<void> {
    const { journal, tools, storeOf } = this.#options;
    await live.running;
    await tools.spool.forget(live.record.id);
    const record = journal.transfers.get(live.record.id);
    if (record === null || record.step === 'stored') return;
    if (record.direction === 'download') {
      await discard(record);
      journal.transfers.forgetUpload(record.id);
      return;
    }
    if (record.step === 'planned') return;
    const store = await storeOf(record.connectionId);
    if (record.step === 'completing') await removeOwn(store, record);
    if (record.uploadId !== null) await store.abortUpload(record.key, record.uploadId);
    else if (record.step === 'creating') await abortLostCreate(store, record);
    journal.transfers.forgetUpload(record.id);
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
      this.startMore();
    };
    live.running = this.#run(live, sent).finally(() => {
      leaveLane();
      live.running = null;
      // It was asked to go on while it was still coming to a halt.
      if (live.record.state.kind === 'queued' && !this.#closing) this.#lanes.push(live.record);
      this.startMore();
    });
  }

  async #run(live: Live, sent: () => void): Promise<void> {
    const { book, ways, tools, storeOf } = this.#options;
    const controller = new AbortController();
    live.controller = controller;
    book.setState(live, { kind: 'preparing' });
    try {
      const store = await storeOf(live.record.connectionId);
      const transfer = live.record.direction === 'download' ? download : upload;
      const receipt = await transfer(
        live.record,
        { store, line: ways.to(live.record.connectionId) },
        tools,
        this.#eventsOf(live, controller.signal, sent),
        controller.signal,
      );
      book.finish(live, receipt);
    } catch (error) {
      if (!controller.signal.aborted) book.fail(live, error); // else whoever stopped it has set the state
    } finally {
      live.controller = null;
    }
  }

  #eventsOf(live: Live, signal: AbortSignal, sent: () => void): UploadEvents {
    const { book, journal } = this.#options;
    const set = (state: TransferState): void => {
      if (!signal.aborted && mayFollow(live.record.state.kind, state.kind)) book.setState(live, state);
    };
    return {
      phase: (kind) => set({ kind }),
      waiting: (reason, error) => set({ kind: 'waiting', reason, error: error.report() }),
      tracker: (tracker) => {
        if (signal.aborted) return;
        live.tracker = tracker;
        // The state is decided here: the journal has only what a start must know of it.
        const { state, finishedAt } = live.record;
        const kept = journal.transfers.get(live.record.id) ?? live.record;
        live.record = { ...kept, state, finishedAt };
      },
      sent,
      notice: (notice) => book.notice(live, notice),
      moved: () => {
        if (live.record.state.kind === 'waiting' && (live.tracker?.count('flying') ?? 0) === 0) return;
        if (live.record.state.kind === 'waiting') set({ kind: 'transferring' });
        else book.changed(live.record.id);
      },
    };
  }

  /** The machine may sleep when nothing is under way. */
  #keepAwake(): void {
    if (!this.#lanes.isIdle) this.#awake ??= this.#options.power.keepAwake('files are on their way');
    else {
      this.#awake?.();
      this.#awake = null;
    }
  }
}
