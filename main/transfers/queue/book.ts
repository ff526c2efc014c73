import type { Journal } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Receipt, TransferState } from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError, type SluiceError } from '#shared/errors';
import type { Live } from '../live.ts';
import type { Spool } from '../source/index.ts';
import { isActive, isAtRest, mayFollow } from '../state.ts';
import { Roster } from './roster.ts';

export interface BookOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: Spool;
}

/** Where every transfer stands: memory and journal kept agreed, and who asked is told of every change. */
export class Book {
  readonly #options: BookOptions;
  readonly roster = new Roster();
  readonly #listeners = new Set<(id: string) => void>();
  /** Who waits for a transfer to come to rest. By id: ten thousand wait at once. */
  readonly #settling = new Map<string, (() => void)[]>();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  /** @throws NOT_FOUND */
  get(id: string): Live {
    const live = this.roster.get(id);
    if (live === undefined) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return live;
  }

  /** @returns a function that stops telling */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells that something of a transfer moved. */
  changed(id: string): void {
    const live = this.roster.get(id);
    if (live !== undefined) this.roster.count(live);
    for (const listener of this.#listeners) listener(id);
    const settling = this.#settling.get(id);
    if (settling === undefined || !isAtRest(this.get(id).record.state)) return;
    this.#settling.delete(id);
    for (const resolve of settling) resolve();
  }

  /** Resolves once this transfer has come to rest. */
  async settled(id: string): Promise<TransferState> {
    for (;;) {
      const { record } = this.get(id);
      if (isAtRest(record.state)) return record.state;
      await new Promise<void>((resolve) => {
        const others = this.#settling.get(id);
        if (others === undefined) this.#settling.set(id, [resolve]);
        else others.push(resolve);
      });
    }
  }

  setState(live: Live, state: TransferState): void {
    const from = live.record.state.kind;
    if (!mayFollow(from, state.kind)) throw new TypeError(`${from} cannot become ${state.kind}`);
    const finishedAt = isAtRest(state) && state.kind !== 'paused' ? this.#options.clock.now() : null;
    // What moves by itself is journalled as a whole by its steps; only what a start must know is worth a commit.
    const { transfers } = this.#options.journal;
    // That it was put off was decided by a person, as its rest is.
    if (isAtRest(state) || state.kind === 'scheduled') transfers.saveState(live.record.id, state, finishedAt);
    else if (isActive(state) !== isActive(live.record.state)) transfers.noteState(live.record.id, state);
    live.record = { ...live.record, state, finishedAt };
    this.changed(live.record.id);
  }

  /** What a person should know of how it went. */
  notice(live: Live, notice: SluiceError): void {
    this.#options.journal.transfers.saveNotice(live.record.id, notice.report());
    live.record = { ...live.record, notice: notice.report() };
    this.changed(live.record.id);
  }

  finish(live: Live, receipt: Receipt): void {
    const now = this.#options.clock.now();
    this.#options.journal.transfers.saveReceipt(live.record.id, receipt, { kind: 'done' }, now);
    // The receipt stays in the journal: those of a hundred thousand would fill the memory.
    live.record = { ...live.record, step: 'stored', state: { kind: 'done' }, finishedAt: now };
    live.tracker = null;
    this.#forgetSpool(live);
    this.note(live, 'ok', receipt.crc32);
    this.changed(live.record.id);
  }

  /** Its object was there and is not any more. */
  takenBack(live: Live): void {
    const state = { kind: 'cancelled' } as const;
    this.#options.journal.transfers.saveState(live.record.id, state, this.#options.clock.now());
    live.record = { ...live.record, state };
    this.note(live, 'cancelled', 'taken back');
    this.changed(live.record.id);
  }

  fail(live: Live, error: unknown): void {
    const failure = toSluiceError(error);
    if (!isSluiceError(error))
      this.#options.log.error(`${live.record.direction} of ${live.record.name} failed`, error);
    this.setState(live, { kind: 'failed', error: failure.report() });
    this.note(live, 'failed', failure.code);
  }

  /** Into the trail of what was done. */
  note(live: Live, outcome: 'ok' | 'failed' | 'cancelled', detail: string): void {
    const { sessionId, key, direction } = live.record;
    const at = this.#options.clock.now();
    this.#options.journal.activity.add({ at, sessionId, action: direction, subject: key, outcome, detail });
  }

  /** What a file was compressed to is of no use once it is stored. */
  #forgetSpool({ record: { id, name, prepared } }: Live): void {
    if (prepared?.packing?.kind !== 'packed') return;
    this.#options.spool.forget(id).catch((error: unknown) => {
      this.#options.log.error(`what ${name} was compressed to is still there`, error); // and swept at the next start
    });
  }
}
