import { randomUUID } from 'node:crypto';
import type { Journal, SessionRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { joinKey, sessionPrefix, type Connections } from '#main/storage';
import type { Tally, Transfers } from '#main/transfers';
import type { Activity, Connection, Custody, Progress, Session, TransferState } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { Drops } from './drops.ts';
import { manifestKey } from './manifests.ts';

export interface SessionsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly drops: Pick<Drops, 'facts'>;
}

/** Drops and what became of them. What a session looks like is the sum of its transfers, never journalled. */
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
      folder: null,
    };
    this.#options.journal.sessions.insert(record);
    return record;
  }

  /**
   * A download of its own.
   * @param prefix below which its objects lie, without a slash at its end; @param folder where they go
   */
  createDownload(connection: Connection, title: string, prefix: string, folder: string): SessionRecord {
    const record: SessionRecord = {
      id: randomUUID(),
      title,
      connectionId: connection.id,
      bucket: connection.bucket,
      prefix,
      createdAt: this.#options.clock.now(),
      retentionDays: null,
      removing: false,
      custody: null,
      folder,
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
    const outputs = this.#options.journal.outputs.countOf(id);
    return this.#view(record, outputs, this.#names());
  }

  /** Newest first. */
  list(): readonly Session[] {
    const { journal } = this.#options;
    const outputs = journal.outputs.countBySession();
    const names = this.#names();
    return journal.sessions
      .list()
      .filter((record) => !record.removing)
      .map((record) => this.#view(record, outputs.get(record.id) ?? 0, names));
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

  /** Whose evidence it is: goes into its manifest and on its receipts. Empty fields alone are none. */
  setCustody(id: string, of: Custody | null): Session {
    this.record(id);
    const { journal, clock } = this.#options;
    const filled = of === null ? [] : [of.caseNumber, of.examiner, of.note].filter((field) => field !== '');
    journal.sessions.setCustody(id, filled.length === 0 ? null : of);
    journal.activity.add({
      at: clock.now(),
      sessionId: id,
      action: 'custody',
      subject: this.record(id).title,
      outcome: 'ok',
      detail:
        of === null || filled.length === 0
          ? 'none'
          : `case ${of.caseNumber}, examiner ${of.examiner}: ${of.note}`,
    });
    return this.view(id);
  }

  activity(id: string): readonly Activity[] {
    this.record(id);
    return this.#options.journal.activity.list(id);
  }

  /**
   * Deletes the objects this session uploaded, and no others, then forgets it. Files that were downloaded stay. The intent is written first, so that a
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
      .filter(({ direction, step }) => direction === 'upload' && (step === 'stored' || step === 'completing'))
      .map((transfer) => transfer.key);
    const manifest = manifestKey(record);
    if (manifest !== null && keys.length > 0) keys.push(manifest);
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

  #view(record: SessionRecord, outputs: number, names: ReadonlyMap<string, string>): Session {
    const { tally, outputTally } = this.#options.transfers.session(record.id);
    const { counts } = tally;
    const facts = this.#options.drops.facts(record.id);
    const now = this.#options.clock.now();
    const moving = [...tally.moving].flatMap(({ tracker }) => tracker?.progress(now, true) ?? []);
    const sum = (of: (progress: Progress) => number): number =>
      moving.reduce((total, progress) => total + of(progress), 0);
    return {
      id: record.id,
      title: record.title,
      connectionId: record.connectionId,
      connectionName: names.get(record.connectionId) ?? record.bucket,
      bucket: record.bucket,
      prefix: record.prefix,
      createdAt: record.createdAt,
      state: stateOf([tally, outputTally], facts.scanning !== null),
      files: { total: tally.kept, done: counts.done ?? 0, failed: counts.failed ?? 0 },
      counts,
      waits: [...tally.waits],
      bytes: { ...tally.bytes, inFlight: sum(({ inFlight }) => inFlight) },
      bytesPerSecond: sum(({ bytesPerSecond }) => bytesPerSecond ?? 0),
      ...facts,
      outputs,
      retentionDays: record.retentionDays,
      custody: record.custody,
      folder: record.folder,
    };
  }
}

/** What waits for the limit that the person set needs nothing from them. */
function stateOf(of: readonly Pick<Tally, 'counts' | 'waits'>[], scanning: boolean): Session['state'] {
  const has = (...kinds: readonly TransferState['kind'][]): boolean =>
    of.some(({ counts }) => kinds.some((kind) => (counts[kind] ?? 0) > 0));
  const needs = of.some(({ waits }) => waits.some(({ reason, count }) => reason !== 'limit' && count > 0));
  if (needs || has('failed')) return 'attention';
  if (scanning || has('preparing', 'transferring', 'verifying', 'queued', 'scheduled', 'waiting'))
    return 'working';
  if (has('paused')) return 'paused';
  return has('done') ? 'done' : 'empty';
}
