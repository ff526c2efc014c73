import { type Refusal } from '#shared/contract';
import { type Transfer } from '#shared/domain';
import { type ErrorReport } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { type EngineClient, external, toReport } from '#renderer/lib';
import { Hasher } from './hasher.ts';
import { putPart } from './put.ts';
import {
  beginSending,
  type PageFile,
  type SendEnd,
  type SendHooks,
  type SendPlace,
  type Sending,
  type SendPorts,
  type SendTarget,
} from './send-file.ts';
import { Slots } from './slots.ts';
import { type Found, type PageSource } from './walk.ts';

/** What this page still has to send itself. */
export interface QueueView {
  /** Files that were not begun yet: the engine does not know of them. */
  readonly pending: number;
  readonly active: number;
  /** Whether those that were not begun are held back until all is resumed. */
  readonly held: boolean;
  /** By transfer: why it does not move just now. */
  readonly notes: ReadonlyMap<string, string>;
  /** By transfer: why the page gave it up. */
  readonly failures: ReadonlyMap<string, ErrorReport>;
}

export interface Batch extends Omit<SendTarget, 'transferId' | 'place'> {
  readonly found: AsyncIterable<Found>;
  /** Where those go that keep their names; the others into a folder of the session's own. */
  readonly places: ReadonlyMap<PageSource, SendPlace>;
  /** None is begun before, ms since the epoch. */
  readonly notBefore?: number;
  readonly onSession: (sessionId: string) => void;
  /** Once all files were begun or refused. */
  readonly onBegun: (refused: readonly Refusal[]) => void;
}

/** A file of this page by its transfer, so that one can go on without being chosen again. */
interface Held {
  readonly id: string;
  readonly sessionId: string;
  readonly source: PageFile;
  /** Null once the engine does not wait for its parts any more: it has to be begun again. */
  sending: Sending | null;
}

const FILES_AT_ONCE = 3;
const PARTS_AT_ONCE = 6;
const LOOK_AGAIN_MS = 1000;
const LOOK_AT_CLOCK_MS = 30_000;
const NONE: QueueView = {
  pending: 0,
  active: 0,
  held: false,
  notes: new Map(),
  failures: new Map(),
};

export class PageUploads {
  readonly view = external<QueueView>(NONE);
  readonly #ports: SendPorts;
  readonly #hooks: SendHooks;
  readonly #files = new Slots(FILES_AT_ONCE);
  /** By transfer. */
  readonly #held = new Map<string, Held>();
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
    this.#hooks = { onNote: (id, note) => this.#note('notes', id, note) };
  }

  /** Sends files in the order they are found; those of one batch share one session, made by the first. */
  async add(batch: Batch): Promise<void> {
    const { connectionId, places, notBefore, options, priority } = batch;
    const how = {
      ...(options === undefined ? {} : { options }),
      ...(priority === undefined ? {} : { priority }),
    };
    const refused: Refusal[] = [];
    await this.#untilTime(notBefore ?? 0);
    let { sessionId } = batch;
    const beginning = new Set<Promise<void>>();
    const send = async (source: PageSource, begun: () => void): Promise<void> => {
      try {
        const place = places.get(source) ?? null;
        const held = await this.#begin(source, { sessionId, connectionId, transferId: null, place, ...how });
        if (sessionId === null) batch.onSession(held.sessionId);
        sessionId ??= held.sessionId;
        begun();
        await this.#run(held);
      } catch (error) {
        refused.push({ name: source.relativePath, error: toReport(error) });
      }
    };
    for await (const source of this.#waiting(batch.found, refused)) {
      // One after the other: of a hundred thousand, only those whose turn it is are under way.
      const free = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      void this.#files.use(this.#never, async () => {
        free.resolve();
        await send(source, begun.resolve);
        begun.resolve();
      });
      await free.promise;
      beginning.add(begun.promise);
      void begun.promise.then(() => beginning.delete(begun.promise));
      // Until there is a session, the next file has to wait for this one to make it.
      if (sessionId === null) await begun.promise;
    }
    await Promise.all(beginning);
    batch.onBegun(refused);
  }

  /** Files as they are asked for, while more are being found: so it can be said how many there are to come. */
  async *#waiting(found: AsyncIterable<Found>, refused: Refusal[]): AsyncGenerator<PageSource> {
    const chunks: (readonly PageSource[])[] = [];
    let more = Promise.withResolvers<void>();
    let isAll = false;
    const look = async (): Promise<void> => {
      for await (const { files, refused: not } of found) {
        chunks.push(files);
        refused.push(...not);
        this.#change((now) => ({ pending: now.pending + files.length }));
        more.resolve();
      }
    };
    const looking = look().finally(() => {
      isAll = true;
      more.resolve();
    });
    looking.catch(() => undefined); // thrown below, once what was found is sent
    for (;;) {
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield* chunk;
      if (isAll) return looking;
      await more.promise;
      more = Promise.withResolvers();
    }
  }

  /** Begins no more files, until `resume`; what is under way is paused by the engine. */
  readonly pause = (): void => this.#change(() => ({ held: true }));
  readonly resume = (): void => this.#change(() => ({ held: false }));

  /** @returns whether the page still holds the file of this transfer */
  readonly holds = (transferId: string): boolean => this.#held.has(transferId);

  /** Transfers whose files this page holds. */
  heldIds(): Iterable<string> {
    return this.#held.keys();
  }

  /** The engine tells how transfers are: one that was paused or waits for the page goes on when it may. */
  saw(transfers: readonly Transfer[]): void {
    for (const transfer of transfers) {
      if (!this.#held.has(transfer.id)) continue;
      this.#seen.set(transfer.id, transfer);
      this.#goOn(transfer.id);
    }
  }

  /** Goes on with a transfer whose file this page holds. */
  again(transferId: string): void {
    const held = this.#held.get(transferId);
    if (held === undefined || this.#running.has(transferId)) return;
    this.#running.add(transferId);
    this.#note('failures', transferId, null);
    void this.#files.use(this.#never, async () => {
      try {
        await this.#run(held.sending === null ? await this.#beginAgain(held) : held);
      } catch (error) {
        this.#note('failures', transferId, toReport(error));
      } finally {
        this.#running.delete(transferId);
      }
    });
  }

  async #begin(source: PageSource, target: SendTarget): Promise<Held> {
    try {
      await this.#untilResumed();
      return await this.#hold({ file: await source.open(), relativePath: source.relativePath }, target);
    } finally {
      this.#change((now) => ({ pending: now.pending - 1 }));
    }
  }

  #beginAgain({ id, sessionId, source }: Held): Promise<Held> {
    return this.#hold(source, { sessionId, connectionId: null, transferId: id, place: null });
  }

  async #hold(source: PageFile, target: SendTarget): Promise<Held> {
    const { session, transfer, sending } = await beginSending(
      source,
      target,
      this.#ports,
      this.#hooks,
      this.#never,
    );
    const held = { id: transfer.id, sessionId: session.id, source, sending };
    this.#held.set(held.id, held);
    return held;
  }

  async #run(held: Held): Promise<void> {
    const { id, sending } = held;
    if (sending === null) return;
    this.#running.add(id);
    this.#change((now) => ({ active: now.active + 1 }));
    try {
      this.#settle(held, await sending.run(this.#never));
    } catch (error) {
      this.#note('failures', id, toReport(error));
    } finally {
      this.#running.delete(id);
      this.#change((now) => ({ active: now.active - 1 }));
    }
  }

  #settle(held: Held, end: SendEnd): void {
    const { id } = held;
    switch (end) {
      case 'done':
        return this.#release(id);
      case 'forgotten':
      case 'stopped':
        held.sending = null;
        return this.#lookAgain(id);
      case 'paused':
        return this.#lookAgain(id);
      default:
        return assertNever(end);
    }
  }

  /** How things stand is told by the engine a moment after it said to stop. */
  #lookAgain(id: string): void {
    setTimeout(() => this.#goOn(id), LOOK_AGAIN_MS);
  }

  #goOn(id: string): void {
    const seen = this.#seen.get(id);
    if (seen === undefined || this.#running.has(id) || this.view.get().failures.has(id)) return;
    const { state } = seen;
    const may = state.kind === 'queued' || state.kind === 'preparing' || state.kind === 'transferring';
    if (may || (state.kind === 'waiting' && state.reason === 'page')) this.again(id);
    if (state.kind === 'done' || state.kind === 'cancelled') this.#release(id);
  }

  #release(id: string): void {
    this.#held.delete(id);
    this.#seen.delete(id);
    this.#note('failures', id, null);
  }

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

  /** The clock is looked at again and again: the computer may sleep meanwhile. */
  async #untilTime(at: number): Promise<void> {
    for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
      await this.#ports.sleep(Math.min(left, LOOK_AT_CLOCK_MS), this.#never);
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
