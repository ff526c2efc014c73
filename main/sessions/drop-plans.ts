import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Journal, SessionRecord, TransferRecord } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import { joinKey, safePath, surveyUpload, sweepObjects, type Connections, type ObjectStore } from '#main/storage';
import { decide, fitOf, freeKey, isAtRest, renamedKey, type Decision, type Transfers } from '#main/transfers';
import {
  SHOWN_CONFLICTS,
  type Choice,
  type Choices,
  type Conflict,
  type ConflictKind,
  type Connection,
  type DropPlan,
} from '#shared/domain';
import { sluiceError, toSluiceError, type ErrorReport } from '#shared/errors';
import { eachOf } from './each-of.ts';
import { adopting, planFile, titleOf, type KeyStyle } from './intake.ts';
import type { Leftovers } from './leftovers.ts';
import { meet, type DropFile, type Meeting } from './meet.ts';
import type { Sessions } from './sessions.ts';

export interface DropPlansOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly sessions: Sessions;
  readonly leftovers: Leftovers;
}

export interface Drop {
  readonly files: readonly DropFile[];
  readonly connection: Connection;
  readonly sessionId: string | null;
  /** Where names are kept; null for the session's own folder. */
  readonly prefix: string | null;
  readonly partSize: number | null;
  /** Whether the same size is proof enough that content is the same. */
  readonly bySize: boolean;
}

/** What became of one file. */
export interface Outcome {
  readonly file: DropFile;
  readonly decision: Decision['kind'] | 'failed';
  /** What it met and what was chosen, first things first. */
  readonly about: readonly { readonly conflict: Conflict; readonly chosen: Choice | 'fail' }[];
  /** Where it goes, or where it is. Null where a page begins it and it gets a key of its own. */
  readonly key: string | null;
  /** Whether it may be written over what is at the key. */
  readonly over: boolean;
  readonly transferId: string | null;
  /** The session it is in, or was in before. */
  readonly sessionId: string | null;
  readonly error: ErrorReport | null;
}

export interface Started {
  /** Null where nothing is sent, or a page has yet to begin. */
  readonly session: SessionRecord | null;
  readonly outcomes: readonly Outcome[];
}

/** What is done about one conflict. */
export type Chooser = (conflict: Conflict) => Choice | 'fail';

interface Kept {
  readonly drop: Drop;
  readonly meetings: readonly Meeting[];
}

/** Plans that nobody starts are forgotten, oldest first. */
const KEPT_PLANS = 8;
const REQUESTS = 16;

/** Drops that were looked through before they start, so that what is to be chosen is chosen first, and at once. */
export class DropPlans {
  readonly #options: DropPlansOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: DropPlansOptions) {
    this.#options = options;
  }

  /** Whether looking through these files could find anything to choose: else they can start at once. */
  isWorthLooking(paths: readonly string[], connectionId: string): boolean {
    const records = this.#options.transfers.records();
    const names = new Set(paths.map((path) => basename(path)));
    return records.some(
      ({ source, name, connectionId: where }) =>
        where === connectionId &&
        ((source.kind === 'path' &&
          paths.some((path) => source.path === path || source.path.startsWith(`${path}${SEPARATOR}`))) ||
          names.has(name)),
    );
  }

  /** @throws errors of the store; NAME_TOO_LONG */
  async prepare(drop: Drop, signal: AbortSignal): Promise<DropPlan> {
    const { connections, transfers, clock, log } = this.#options;
    const { connection, prefix, files } = drop;
    const store = await connections.store(connection.id);
    const keyed = files.map((file) => ({ file, key: keyOf(file, prefix) }));
    const meetings = await meet(keyed, prefix, {
      store,
      log,
      now: clock.now(),
      records: transfers
        .records()
        .filter(({ connectionId, direction }) => connectionId === connection.id && direction === 'upload'),
      bySize: drop.bySize,
      signal,
    });
    const id = randomUUID();
    this.#kept.set(id, { drop, meetings });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_PLANS && oldest !== undefined) this.#kept.delete(oldest);
    const conflicts = meetings.flatMap(({ met }) => met.map(({ conflict }) => conflict));
    const counts: Partial<Record<ConflictKind, number>> = {};
    for (const { kind } of conflicts) counts[kind] = (counts[kind] ?? 0) + 1;
    return {
      id,
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      counts,
      conflicts: conflicts.slice(0, SHOWN_CONFLICTS),
    };
  }

  forget(planId: string): void {
    this.#kept.delete(planId);
  }

  /** What a person chose, or what is preset. A choice that is not offered is not taken. */
  static chooser({ one, all }: Choices): Chooser {
    return ({ id, kind, choices, preset }) => {
      const wanted = one[id] ?? all[kind] ?? preset;
      return choices.includes(wanted) ? wanted : preset;
    };
  }

  /**
   * Does what was chosen. Files of this disk start by themselves; what a page holds it begins itself, as told here.
   * @throws NOT_FOUND where the plan is not known any more
   */
  async start(planId: string, choose: Chooser, signal: AbortSignal): Promise<Started> {
    const kept = this.#kept.get(planId);
    if (kept === undefined) throw sluiceError('NOT_FOUND', { what: 'such plan' });
    this.#kept.delete(planId);
    return new Start(kept, choose, this.#options, signal).run();
  }
}

const SEPARATOR = process.platform === 'win32' ? '\\' : '/';

function keyOf(file: DropFile, prefix: string | null): string | null {
  return prefix === null ? null : joinKey(file.relativePath, prefix, safePath(file.relativePath));
}

interface Decided extends Meeting {
  readonly decision: Decision | { readonly kind: 'failed' };
  readonly about: Outcome['about'];
}

/** One plan being carried out. */
class Start {
  readonly #kept: Kept;
  readonly #choose: Chooser;
  readonly #options: DropPlansOptions;
  readonly #signal: AbortSignal;

  constructor(kept: Kept, choose: Chooser, options: DropPlansOptions, signal: AbortSignal) {
    this.#kept = kept;
    this.#choose = choose;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<Started> {
    const { drop, meetings } = this.#kept;
    const decided = meetings.map((meeting) => this.#decide(meeting));
    const keys = await this.#freeKeys(decided);
    await this.#discard(decided);
    const session = this.#session(decided);
    const store = await this.#options.connections.store(drop.connection.id);
    const planned: TransferRecord[] = [];
    const outcomes: Outcome[] = [];
    for (const one of decided) {
      const outcome = await this.#carryOut(one, keys.get(one.file) ?? one.key, session, store);
      outcomes.push(outcome.outcome);
      if (outcome.record !== null) planned.push(outcome.record);
    }
    this.#options.transfers.add(planned);
    return { session, outcomes };
  }

  #decide(meeting: Meeting): Decided {
    const { met, goesOn, error } = meeting;
    const chosen = met.map(({ conflict, about }) => ({ conflict, about, chosen: this.#choose(conflict) }));
    const about = chosen.map((each) => ({ conflict: each.conflict, chosen: each.chosen }));
    if (error !== null || chosen.some((each) => each.chosen === 'fail'))
      return { ...meeting, about, decision: { kind: 'failed' } };
    if (goesOn !== null) return { ...meeting, about, decision: { kind: 'continue', transferId: goesOn } };
    const decision = decide(
      chosen.flatMap((each) =>
        each.chosen === 'fail'
          ? []
          : [{ met: { kind: each.conflict.kind, about: each.about }, chosen: each.chosen }],
      ),
    );
    return { ...meeting, about, decision };
  }

  /** A free name for each file that is to stand beside what is there: free in the bucket, and among these files. */
  async #freeKeys(decided: readonly Decided[]): Promise<ReadonlyMap<DropFile, string>> {
    const renamed = decided.filter(({ decision }) => decision.kind === 'send' && decision.renamed);
    const taken = new Set(decided.flatMap(({ key }) => key ?? []));
    for (const { key, state } of this.#options.transfers.records()) if (!isAtRest(state)) taken.add(key);
    const store = await this.#options.connections.store(this.#kept.drop.connection.id);
    await eachOf(renamed, REQUESTS, async ({ key }) => {
      if (key === null) return;
      const first = renamedKey(key, 2);
      const start = first.slice(0, first.lastIndexOf('~') + 1);
      for await (const object of sweepObjects(store, start, this.#signal)) taken.add(object.key);
    });
    const keys = new Map<DropFile, string>();
    for (const { file, key } of renamed) {
      if (key === null) continue;
      const free = freeKey(key, (candidate) => taken.has(candidate));
      taken.add(free);
      keys.set(file, free);
    }
    return keys;
  }

  /** What is in the way is deleted before anything is sent to its key. */
  async #discard(decided: readonly Decided[]): Promise<void> {
    const { leftovers } = this.#options;
    const unwanted = decided.flatMap(({ decision, key }) =>
      decision.kind === 'send' && key !== null
        ? decision.discard.map((uploadId) => ({ key, uploadId }))
        : [],
    );
    if (unwanted.length > 0) await leftovers.remove(this.#kept.drop.connection.id, unwanted);
  }

  /** The one that was named; that of uploads that go on; else a new one, where anything is sent at all. */
  #session(decided: readonly Decided[]): SessionRecord | null {
    const { sessions, transfers } = this.#options;
    const { drop } = this.#kept;
    if (drop.sessionId !== null) return sessions.record(drop.sessionId);
    for (const { decision } of decided) {
      if (decision.kind === 'continue' || decision.kind === 'anew')
        return sessions.record(transfers.record(decision.transferId).sessionId);
    }
    const sent = decided.filter(
      ({ decision, file }) => decision.kind === 'send' && file.source.kind === 'path',
    );
    if (sent.length === 0) return null;
    const title = titleOf([...new Set(drop.files.map(({ relativePath }) => relativePath.split('/')[0] ?? ''))]);
    return sessions.create(drop.connection, title, drop.prefix);
  }

  async #carryOut(
    one: Decided,
    key: string | null,
    session: SessionRecord | null,
    store: ObjectStore,
  ): Promise<{ readonly outcome: Outcome; readonly record: TransferRecord | null }> {
    const { transfers } = this.#options;
    const { file, decision, about, error } = one;
    const outcome: Outcome = {
      file,
      decision: decision.kind,
      about,
      key,
      over: false,
      transferId: null,
      sessionId: session?.id ?? null,
      error,
    };
    try {
      switch (decision.kind) {
        case 'failed':
          return { record: null, outcome: { ...outcome, error: error ?? failure(one) } };
        case 'skip': {
          const [met] = one.met;
          return {
            record: null,
            outcome: { ...outcome, key: met?.conflict.key ?? key, sessionId: met?.sessionId ?? null },
          };
        }
        case 'continue': {
          const record = transfers.record(decision.transferId);
          if (isAtRest(record.state)) transfers.resume(record.id);
          return {
            record: null,
            outcome: { ...outcome, key: record.key, transferId: record.id, sessionId: record.sessionId },
          };
        }
        case 'anew': {
          const old = transfers.record(decision.transferId);
          transfers.cancel(old.id);
          return this.#send(outcome, { over: old.existing === 'replace', adopt: null }, session, store);
        }
        case 'send':
          return await this.#send(outcome, decision, session, store);
      }
    } catch (caught) {
      if (this.#signal.aborted) throw caught;
      const report = toSluiceError(caught).report();
      return { record: null, outcome: { ...outcome, decision: 'failed', error: report } };
    }
  }

  async #send(
    outcome: Outcome,
    how: { readonly over: boolean; readonly adopt: string | null },
    session: SessionRecord | null,
    store: ObjectStore,
  ): Promise<{ readonly outcome: Outcome; readonly record: TransferRecord | null }> {
    const { drop } = this.#kept;
    const { file, key } = outcome;
    const { source } = file;
    const sent: Outcome = { ...outcome, decision: 'send', over: how.over };
    if (source.kind === 'page') return { outcome: sent, record: null };
    if (session === null) throw new TypeError('a file is sent, and there is no session');
    const record = planFile(file, { kind: 'path', path: source.path }, 'original', {
      session,
      connection: drop.connection,
      keys: styleOf(session),
      partSize: drop.partSize,
      clock: this.#options.clock,
      // Where every file has a key of its own there is nothing to protect.
      existing: key === null || how.over ? 'replace' : 'protect',
      ...(key === null ? {} : { key }),
    });
    const adopted = how.adopt === null ? record : await this.#adopt(record, how.adopt, store);
    return { outcome: { ...sent, key: record.key, transferId: record.id }, record: adopted };
  }

  /** The upload that somebody began, as if this machine had: which of its parts are of this file is proven as it goes on. */
  async #adopt(record: TransferRecord, uploadId: string, store: ObjectStore): Promise<TransferRecord> {
    const upload = await surveyUpload(store, record.key, uploadId, this.#signal);
    if (upload === null) return record; // gone meanwhile: sent from the start
    const fit = fitOf(upload, record.size, store.checksum);
    return fit.kind === 'fits' ? adopting(record, uploadId, fit.plan) : record;
  }
}

/** Sessions that a person chose the folder of keep names; others end in their own id. */
export function styleOf({ prefix, id }: Pick<SessionRecord, 'prefix' | 'id'>): KeyStyle {
  return prefix.endsWith(id) ? 'session' : 'plain';
}

function failure({ about, file, key }: Decided): ErrorReport {
  const refused = about.find(({ chosen }) => chosen === 'fail');
  const path = file.source.kind === 'path' ? file.source.path : file.name;
  return refused?.conflict.kind === 'changed'
    ? sluiceError('SOURCE_CHANGED_SINCE', { path }).report()
    : sluiceError('OBJECT_EXISTS', { key: key ?? refused?.conflict.key ?? file.name }).report();
}
