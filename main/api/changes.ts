import type { Clock } from '#main/ports';
import type { Change } from '#shared/contract';
import type { Delivery, Limits, Output, Preferences, Run, Session, Transfer } from '#shared/domain';
import { Bell } from './bell.ts';
import { PACE_MS } from './watch.ts';

/** Most transfers told at once; the others come with the next batch. */
const TRANSFERS_AT_ONCE = 500;

/** What changed since a page was last told. Records are looked up when it is, so that it gets the newest once. */
interface Pending {
  readonly transfers: Set<string>;
  readonly sessions: Set<string>;
  readonly removedSessions: Set<string>;
  readonly runs: Map<string, Run>;
  readonly outputs: Map<string, Output>;
  readonly removedOutputs: Set<string>;
  readonly deliveries: Map<string, Delivery>;
  connections: boolean;
  preferences: Preferences | null;
  limits: Limits | null;
  readonly bell: Bell;
}

export interface Lookup {
  transfer(id: string): Transfer | null;
  session(id: string): Session | null;
}

/** Gathers what changed for every page that listens, and hands it out in batches. */
export class ChangeHub {
  readonly #clock: Clock;
  readonly #lookup: Lookup;
  readonly #pages = new Set<Pending>();

  constructor(clock: Clock, lookup: Lookup) {
    this.#clock = clock;
    this.#lookup = lookup;
  }

  /** One whose bytes a page sends, so that it knows how it stands; or one that is fetched, and in no list of files. */
  transfer(id: string, sessionId: string): void {
    this.#tell((page) => {
      page.transfers.add(id);
      page.sessions.add(sessionId);
    });
  }

  session(id: string): void {
    this.#tell((page) => page.sessions.add(id));
  }

  sessionRemoved(id: string): void {
    this.#tell((page) => page.removedSessions.add(id));
  }

  run(run: Run): void {
    this.#tell((page) => page.runs.set(run.id, run));
  }

  output(output: Output): void {
    this.#tell((page) => {
      page.outputs.set(output.id, output);
      page.sessions.add(output.sessionId);
    });
  }

  outputRemoved({ id, sessionId }: Output): void {
    this.#tell((page) => {
      page.outputs.delete(id);
      page.removedOutputs.add(id);
      page.sessions.add(sessionId);
    });
  }

  delivery(delivery: Delivery): void {
    this.#tell((page) => page.deliveries.set(delivery.id, delivery));
  }

  connections(): void {
    this.#tell((page) => (page.connections = true));
  }

  preferences(preferences: Preferences): void {
    this.#tell((page) => (page.preferences = preferences));
  }

  limits(limits: Limits): void {
    this.#tell((page) => (page.limits = limits));
  }

  #tell(mark: (page: Pending) => void): void {
    for (const page of this.#pages) {
      mark(page);
      page.bell.ring();
    }
  }

  /** An empty batch at once, then one whenever something changed, until the signal aborts. */
  async *batches(signal: AbortSignal): AsyncGenerator<Change[]> {
    const page: Pending = {
      transfers: new Set(),
      sessions: new Set(),
      removedSessions: new Set(),
      runs: new Map(),
      outputs: new Map(),
      removedOutputs: new Set(),
      deliveries: new Map(),
      connections: false,
      preferences: null,
      limits: null,
      bell: new Bell(),
    };
    this.#pages.add(page);
    try {
      yield [];
      for (;;) {
        const batch = this.#drain(page);
        if (batch.length > 0) {
          yield batch;
          await this.#clock.sleep(PACE_MS, signal);
        } else await page.bell.wait(signal);
      }
    } finally {
      this.#pages.delete(page);
    }
  }

  #drain(page: Pending): Change[] {
    const batch: Change[] = [];
    const ids = [...page.transfers].slice(0, TRANSFERS_AT_ONCE);
    for (const id of ids) page.transfers.delete(id);
    const transfers = ids.flatMap((id) => this.#lookup.transfer(id) ?? []);
    const sessions = [...page.sessions].flatMap((id) => this.#lookup.session(id) ?? []);
    if (transfers.length > 0) batch.push({ kind: 'transfers', transfers });
    if (sessions.length > 0 || page.removedSessions.size > 0) {
      batch.push({ kind: 'sessions', sessions, removed: [...page.removedSessions] });
    }
    if (page.runs.size > 0) batch.push({ kind: 'runs', runs: [...page.runs.values()] });
    if (page.outputs.size > 0 || page.removedOutputs.size > 0) {
      const removed = [...page.removedOutputs];
      batch.push({ kind: 'outputs', outputs: [...page.outputs.values()], removed });
    }
    if (page.deliveries.size > 0)
      batch.push({ kind: 'deliveries', deliveries: [...page.deliveries.values()] });
    if (page.connections) batch.push({ kind: 'connections' });
    if (page.preferences !== null) batch.push({ kind: 'preferences', preferences: page.preferences });
    if (page.limits !== null) batch.push({ kind: 'limits', limits: page.limits });
    const { sessions: told, removedSessions, runs, outputs, removedOutputs, deliveries } = page;
    for (const waiting of [told, removedSessions, runs, outputs, removedOutputs, deliveries]) waiting.clear();
    page.connections = false;
    page.preferences = null;
    page.limits = null;
    return batch;
  }
}
