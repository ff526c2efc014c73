import { type Change } from '#shared/contract';
import {
  type Connection,
  DEFAULT_TRANSFER_SETTINGS,
  type Delivery,
  type Limits,
  type Output,
  type Preferences,
  type Run,
  type Session,
  type SystemInfo,
  type Transfer,
} from '#shared/domain';
import { assertNever } from '#shared/lib';
import { type EngineClient, external } from '#renderer/lib';
import { FileList } from './file-list.ts';
import { KeyedStore } from './keyed-store.ts';
import { isLive, type Totals, totalsOf } from './totals.ts';

/** All the page knows of the engine: read once, then kept by its changes. */
export class EngineState {
  readonly sessions = new KeyedStore<Session>();
  readonly transfers = new KeyedStore<Transfer>();
  readonly runs = new KeyedStore<Run>();
  readonly outputs = new KeyedStore<Output>();
  readonly deliveries = new KeyedStore<Delivery>();
  readonly connections = external<readonly Connection[]>([]);
  readonly info = external<SystemInfo | null>(null);
  readonly preferences = external<Preferences | null>(null);
  readonly limits = external<Limits>({
    settings: DEFAULT_TRANSFER_SETTINGS,
    now: { bytesPerSecond: null, by: 'setting', until: null },
  });
  readonly totals = external<Totals>(totalsOf([], []));

  readonly #client: EngineClient;
  readonly #onTransfers: (transfers: readonly Transfer[]) => void;
  readonly #files = new Map<string, FileList>();
  readonly #live = new Map<string, Transfer>();

  /** @param onTransfers hears of every transfer that was read or changed */
  constructor(client: EngineClient, onTransfers: (transfers: readonly Transfer[]) => void = () => undefined) {
    this.#client = client;
    this.#onTransfers = onTransfers;
  }

  /** The rows of a session; made when first asked for, and kept. */
  files(sessionId: string): FileList {
    const known = this.#files.get(sessionId);
    if (known !== undefined) return known;
    const list = new FileList(
      (offset, limit) => this.#client.transfers.list({ sessionId, offset, limit }),
      (transfers) => this.keepTransfers(transfers),
    );
    this.#files.set(sessionId, list);
    return list;
  }

  readonly openLists = (): IterableIterator<FileList> => this.#files.values();

  apply(batch: readonly Change[]): void {
    for (const change of batch) this.#applyOne(change);
    if (batch.some(({ kind }) => kind === 'sessions' || kind === 'transfers')) this.count();
  }

  keepTransfers(transfers: readonly Transfer[]): void {
    this.transfers.apply(transfers);
    this.#onTransfers(transfers);
    for (const transfer of transfers) {
      if (isLive(transfer)) this.#live.set(transfer.id, transfer);
      else this.#live.delete(transfer.id);
    }
  }

  count(): void {
    this.totals.set(totalsOf(this.sessions.values(), this.#live.values()));
  }

  /** Before everything is read anew. */
  forgetLive(): void {
    this.#live.clear();
  }

  #applyOne(change: Change): void {
    switch (change.kind) {
      case 'sessions':
        this.sessions.apply(change.sessions, change.removed);
        for (const id of change.removed) this.#forgetSession(id);
        return;
      case 'transfers':
        this.keepTransfers(change.transfers);
        for (const { id, sessionId } of change.transfers) this.#files.get(sessionId)?.saw(id);
        return;
      case 'runs':
        this.runs.apply(change.runs);
        return;
      case 'outputs':
        this.outputs.apply(change.outputs, change.removed);
        return;
      case 'deliveries':
        this.deliveries.apply(change.deliveries);
        return;
      case 'connections':
        void this.#client.connections.list().then(this.connections.set, () => undefined);
        return;
      case 'preferences':
        this.preferences.set(change.preferences);
        return;
      case 'limits':
        this.limits.set(change.limits);
        return;
      default:
        assertNever(change);
    }
  }

  #forgetSession(id: string): void {
    this.#files.delete(id);
    for (const transfer of this.#live.values()) {
      if (transfer.sessionId === id) this.#live.delete(transfer.id);
    }
  }
}
