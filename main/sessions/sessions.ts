import { randomUUID } from 'node:crypto';
import type { Journal, SessionRecord, TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { joinKey, sessionPrefix, type Connections } from '#main/storage';
import { isActive, isAtRest, type Transfers } from '#main/transfers';
import type { Activity, Connection, Session } from '#shared/domain';
import { sluiceError } from '#shared/errors';

export interface SessionsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly transfers: Transfers;
}

/** Drops and what became of them. What a session looks like is added up from its transfers, never kept. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /**
   * @param prefix where its objects go, for a caller that chose; else a folder of its own
   * @throws NAME_TOO_LONG
   */
  create(connection: Connection, title: string, prefix: string | null = null): SessionRecord {
    const id = randomUUID();
    const createdAt = this.#options.clock.now();
    const record: SessionRecord = {
      id,
      title,
      connectionId: connection.id,
      bucket: connection.bucket,
      prefix: prefix === null ? sessionPrefix(connection.prefix, id, createdAt) : joinKey(title, prefix),
      createdAt,
      retentionDays: null,
      removing: false,
      custody: null,
    };
    this.#options.journal.sessions.insert(record);
    return record;
  }

  /** @throws NOT_FOUND */
  record(id: string): SessionRecord {
    const record = this.#options.journal.sessions.get(id);
    if (record === null || record.removing) throw sluiceError('NOT_FOUND', { what: 'such session' });
    return record;
  }

  view(id: string): Session {
    const record = this.record(id);
    const outputs = this.#options.journal.outputs.countBySession();
    return this.#view(record, this.#options.transfers.records(id), outputs, this.#names());
  }

  /** Newest first. */
  list(): readonly Session[] {
    const { journal, transfers } = this.#options;
    const bySession = Map.groupBy(transfers.records(), (record) => record.sessionId);
    const outputs = journal.outputs.countBySession();
    const names = this.#names();
    return journal.sessions
      .list()
      .filter((record) => !record.removing)
      .map((record) => this.#view(record, bySession.get(record.id) ?? [], outputs, names));
  }

  rename(id: string, title: string): Session {
    this.record(id);
    this.#options.journal.sessions.rename(id, title);
    return this.view(id);
  }

  setRetention(id: string, days: number | null): Session {
    this.record(id);
    this.#options.journal.sessions.setRetention(id, days);
    return this.view(id);
  }

  activity(id: string): readonly Activity[] {
    this.record(id);
    return this.#options.journal.activity.list(id);
  }

  /**
   * Deletes the objects this session made, and no others, then forgets it. The intent is written first, so that a
   * crash half way is finished by the next start.
   */
  async remove(id: string): Promise<void> {
    const record = this.record(id);
    const { journal, transfers } = this.#options;
    for (const transfer of transfers.records(id)) {
      if (transfer.state.kind !== 'done' && transfer.state.kind !== 'cancelled')
        transfers.cancel(transfer.id);
    }
    journal.sessions.markRemoving(id);
    await this.#finishRemoving(record);
  }

  /** @returns ids of sessions whose removal an earlier process began */
  async finishRemovals(): Promise<readonly string[]> {
    const begun = this.#options.journal.sessions.list().filter((record) => record.removing);
    for (const record of begun) await this.#finishRemoving(record);
    return begun.map((record) => record.id);
  }

  async #finishRemoving(record: SessionRecord): Promise<void> {
    const { journal, transfers, connections, clock } = this.#options;
    await transfers.cleaned(record.id);
    const keys = transfers
      .records(record.id)
      .filter((transfer) => transfer.step === 'stored' || transfer.step === 'completing')
      .map((transfer) => transfer.key);
    if (keys.length > 0) await (await connections.store(record.connectionId)).deleteAll(keys);
    transfers.forget(record.id);
    journal.sessions.delete(record.id);
    journal.activity.add({
      at: clock.now(),
      sessionId: record.id,
      action: 'delete',
      subject: record.prefix,
      outcome: 'ok',
      detail: `${keys.length} objects`,
    });
  }

  #names(): ReadonlyMap<string, string> {
    return new Map(this.#options.connections.list().map(({ id, name }) => [id, name]));
  }

  #view(
    record: SessionRecord,
    transfers: readonly TransferRecord[],
    outputs: ReadonlyMap<string, number>,
    names: ReadonlyMap<string, string>,
  ): Session {
    const files = transfers.filter(({ source }) => source.kind !== 'output');
    const counted = files.filter(({ state }) => state.kind !== 'cancelled');
    return {
      id: record.id,
      title: record.title,
      connectionId: record.connectionId,
      connectionName: names.get(record.connectionId) ?? record.bucket,
      bucket: record.bucket,
      prefix: record.prefix,
      createdAt: record.createdAt,
      state: stateOf(transfers),
      files: {
        total: counted.length,
        done: counted.filter(({ state }) => state.kind === 'done').length,
        failed: counted.filter(({ state }) => state.kind === 'failed').length,
      },
      bytes: {
        total: counted.reduce((sum, { size }) => sum + size, 0),
        committed: counted.reduce((sum, { id }) => sum + this.#options.transfers.committed(id), 0),
      },
      outputs: outputs.get(record.id) ?? 0,
      retentionDays: record.retentionDays,
      custody: record.custody,
    };
  }
}

function stateOf(transfers: readonly TransferRecord[]): Session['state'] {
  const kinds = transfers.map(({ state }) => state).filter((state) => state.kind !== 'cancelled');
  if (kinds.length === 0) return 'empty';
  // What waits for the limit that the person set needs nothing.
  if (
    kinds.some((state) => state.kind === 'failed' || (state.kind === 'waiting' && state.reason !== 'limit'))
  )
    return 'attention';
  if (kinds.some((state) => isActive(state) || state.kind === 'queued' || state.kind === 'scheduled'))
    return 'working';
  if (kinds.some((state) => state.kind === 'paused')) return 'paused';
  return kinds.every(isAtRest) ? 'done' : 'working';
}
