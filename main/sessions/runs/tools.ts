import type { Journal } from '#main/journal';
import type { Clock, Log, Notifier } from '#main/ports';
import type { Connections } from '#main/storage';
import type { Tables } from '#main/tables';
import type { Transfers } from '#main/transfers';
import type { Output, Run, RunState } from '#shared/domain';
import type { LocalCopies } from '../local-copies.ts';
import type { Sessions } from '../sessions.ts';

export interface RunsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly notifier: Notifier;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly transfers: Transfers;
  readonly copies: LocalCopies;
  readonly tables: Tables;
}

/** What the steps of a run say of where they are. */
export interface Told {
  run(): Run;
  /** Journals the state, and tells it. */
  move(state: RunState): void;
  /** In bytes of the step. */
  progress(done: number, total: number): void;
  output(output: Output): void;
  outputRemoved(output: Output): void;
}
