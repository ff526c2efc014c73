import { crc32 } from 'node:zlib';
import { manifestFileOf, manifestPieces } from '#main/custody';
import type { Journal, SessionRecord } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Connections } from '#main/storage';
import { Breath, type Transfers } from '#main/transfers';
import { groupOf, transferKind, type ManifestFile } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import type { Drops } from './drops.ts';

export interface ManifestsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly transfers: Transfers;
  readonly drops: Drops;
  readonly connections: Connections;
  /** Of Sluice. */
  readonly version: string;
}

/** More files may follow at once; the manifest waits for them a little. */
const QUIET_MS = 1000;

/** Where the manifest of a session is; null for one whose objects lie right under a prefix that a person named. */
export function manifestKey({ id, prefix }: Pick<SessionRecord, 'id' | 'prefix'>): string | null {
  return prefix.endsWith(`/${id}`) ? `${prefix}/manifest.json` : null;
}

/**
 * Stores the manifest of a session once all its files have come to their end, and again when that changes. That it is
 * due is journalled, so that the next start stores what a crash kept from being stored.
 */
export class Manifests {
  readonly #options: ManifestsOptions;
  /** The state of a session's files that was last looked at. */
  readonly #seen = new Map<string, number>();
  readonly #due = new Set<string>();
  /** Since it was last begun to be stored. */
  readonly #touched = new Set<string>();
  readonly #writing = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: ManifestsOptions) {
    this.#options = options;
  }

  /** A transfer of a session changed. Called often: most changes are only of bytes. */
  changed(sessionId: string): void {
    const { version } = this.#options.transfers.session(sessionId);
    if (this.#seen.get(sessionId) === version) return;
    this.#seen.set(sessionId, version);
    if (!this.#due.has(sessionId)) {
      this.#due.add(sessionId);
      this.#options.journal.sessions.setManifestDue(sessionId, true);
    }
    this.look(sessionId);
  }

  /** What it says beside its files changed, such as whose evidence they are. */
  touched(sessionId: string): void {
    this.#touched.add(sessionId);
    this.#due.add(sessionId);
    this.#options.journal.sessions.setManifestDue(sessionId, true);
    this.look(sessionId);
  }

  /** Whether it is time: all files have come to their end, and no more are being found. */
  look(sessionId: string): void {
    if (this.#due.has(sessionId) && this.#isSettled(sessionId)) this.#writeSoon(sessionId, QUIET_MS);
  }

  /** Stores what an earlier process did not come to store. */
  recover(): void {
    for (const id of this.#options.journal.sessions.withManifestDue()) {
      this.#due.add(id);
      this.#seen.set(id, this.#options.transfers.session(id).version);
      if (this.#isSettled(id)) this.#writeSoon(id, 0);
    }
  }

  /** Stores it now where it is due and it is time. Resolves once it is, or could not be. */
  written(sessionId: string): Promise<void> {
    return this.#write(sessionId);
  }

  /** Before the objects of a session are deleted. */
  async forget(sessionId: string): Promise<void> {
    this.#due.delete(sessionId);
    await this.#writing.get(sessionId);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#writing.values());
  }

  #isSettled(sessionId: string): boolean {
    const { counts } = this.#options.transfers.session(sessionId).tally;
    const open = transferKind.options.filter((kind) => ['moving', 'waiting'].includes(groupOf(kind)));
    return (
      open.every((kind) => (counts[kind] ?? 0) === 0) &&
      this.#options.drops.facts(sessionId).scanning === null
    );
  }

  #writeSoon(sessionId: string, wait: number): void {
    if (this.#writing.has(sessionId)) return;
    const { clock } = this.#options;
    const work = clock.sleep(wait, this.#closing.signal).then(
      () => this.#write(sessionId),
      () => undefined, // closing: it is stored at the next start
    );
    this.#writing.set(
      sessionId,
      work.finally(() => this.#writing.delete(sessionId)),
    );
  }

  async #write(sessionId: string): Promise<void> {
    const { journal, transfers, log } = this.#options;
    try {
      while (this.#due.has(sessionId) && this.#isSettled(sessionId)) {
        const { version } = transfers.session(sessionId);
        this.#touched.delete(sessionId);
        await this.#store(sessionId);
        if (transfers.session(sessionId).version !== version || this.#touched.has(sessionId)) continue;
        this.#due.delete(sessionId);
        journal.sessions.setManifestDue(sessionId, false);
      }
    } catch (error) {
      // It stays due: the next change of its files, or the next start, tries again.
      if (!isSluiceError(error, 'CANCELLED')) log.error('the manifest of a session is not stored yet', error);
    }
  }

  async #store(sessionId: string): Promise<void> {
    const { journal, connections } = this.#options;
    const session = journal.sessions.get(sessionId);
    const key = session === null || session.removing ? null : manifestKey(session);
    if (session === null || key === null) return;
    const store = await connections.store(session.connectionId);
    const pieces: Buffer[] = [];
    let sum = 0;
    for await (const piece of this.text(session, store.endpoint)) {
      const bytes = Buffer.from(piece);
      sum = crc32(bytes, sum);
      pieces.push(bytes);
    }
    const { encryption } = store.connection.settings.upload;
    const head = { contentType: 'application/json', metadata: {}, encryption };
    await store.put(key, Buffer.concat(pieces), sum, head, this.#closing.signal);
  }

  /**
   * The manifest as it is by now, in pieces.
   * @param endpoint where the bucket is, as a client of it would say
   * @returns its digest
   */
  text(session: SessionRecord, endpoint: string): AsyncGenerator<string, string> {
    const { clock, drops, version } = this.#options;
    const facts = {
      version: 1 as const,
      writtenAt: new Date(clock.now()).toISOString(),
      writtenBy: `Sluice ${version}`,
      session: {
        id: session.id,
        title: session.title,
        endpoint,
        bucket: session.bucket,
        prefix: session.prefix,
        createdAt: new Date(session.createdAt).toISOString(),
      },
      custody: session.custody,
      refused: drops
        .refused(session.id, 0, Number.MAX_SAFE_INTEGER)
        .refused.map(({ name, error }) => ({ path: name, error })),
      leftOut: drops.facts(session.id).leftOut,
    };
    return manifestPieces(facts, this.#files(session.id));
  }

  async *#files(sessionId: string): AsyncGenerator<ManifestFile> {
    const { journal, transfers } = this.#options;
    const breath = new Breath();
    for (const { record } of transfers.session(sessionId).files) {
      if (record.direction !== 'upload') continue;
      const whole = journal.transfers.get(record.id);
      if (whole !== null) yield manifestFileOf(whole);
      if (breath.due()) await breath.take();
    }
  }
}
