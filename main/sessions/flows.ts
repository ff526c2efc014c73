import { randomUUID } from 'node:crypto';
import type { Journal, TransferRecord } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Tables } from '#main/tables';
import type { Transfers } from '#main/transfers';
import type { Flow, FlowDraft, FlowRule } from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError } from '#shared/errors';
import type { LocalCopies } from './local-copies.ts';
import type { Runs } from './runs/index.ts';

export interface FlowsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly transfers: Transfers;
  readonly copies: LocalCopies;
  readonly tables: Tables;
  readonly runs: Runs;
}

/**
 * What is done by itself with uploads: a flow's recipe is run over each upload that ends after the flow was made and is like
 * what it was made for. Outputs are never taken for uploads, nor is a file that is an output brought back.
 */
export class Flows {
  readonly #options: FlowsOptions;
  readonly #queued = new Set<string>();
  readonly #stop = new AbortController();
  #flows: readonly Flow[];
  #working: Promise<void> | null = null;

  constructor(options: FlowsOptions) {
    this.#options = options;
    this.#flows = options.journal.flows.list();
  }

  list(): readonly Flow[] {
    return this.#flows;
  }

  /** @param id of the flow that is changed; null makes one. Throws NOT_FOUND. */
  save(id: string | null, draft: FlowDraft): Flow {
    const known = id === null ? null : this.#flows.find((flow) => flow.id === id);
    if (known === undefined) throw sluiceError('NOT_FOUND', { what: 'such flow' });
    const { journal, clock } = this.#options;
    const flow = { ...draft, id: known?.id ?? randomUUID(), createdAt: known?.createdAt ?? clock.now() };
    journal.flows.save(flow);
    this.#flows = journal.flows.list();
    return flow;
  }

  /** Runs that it began go on. Throws NOT_FOUND. */
  remove(id: string): void {
    if (!this.#flows.some((flow) => flow.id === id)) throw sluiceError('NOT_FOUND', { what: 'such flow' });
    this.#options.journal.flows.remove(id);
    this.#flows = this.#options.journal.flows.list();
  }

  /** Something of a transfer moved. */
  changed(id: string): void {
    if (this.#flows.length > 0 && this.#candidates(this.#options.transfers.record(id)).length > 0)
      this.#enqueue(id);
  }

  /** Looks at what ended while nobody was there to look. */
  recover(): void {
    if (this.#flows.length === 0) return;
    const since = Math.min(...this.#flows.map(({ createdAt }) => createdAt));
    for (const id of this.#options.journal.flows.notLookedAt(since)) this.#enqueue(id);
  }

  /** Resolves once all that ended so far was looked at. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async close(): Promise<void> {
    this.#queued.clear();
    this.#stop.abort();
    await this.#working;
  }

  /** Flows that an upload may be for, by what is known of it without opening it; those switched off too. */
  #candidates(record: TransferRecord): readonly Flow[] {
    const { direction, state, source, createdAt, name } = record;
    if (direction !== 'upload' || state.kind !== 'done' || source.kind === 'output') return [];
    return this.#flows.filter((flow) => createdAt >= flow.createdAt && fitsName(flow.rule, name));
  }

  #enqueue(id: string): void {
    if (this.#stop.signal.aborted || this.#options.journal.flows.wasLookedAt(id)) return;
    this.#queued.add(id);
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    await Promise.resolve(); // so that what ends in one turn is looked at in one go
    for (const id of this.#queued) {
      try {
        await this.#look(id);
      } catch (error) {
        // Not marked as looked at: the next start looks again.
        if (!this.#stop.signal.aborted) this.#options.log.error(`no flow was held against ${id}`, error);
      }
      this.#queued.delete(id);
      if (this.#stop.signal.aborted) return;
    }
  }

  async #look(id: string): Promise<void> {
    const { journal, runs } = this.#options;
    const record = journal.transfers.get(id);
    if (record === null) return;
    const ownOutput =
      record.receipt !== null && journal.outputs.hasBytes(record.receipt.crc32, record.receipt.object.size);
    const flows = ownOutput ? [] : this.#candidates(record).filter(({ enabled }) => enabled);
    for (const flow of flows) {
      if (journal.runs.hasOfFlow(id, flow.id) || !(await this.#fitsColumns(flow, record))) continue;
      const { recipe, formats, options, name } = flow;
      runs.start({ transferId: id, recipe, formats, options, flow: { id: flow.id, name } });
    }
    journal.flows.lookedAt(id);
  }

  async #fitsColumns({ rule, name }: Flow, record: TransferRecord): Promise<boolean> {
    if (rule.columns === null) return true;
    const { journal, copies, tables } = this.#options;
    const { signal } = this.#stop;
    try {
      const path = await copies.sample(record, signal);
      const { columns } = await tables.preview({ path, reading: journal.readings.of(record.id) }, signal);
      return sameNames(
        rule.columns,
        columns.map((column) => column.name),
      );
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = toSluiceError(error);
      if (failure.kind === 'bug' && !isSluiceError(error)) throw error;
      // What is no table is for no flow, unless its name says that it should be.
      if (rule.namePattern !== null) this.#note(record, `${name}: ${failure.code}`);
      return false;
    }
  }

  #note({ sessionId, name }: TransferRecord, detail: string): void {
    const at = this.#options.clock.now();
    const outcome = 'failed';
    this.#options.journal.activity.add({ at, sessionId, action: 'flow', subject: name, outcome, detail });
  }
}

function sameNames(wanted: readonly string[], found: readonly string[]): boolean {
  return wanted.toSorted().join('\n') === found.toSorted().join('\n');
}

function fitsName({ namePattern }: FlowRule, name: string): boolean {
  return namePattern === null || patternOf(namePattern).test(name);
}

/** `*` stands for any letters and `?` for one. */
function patternOf(pattern: string): RegExp {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => {
    switch (sign) {
      case '*':
        return '.*';
      case '?':
        return '.';
      default:
        return `\\${sign}`;
    }
  });
  return new RegExp(`^${source}$`, 'isu');
}
