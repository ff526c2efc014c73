import type { CustodyDesk } from '#main/custody';
import type { Journal } from '#main/journal';
import type { Clock, FilePicker, Log, Opener, PreferenceStore } from '#main/ports';
import type {
  DropPlans,
  Drops,
  Flows,
  Leftovers,
  LocalCopies,
  Manifests,
  Outputs,
  Runs,
  Sessions,
} from '#main/sessions';
import type { Connections } from '#main/storage';
import type { TableLimits, Tables } from '#main/tables';
import type { Limits, Transfers } from '#main/transfers';
import type { SystemInfo, TablesSettings } from '#shared/domain';
import type { ChangeHub } from './changes.ts';
import type { Deliveries } from './deliveries.ts';

/** Who calls. */
export interface CallContext {
  /** Aborts when the page at the other end goes away. */
  readonly gone: AbortSignal;
}

/** What handlers call. */
export interface Services {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly picker: FilePicker;
  readonly opener: Opener;
  readonly preferences: PreferenceStore;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly limits: Limits;
  readonly sessions: Sessions;
  readonly dropPlans: DropPlans;
  readonly leftovers: Leftovers;
  readonly custody: CustodyDesk;
  readonly drops: Drops;
  readonly manifests: Manifests;
  readonly copies: LocalCopies;
  readonly runs: Runs;
  readonly flows: Flows;
  readonly outputs: Outputs;
  readonly deliveries: Deliveries;
  readonly tables: Tables;
  /** What the process of tables may take, by the settings. */
  readonly limitsOfTables: (settings: TablesSettings) => TableLimits;
  readonly changes: ChangeHub;
  readonly info: SystemInfo;
  /** The sample file that ships with the app. */
  readonly sampleFile: string;
}
