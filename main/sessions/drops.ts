import { randomUUID } from 'node:crypto';
import {
  newDrop,
  type DropPlan,
  type DropRecord,
  type Journal,
  type SessionRecord,
  type TransferRecord,
} from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Connections } from '#main/storage';
import {
  isAtRest,
  scan,
  type FoundFile,
  type Refused,
  type ScanBatch,
  type Transfers,
} from '#main/transfers';
import { NOTHING_LEFT_OUT, type LeftOut } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { planFiles } from './intake.ts';
import { KeyRing } from './key-ring.ts';

export interface DropsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: Pick<Connections, 'get'>;
  readonly transfers: Transfers;
  /** A session is to be looked at anew. */
  readonly changed: (sessionId: string) => void;
}

/** What came of a drop once all of it was found. */
export interface DropEnd {
  /** Of the files that were taken, also those that go on from before. */
  readonly transferIds: readonly string[];
  readonly refused: readonly Refused[];
  readonly leftOut: LeftOut;
}

/** What a session is told of its drops. */
export interface DropFacts {
  /** How many files were found so far, while something is looked through. */
  readonly scanning: { readonly found: number } | null;
  readonly refused: number;
  readonly leftOut: LeftOut;
}

interface Running {
  readonly sessionId: string;
  readonly control: AbortController;
  readonly end: Promise<DropEnd>;
  found: number;
}

interface Turn {
  readonly signal: AbortSignal;
  readonly asked: boolean;
  readonly found: (count: number) => void;
}

/** Files of a drop that are known already, by their path. */
type Known = ReadonlyMap<string, TransferRecord>;

/**
 * Folders on their way into the queue. What was dropped is journalled before anything of it is found, so that a crash
 * half way loses no file and doubles none: the next start looks through it again and takes what is missing.
 */
export class Drops {
  readonly #options: DropsOptions;
  readonly #running = new Map<string, Running>();
  readonly #facts = new Map<string, Omit<DropFacts, 'scanning'>>();
  #held = false;

  constructor(options: DropsOptions) {
    this.#options = options;
  }

  /**
   * A drop of the same things to the same place that was not finished: of what it had, nothing is sent again. One whose
   * files are all done is finished.
   */
  unfinished(connectionId: string, prefix: string | null, roots: readonly string[]): DropRecord | null {
    const wanted = new Set(roots);
    const { journal, transfers } = this.#options;
    const found = journal.drops.list().find((drop) => {
      const { plan, sessionId } = drop;
      if (plan.connectionId !== connectionId || plan.prefix !== prefix) return false;
      if (plan.roots.length !== wanted.size || !plan.roots.every((root) => wanted.has(root))) return false;
      if (journal.sessions.get(sessionId)?.removing !== false) return false;
      return drop.state === 'scanning' || transfers.records(sessionId).some(isUnfinishedOf(drop.id));
    });
    return found ?? null;
  }

  /**
   * Journals a drop, then finds and queues its files. Resolves once that is under way.
   * @param begun uploads of earlier drops that its files go on with, by path
   * @param ahead what was found of it already, and what finds the rest
   */
  begin(
    session: SessionRecord,
    plan: DropPlan,
    begun: Known,
    ahead: { readonly batches: readonly ScanBatch[]; readonly rest: AsyncIterable<ScanBatch> },
  ): Promise<DropEnd> {
    const drop = newDrop(randomUUID(), session.id, plan, this.#options.clock.now());
    this.#options.journal.drops.insert(drop);
    return this.#start(
      drop,
      session,
      begun,
      (async function* all() {
        yield* ahead.batches;
        yield* ahead.rest;
      })(),
    );
  }

  /**
   * Looks through a drop again, for what was not taken yet.
   * @param asked whether a person dropped it again, rather than a start taking it up: then what was cancelled, or
   * changed since it was done, is sent anew
   */
  goOn(drop: DropRecord, session: SessionRecord, asked: boolean): Promise<DropEnd> {
    const running = this.#running.get(drop.id);
    if (running !== undefined) return running.end;
    const known = new Map<string, TransferRecord>();
    for (const record of this.#options.transfers.records(session.id)) {
      if (record.dropId !== drop.id || record.source.kind !== 'path') continue;
      if (!asked || record.state.kind !== 'cancelled') known.set(record.source.path, record);
    }
    this.#options.journal.drops.forgetRefusals(drop.id);
    this.#facts.delete(session.id);
    return this.#start({ ...drop, state: 'scanning' }, session, known, null, asked);
  }

  /** Takes up the drops that an earlier process was in the middle of. */
  recover(): void {
    const { journal, log } = this.#options;
    for (const drop of journal.drops.list()) {
      if (drop.state === 'found') continue;
      const session = journal.sessions.get(drop.sessionId);
      if (session === null || session.removing) continue;
      this.goOn(drop, session, false).catch((error: unknown) => {
        if (!isSluiceError(error, 'CANCELLED')) log.error('a drop was not looked through', error);
      });
    }
  }

  facts(sessionId: string): DropFacts {
    let known = this.#facts.get(sessionId);
    if (known === undefined) {
      const { drops } = this.#options.journal;
      const left = drops.list(sessionId).map((drop) => drop.leftOut);
      known = {
        refused: drops.refusals(sessionId, 0, 0).total,
        leftOut: left.reduce(addLeftOut, NOTHING_LEFT_OUT),
      };
      this.#facts.set(sessionId, known);
    }
    const running = [...this.#running.values()].filter((one) => one.sessionId === sessionId);
    const found = running.reduce((sum, one) => sum + one.found, 0);
    return { ...known, scanning: running.length === 0 ? null : { found } };
  }

  refused(sessionId: string, offset: number, limit: number): { total: number; refused: Refused[] } {
    const { total, refused } = this.#options.journal.drops.refusals(sessionId, offset, limit);
    return { total, refused: [...refused] };
  }

  /** What is found from now on stays where it is until `release`; nothing where all is found. */
  hold(): void {
    this.#held = this.#running.size > 0;
  }

  release(): void {
    this.#held = false;
  }

  /** Stops looking through what was dropped into a session. */
  async stop(sessionId: string): Promise<void> {
    const mine = [...this.#running.values()].filter((one) => one.sessionId === sessionId);
    for (const { control } of mine) control.abort(sluiceError('CANCELLED', {}));
    await Promise.allSettled(mine.map(({ end }) => end));
    this.#facts.delete(sessionId);
  }

  /** Stops in the middle; the next start goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ sessionId }) => this.stop(sessionId)));
  }

  // ---- inside

  #start(
    drop: DropRecord,
    session: SessionRecord,
    known: Known,
    batches: AsyncIterable<ScanBatch> | null,
    asked = true,
  ): Promise<DropEnd> {
    if (this.#running.size === 0) this.#held = false;
    const control = new AbortController();
    const { roots, rules } = drop.plan;
    const running: Running = {
      sessionId: session.id,
      control,
      found: 0,
      end: this.#run(drop, session, known, batches ?? scan(roots, rules, control.signal), {
        signal: control.signal,
        asked,
        found: (count) => (running.found += count),
      }).finally(() => {
        this.#running.delete(drop.id);
        this.#facts.delete(session.id);
        this.#options.changed(session.id);
      }),
    };
    this.#running.set(drop.id, running);
    return running.end;
  }

  async #run(
    drop: DropRecord,
    session: SessionRecord,
    known: Known,
    batches: AsyncIterable<ScanBatch>,
    { signal, asked, found }: Turn,
  ): Promise<DropEnd> {
    const { journal, transfers, connections, clock } = this.#options;
    await Promise.resolve(); // whoever started it is told first
    const { plan } = drop;
    const place = {
      session,
      connection: connections.get(plan.connectionId),
      keys: plan.prefix === null ? ('session' as const) : ('plain' as const),
      partSize: plan.partSize,
      clock,
      ...(plan.options === null ? {} : { options: plan.options }),
      existing: plan.existing,
      notBefore: plan.notBefore,
      priority: plan.priority,
      dropId: drop.id,
      ring: new KeyRing(transfers.records(session.id).map(({ key }) => key)),
    };
    const transferIds: string[] = [];
    const refused: Refused[] = [];
    let leftOut = NOTHING_LEFT_OUT;
    for await (const batch of batches) {
      signal.throwIfAborted();
      const fresh: FoundFile[] = [];
      for (const file of batch.files) {
        const record = known.get(file.path);
        if (record === undefined || !this.#goesOn(record, file, asked)) fresh.push(file);
        else transferIds.push(record.id);
      }
      const planned = planFiles(fresh, place);
      const records = this.#held
        ? planned.records.map((record) => ({ ...record, state: { kind: 'paused' as const } }))
        : planned.records;
      // The drop itself is on the disk: what a power cut takes of its files is found again.
      transfers.add(records, () => journal.transfers.insertAllSoftly(records));
      transferIds.push(...records.map(({ id }) => id));
      const refusedNow = [...batch.refused, ...planned.refused];
      if (refusedNow.length > 0) journal.drops.addRefusals(drop.id, refusedNow);
      refused.push(...refusedNow);
      ({ leftOut } = batch);
      found(batch.files.length);
      this.#options.changed(session.id);
    }
    signal.throwIfAborted();
    journal.drops.save({ ...drop, state: 'found', leftOut });
    return { transferIds, refused, leftOut };
  }

  /** @returns whether a file that is known needs no new upload; one that was at rest goes on */
  #goesOn({ id }: TransferRecord, file: FoundFile, asked: boolean): boolean {
    const { transfers } = this.#options;
    const record = transfers.record(id);
    const { state, identity } = record;
    if (state.kind === 'done') return !asked || identity === null || isSameFile(identity, file);
    if (asked && isAtRest(state)) transfers.resume(id);
    return true;
  }
}

const isUnfinishedOf =
  (dropId: string) =>
  (record: TransferRecord): boolean =>
    record.dropId === dropId && record.state.kind !== 'done' && record.state.kind !== 'cancelled';

const isSameFile = (
  identity: { readonly size: number; readonly modifiedNs: string },
  file: FoundFile,
): boolean =>
  identity.size === file.size &&
  BigInt(identity.modifiedNs) / 1_000_000n === BigInt(Math.floor(file.modified));

const addLeftOut = (a: LeftOut, b: LeftOut): LeftOut => ({
  hidden: a.hidden + b.hidden,
  systemFiles: a.systemFiles + b.systemFiles,
  links: a.links + b.links,
});
