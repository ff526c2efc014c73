import { randomUUID } from 'node:crypto';
import { newDrop, type SessionRecord, type TransferRecord } from '#main/journal';
import { surveyObject, surveyUpload, sweepObjects, type ObjectStore } from '#main/storage';
import { decide, fileFits, freeKey, isAtRest, renamedKey, type Decision } from '#main/transfers';
import { sluiceError, toSluiceError, type ErrorReport } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { Chooser, DropPlansOptions, LookedThrough, Outcome, Started } from './drop.ts';
import { eachOf } from './each-of.ts';
import { adopting, planFile, titleOf, type KeyStyle } from './intake.ts';
import { alike, type DropFile, type Meeting } from './meet/index.ts';

const REQUESTS = 16;

/** Where a file goes that is to stand beside another object, and whether it stands there already. */
interface Beside {
  readonly key: string;
  readonly isThere: boolean;
}

interface Decided extends Meeting {
  readonly decision: Decision | { readonly kind: 'failed' };
  readonly about: Outcome['about'];
}

/** One plan being carried out. */
export class DropStart {
  readonly #kept: LookedThrough;
  readonly #choose: Chooser;
  readonly #options: DropPlansOptions;
  readonly #signal: AbortSignal;
  readonly #dropId = randomUUID();

  constructor(kept: LookedThrough, choose: Chooser, options: DropPlansOptions, signal: AbortSignal) {
    this.#kept = kept;
    this.#choose = choose;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<Started> {
    const { drop, meetings } = this.#kept;
    const decided = meetings.map((meeting) => this.#decide(meeting));
    const beside = await this.#namesBeside(decided);
    await this.#discard(decided);
    const session = this.#session(decided.filter(({ file }) => beside.get(file)?.isThere !== true));
    const store = await this.#options.connections.store(drop.connection.id);
    const planned: TransferRecord[] = [];
    const outcomes: Outcome[] = [];
    for (const one of decided) {
      const place = beside.get(one.file) ?? { key: one.key, isThere: false };
      const outcome = await this.#carryOut(one, place, session, store);
      outcomes.push(outcome.outcome);
      if (outcome.record !== null) planned.push(outcome.record);
    }
    if (session !== null) this.#journal(session, planned, outcomes);
    return { session, outcomes };
  }

  /** As a drop whose files were all found: so that it is told of, and proven, as others are. */
  #journal(session: SessionRecord, planned: readonly TransferRecord[], outcomes: readonly Outcome[]): void {
    const { journal, transfers, clock, changed } = this.#options;
    const { connection, prefix, partSize, options, notBefore, priority, looked } = this.#kept.drop;
    const { roots, rules, leftOut, refused } = looked;
    if (roots.length > 0) {
      const plan = {
        roots: [...roots],
        rules,
        connectionId: connection.id,
        prefix,
        partSize,
        options,
        existing: 'protect' as const,
        notBefore,
        priority,
      };
      const drop = newDrop(this.#dropId, session.id, plan, clock.now());
      journal.drops.insert({ ...drop, state: 'found', leftOut });
      const failed = outcomes.flatMap(({ file, error }) =>
        error === null ? [] : [{ name: pathOf(file), error }],
      );
      journal.drops.addRefusals(drop.id, [...refused, ...failed]);
    }
    transfers.add(planned);
    changed(session.id);
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

  /**
   * A name for each file that is to stand beside what is there: free in the bucket, and among these files. Where it
   * stands there already under such a name, it is not sent again.
   */
  async #namesBeside(decided: readonly Decided[]): Promise<ReadonlyMap<DropFile, Beside>> {
    const renamed = decided.filter(({ decision }) => decision.kind === 'send' && decision.renamed);
    const taken = new Set(decided.flatMap(({ key }) => key ?? []));
    for (const { key, state } of this.#options.transfers.records()) if (!isAtRest(state)) taken.add(key);
    const store = await this.#options.connections.store(this.#kept.drop.connection.id);
    const stored = new Map<string, number>();
    await eachOf(renamed, REQUESTS, async ({ key }) => {
      if (key === null) return;
      const first = renamedKey(key, 2);
      const start = first.slice(0, first.lastIndexOf('~') + 1);
      for await (const object of sweepObjects(store, start, this.#signal))
        stored.set(object.key, object.size);
    });
    const beside = new Map<DropFile, Beside>();
    for (const { file, key } of renamed) {
      if (key === null) continue;
      const same = await this.#sameBeside(file, key, stored, store);
      const free = same ?? freeKey(key, (candidate) => taken.has(candidate) || stored.has(candidate));
      taken.add(free);
      beside.set(file, { key: free, isThere: same !== null });
    }
    return beside;
  }

  /** @returns the name beside the key at which the very content stands; null where there is none */
  async #sameBeside(
    file: DropFile,
    key: string,
    stored: ReadonlyMap<string, number>,
    store: ObjectStore,
  ): Promise<string | null> {
    const { bySize } = this.#kept.drop;
    for (let number = 2; ; number += 1) {
      const candidate = renamedKey(key, number);
      const size = stored.get(candidate);
      if (size === undefined) return null;
      if (size !== file.size) continue;
      const there = await surveyObject(store, candidate, this.#signal);
      if (there !== null && (await alike(file, there, { bySize, signal: this.#signal })) === 'identical')
        return candidate;
    }
  }

  /** What is in the way is deleted before anything is sent to its key. */
  async #discard(decided: readonly Decided[]): Promise<void> {
    const { leftovers } = this.#options;
    const unwanted = decided.flatMap(({ decision, key }) =>
      decision.kind === 'send' && key !== null ? decision.discard.map((uploadId) => ({ key, uploadId })) : [],
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
    const title = titleOf([
      ...new Set(drop.files.map(({ relativePath }) => relativePath.split('/')[0] ?? '')),
    ]);
    return sessions.create(drop.connection, title, drop.prefix);
  }

  async #carryOut(
    one: Decided,
    { key, isThere }: { readonly key: string | null; readonly isThere: boolean },
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
    if (isThere) return { record: null, outcome: { ...outcome, decision: 'skip', sessionId: null } };
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
        default:
          return assertNever(decision);
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
      dropId: this.#dropId,
      ...(drop.options === null ? {} : { options: drop.options }),
      notBefore: drop.notBefore,
      priority: drop.priority,
      // Where every file has a key of its own there is nothing to protect.
      existing: key === null || how.over ? 'replace' : 'protect',
      ...(key === null ? {} : { key }),
    });
    const adopted = how.adopt === null ? record : await this.#adopt(record, source.path, how.adopt, store);
    return { outcome: { ...sent, key: record.key, transferId: record.id }, record: adopted };
  }

  /** The upload that somebody began, as if this machine had: which of its parts are of this file is proven as it goes on. */
  async #adopt(
    record: TransferRecord,
    path: string,
    uploadId: string,
    store: ObjectStore,
  ): Promise<TransferRecord> {
    const upload = await surveyUpload(store, record.key, uploadId, this.#signal);
    if (upload === null) return record; // gone meanwhile: sent from the start
    const fit = await fileFits(path, upload, store.checksum, this.#signal);
    return fit.kind === 'fits' ? adopting(record, uploadId, fit.plan) : record;
  }
}

/** Sessions that a person chose the folder of keep names; others end in their own id. */
export function styleOf({ prefix, id }: Pick<SessionRecord, 'prefix' | 'id'>): KeyStyle {
  return prefix.endsWith(id) ? 'session' : 'plain';
}

function failure({ about, file, key }: Decided): ErrorReport {
  const refused = about.find(({ chosen }) => chosen === 'fail');
  return refused?.conflict.kind === 'changed'
    ? sluiceError('SOURCE_CHANGED_SINCE', { path: pathOf(file) }).report()
    : sluiceError('OBJECT_EXISTS', { key: key ?? refused?.conflict.key ?? file.name }).report();
}

/** What a file is called where it is told of. */
export const pathOf = ({ source, relativePath }: DropFile): string =>
  source.kind === 'path' ? source.path : relativePath;
