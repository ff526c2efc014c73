import { type Change } from '#shared/contract';
import {
  type Connection,
  DEFAULT_TRANSFER_SETTINGS,
  type Delivery,
  type FileQuery,
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
import { type Totals, totalsOf } from './totals.ts';

/** The uploads that this page itself sends. */
export interface PageSide {
  heldIds(): Iterable<string>;
  saw(transfers: readonly Transfer[]): void;
}

const NO_UPLOADS: PageSide = { heldIds: () => [], saw: () => undefined };

/** Transfers kept beside those that are looked at. */
const TRANSFERS_KEPT = 4000;
const LISTS_KEPT = 20;
const IDS_AT_ONCE = 1000;

/** All the page knows of the engine: read once, then kept by its changes. */
export class EngineState {
  readonly sessions = new KeyedStore<Session>();
  readonly transfers = new KeyedStore<Transfer>();
  /** What is, or was, fetched from drops. */
  readonly downloads = new KeyedStore<Transfer>();
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
  readonly #uploads: PageSide;
  readonly #files = new Map<string, FileList>();

  constructor(client: EngineClient, uploads: PageSide = NO_UPLOADS) {
    this.#client = client;
    this.#uploads = uploads;
  }

  /** The files of a session that answer a question; made when first asked for, and kept. */
  files(query: FileQuery): FileList {
    const key = JSON.stringify([query.sessionId, query.sort, query.group, query.text]);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const list = new FileList(
      (window, signal) =>
        this.#client.transfers.watch({ ...query, ...window, also: [...window.also] }, { signal }),
      (transfers) => this.keepTransfers(transfers),
    );
    if (this.#files.size >= LISTS_KEPT) this.#forgetIdle();
    this.#files.set(key, list);
    return list;
  }

  readonly openLists = (): IterableIterator<FileList> => this.#files.values();

  /** How the uploads stand that this page sends: changes may have been missed. */
  async readHeld(): Promise<void> {
    const ids = [...this.#uploads.heldIds()];
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      this.keepTransfers(await this.#client.transfers.get({ ids: ids.slice(from, from + IDS_AT_ONCE) }));
    }
  }

  apply(batch: readonly Change[]): void {
    for (const change of batch) this.#applyOne(change);
    if (batch.some(({ kind }) => kind === 'sessions' || kind === 'transfers')) this.count();
  }

  keepTransfers(transfers: readonly Transfer[]): void {
    this.transfers.apply(transfers);
    this.transfers.prune(TRANSFERS_KEPT);
    this.#uploads.saw(transfers);
  }

  count(): void {
    this.totals.set(totalsOf(this.sessions.values(), this.downloads.values()));
  }

  #isFetched({ direction, sessionId }: Transfer): boolean {
    return direction === 'download' && this.sessions.get(sessionId)?.folder === null;
  }

  #forgetDownloads(sessionIds: readonly string[]): void {
    if (sessionIds.length === 0) return;
    const gone = new Set(sessionIds);
    const downloads = this.downloads.all().filter(({ sessionId }) => gone.has(sessionId));
    this.downloads.apply(
      [],
      downloads.map(({ id }) => id),
    );
  }

  #forgetIdle(): void {
    for (const [key, list] of this.#files) if (!list.isUsed()) this.#files.delete(key);
  }

  #applyOne(change: Change): void {
    switch (change.kind) {
      case 'sessions':
        this.sessions.apply(change.sessions, change.removed);
        this.#forgetDownloads(change.removed);
        return;
      case 'transfers':
        this.keepTransfers(change.transfers);
        this.downloads.apply(change.transfers.filter((transfer) => this.#isFetched(transfer)));
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
}
