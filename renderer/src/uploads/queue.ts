import { type Refusal } from '#shared/contract';
import { type Transfer } from '#shared/domain';
import { type ErrorReport } from '#shared/errors';
import { type EngineClient, external, toReport } from '#renderer/lib';
import { Hasher } from './hasher.ts';
import { putPart } from './put.ts';
import { type PageFile, sendFile, type SendPorts, type SendTarget } from './send-file.ts';
import { Slots } from './slots.ts';

/** What this page still has to send itself. */
export interface QueueView {
  /** Files that were not begun yet: the engine does not know of them. */
  readonly pending: number;
  readonly pendingBytes: number;
  readonly active: number;
  /** Whether those that were not begun are held back until all is resumed. */
  readonly held: boolean;
  /** By transfer: why it does not move just now. */
  readonly notes: ReadonlyMap<string, string>;
  /** By transfer: why the page gave it up. */
  readonly failures: ReadonlyMap<string, ErrorReport>;
}

export interface Batch extends SendTarget {
  readonly files: readonly PageFile[];
  readonly onSession: (sessionId: string) => void;
  /** Once all files were begun or refused. */
  readonly onBegun: (refused: readonly Refusal[]) => void;
}

const FILES_AT_ONCE = 3;
const PARTS_AT_ONCE = 6;
const LOOK_AGAIN_MS = 1000;
const NONE: QueueView = {
  pending: 0,
  pendingBytes: 0,
  active: 0,
  held: false,
  notes: new Map(),
  failures: new Map(),
};

export class PageUploads {
  readonly view = external<QueueView>(NONE);
  readonly #ports: SendPorts;
  readonly #files = new Slots(FILES_AT_ONCE);
  /** Files of this page by transfer, so that one can be tried again without choosing it again. */
  readonly #held = new Map<string, PageFile>();
  readonly #seen = new Map<string, Transfer>();
  readonly #running = new Set<string>();
  readonly #never = new AbortController().signal;

  constructor(engine: EngineClient['pageUploads'], ports: Partial<SendPorts> = {}) {
    this.#ports = {
      engine,
      hash: new Hasher().hash,
      put: putPart,
      sleep,
      slots: new Slots(PARTS_AT_ONCE),
      ...ports,
    };
  }

  /** Sends files in order; those of one batch share one session, made by the first. */
  async add(batch: Batch): Promise<void> {
    const refused: Refusal[] = [];
    const bytes = (files: readonly PageFile[]) => files.reduce((sum, { file }) => sum + file.size, 0);
    this.#change((now) => ({
      pending: now.pending + batch.files.length,
      pendingBytes: now.pendingBytes + bytes(batch.files),
    }));
    let { sessionId } = batch;
    const begun: Promise<void>[] = [];
    for (const source of batch.files) {
      const start = Promise.withResolvers<void>();
      const target = { sessionId, connectionId: batch.connectionId };
      const one = this.#files.use(this.#never, () =>
        this.#send(source, { ...target, sessionId }, (id) => {
          if (id !== null) {
            if (sessionId === null) batch.onSession(id);
            sessionId ??= id;
          }
          start.resolve();
        }).then((refusal) => {
          if (refusal !== null) refused.push({ name: source.relativePath, error: refusal });
        }),
      );
      begun.push(start.promise);
      void one.finally(start.resolve);
      // Until there is a session, the next file has to wait for this one to make it.
      if (sessionId === null) await Promise.race([start.promise, one]);
    }
    await Promise.all(begun);
    batch.onBegun(refused);
  }

  /** Begins no more files, until `resume`; what is under way is paused by the engine. */
  readonly pause = (): void => this.#change(() => ({ held: true }));
  readonly resume = (): void => this.#change(() => ({ held: false }));

  #untilResumed(): Promise<void> {
    if (!this.view.get().held) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.view.subscribe(() => {
        if (this.view.get().held) return;
        stop();
        resolve();
      });
    });
  }

  /** @returns whether the page still holds the file of this transfer */
  readonly holds = (transferId: string): boolean => this.#held.has(transferId);

  /** The engine tells how transfers are: one that was paused or waits for the page goes on when it may. */
  saw(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) {
      if (!this.#held.has(transfer.id)) continue;
      this.#seen.set(transfer.id, transfer);
      this.#goOn(transfer.id);
    }
  }

  #goOn(id: string): void {
    const seen = this.#seen.get(id);
    if (seen === undefined || this.#running.has(id) || this.view.get().failures.has(id)) return;
    const { kind } = seen.state;
    const may = kind === 'queued' || kind === 'preparing' || kind === 'transferring';
    if (may || (kind === 'waiting' && seen.state.reason === 'page')) this.again(id, seen.sessionId);
    if (kind === 'done' || kind === 'cancelled') this.#release(id);
  }

  /** It may have been resumed while the last parts were being put down; by then the engine will have told. */
  #lookAgain(id: string): void {
    setTimeout(() => this.#goOn(id), LOOK_AGAIN_MS);
  }

  #release(id: string): void {
    this.#held.delete(id);
    this.#seen.delete(id);
    this.#note('failures', id, null);
  }

  /** Goes on with a transfer whose file this page holds. */
  again(transferId: string, sessionId: string): void {
    const source = this.#held.get(transferId);
    if (source === undefined || this.#running.has(transferId)) return;
    this.#running.add(transferId);
    this.#note('failures', transferId, null);
    this.#change((now) => ({ pending: now.pending + 1, pendingBytes: now.pendingBytes + source.file.size }));
    void this.#files
      .use(this.#never, () => this.#send(source, { sessionId, connectionId: null }, () => undefined))
      .then((refusal) => {
        if (refusal !== null) this.#note('failures', transferId, refusal);
      })
      .finally(() => this.#running.delete(transferId));
  }

  /** @returns why the file was not taken at all; null where it was */
  async #send(
    source: PageFile,
    target: SendTarget,
    onBegun: (sessionId: string | null) => void,
  ): Promise<ErrorReport | null> {
    let id: string | null = null;
    const settlePending = () =>
      this.#change((now) => ({
        pending: now.pending - 1,
        pendingBytes: now.pendingBytes - source.file.size,
      }));
    try {
      await this.#untilResumed();
      const end = await sendFile(
        source,
        target,
        this.#ports,
        {
          onBegun: (session, transfer) => {
            if (id === null) {
              settlePending();
              this.#change((now) => ({ active: now.active + 1 }));
            }
            id = transfer.id;
            this.#held.set(id, source);
            this.#running.add(id);
            this.#note('failures', id, null);
            onBegun(session.id);
          },
          onNote: (transferId, note) => this.#note('notes', transferId, note),
        },
        this.#never,
      );
      if (id !== null && end === 'paused') this.#lookAgain(id);
      else if (id !== null) this.#release(id);
      return null;
    } catch (error) {
      const report = toReport(error);
      if (id === null) {
        settlePending();
        onBegun(null);
        return report;
      }
      this.#note('failures', id, report);
      return null;
    } finally {
      if (id !== null) {
        this.#running.delete(id);
        this.#change((now) => ({ active: now.active - 1 }));
      }
    }
  }

  #note<K extends 'notes' | 'failures'>(
    what: K,
    id: string,
    value: (K extends 'notes' ? string : ErrorReport) | null,
  ): void {
    const now = this.view.get()[what] as ReadonlyMap<string, string | ErrorReport>;
    if (value === null ? !now.has(id) : now.get(id) === value) return;
    const next = new Map(now);
    if (value === null) next.delete(id);
    else next.set(id, value);
    this.#change(() => ({ [what]: next }));
  }

  #change(by: (now: QueueView) => Partial<QueueView>): void {
    this.view.set((now) => ({ ...now, ...by(now) }));
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
