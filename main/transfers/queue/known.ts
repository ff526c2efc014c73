import type { Journal, TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import type { FileQuery, Receipt, Transfer } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { Need } from '../download/index.ts';
import { committedOf, view } from '../live.ts';
import { isAtRest } from '../state.ts';
import type { Book } from './book.ts';
import type { SessionFiles } from './session-files.ts';

/** What is known of the transfers of this machine. Only looks. */
export class KnownTransfers {
  readonly #book: Book;
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(book: Book, journal: Journal, clock: Clock) {
    this.#book = book;
    this.#journal = journal;
    this.#clock = clock;
  }

  /** As the other side of the contract sees it. @throws NOT_FOUND */
  view(id: string): Transfer {
    return view(this.#book.get(id), this.#clock.now());
  }

  /** What the journal and memory agree on, without the receipt. @throws NOT_FOUND */
  record(id: string): TransferRecord {
    return this.#book.get(id).record;
  }

  /** As `record`, with the receipt. @throws NOT_FOUND */
  whole(id: string): TransferRecord {
    const record = this.#journal.transfers.get(id);
    if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return record;
  }

  /** @throws NOT_FOUND where it is not known or not done */
  receipt(id: string): Receipt {
    const { id: known } = this.record(id);
    const receipt = this.#journal.transfers.receipt(known);
    if (receipt === null) throw sluiceError('NOT_FOUND', { what: 'receipt for a transfer that is not done' });
    return receipt;
  }

  /** A window of the files of a session. */
  async list(
    query: FileQuery,
    offset: number,
    limit: number,
  ): Promise<{ total: number; transfers: Transfer[] }> {
    const files = await this.session(query.sessionId).find(query);
    const now = this.#clock.now();
    return {
      total: files.length,
      transfers: files.slice(offset, offset + limit).map((live) => view(live, now)),
    };
  }

  /** The files of a session and their sums, for those who only look. */
  session(id: string): SessionFiles {
    return this.#book.roster.session(id);
  }

  /** What is kept of them; cheaper than views. */
  records(sessionId: string | null = null): readonly TransferRecord[] {
    const all = sessionId === null ? this.#book.roster.values() : this.session(sessionId).all();
    return Array.from(all, ({ record }) => record);
  }

  /** Whether it is fetched from a drop, of which it is no file. */
  isFetched({ direction, sessionId }: TransferRecord): boolean {
    return direction === 'download' && this.session(sessionId).direction === 'upload';
  }

  /** What is, or was, fetched from drops, newest first. */
  fetched(limit: number): Transfer[] {
    const now = this.#clock.now();
    return [...this.#book.roster.values()]
      .filter(({ record }) => this.isFetched(record))
      .sort((a, b) => b.record.createdAt - a.record.createdAt)
      .slice(0, limit)
      .map((live) => view(live, now));
  }

  /** What downloads that are not at rest still have to write, and where. */
  outstanding(): readonly Need[] {
    return [...this.#book.roster.values()].flatMap((live) => {
      const { source, state, size } = live.record;
      if (source.kind !== 'object' || isAtRest(state)) return [];
      return [{ path: source.path, bytes: size - committedOf(live) }];
    });
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
      const kept = this.#journal.transfers.get(record.id);
      return kept === null ? [] : [{ ...kept, state }];
    });
  }

  /** Uploads that a file of a page could go on with: of its path, and the one it names. */
  ofPage(relativePath: string, id: string | null): readonly TransferRecord[] {
    const named = id === null ? undefined : this.#book.roster.get(id);
    return [...this.#book.roster.ofPage(relativePath), ...(named === undefined ? [] : [named])].map(
      ({ record }) => record,
    );
  }

  /** Unfinished uploads of files through a connection, by path; of one path, the newest last. */
  unfinished(connectionId: string): ReadonlyMap<string, readonly TransferRecord[]> {
    const byPath = new Map<string, TransferRecord[]>();
    for (const { record } of this.#book.roster.values()) {
      const { source, state } = record;
      if (source.kind !== 'path' || record.connectionId !== connectionId) continue;
      if (state.kind === 'done' || state.kind === 'cancelled') continue;
      const same = byPath.get(source.path);
      if (same === undefined) byPath.set(source.path, [record]);
      else same.push(record);
    }
    return byPath;
  }
}
