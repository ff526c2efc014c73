import type { Output } from '#shared/domain';
import { AbortRecords } from './aborts.ts';
import { ActivityRecords } from './activity.ts';
import { ConnectionRecords } from './connections.ts';
import { openDatabase } from './database.ts';
import { DeliveryRecords } from './deliveries.ts';
import { DropRecords } from './drops.ts';
import { FixRecords } from './fixes.ts';
import { FlowRecords } from './flows.ts';
import { OutputRecords } from './outputs.ts';
import { ReadingRecords } from './readings.ts';
import { RecipeRecords } from './recipes.ts';
import { RunRecords } from './runs.ts';
import { SessionRecords } from './sessions.ts';
import { SettingsRecords } from './settings.ts';
import type { TransferRecord } from './transfer-record.ts';
import { TransferRecords } from './transfers.ts';

export { lockFolder } from './folder-lock.ts';
export { newDrop, type DropPlan, type DropRecord } from './drops.ts';
export type { PlannedFile } from './runs.ts';
export type { SessionRecord } from './sessions.ts';
export { fileIdentity } from './transfer-record.ts';
export type {
  OnExisting,
  PartRecord,
  Prepared,
  SourceIdentity,
  TransferRecord,
  UploadStep,
} from './transfer-record.ts';

/** The truth about what this machine did: one repository per aggregate over one SQLite file. */
export interface Journal {
  readonly connections: ConnectionRecords;
  readonly sessions: SessionRecords;
  readonly transfers: TransferRecords;
  readonly readings: ReadingRecords;
  readonly fixes: FixRecords;
  readonly runs: RunRecords;
  readonly recipes: RecipeRecords;
  readonly flows: FlowRecords;
  readonly outputs: OutputRecords;
  readonly deliveries: DeliveryRecords;
  readonly activity: ActivityRecords;
  readonly drops: DropRecords;
  readonly settings: SettingsRecords;
  readonly aborts: AbortRecords;
  /** What a run made and the uploads that will store it: all of it in one commit, or nothing. */
  addOutputs(outputs: readonly Output[], uploads: readonly TransferRecord[]): void;
  close(): void;
}

/** @throws JOURNAL_NEWER, JOURNAL_DAMAGED, DATA_FOLDER_UNUSABLE */
export function openJournal(folder: string): Journal {
  const db = openDatabase(folder);
  const transfers = new TransferRecords(db);
  const outputs = new OutputRecords(db);
  return {
    connections: new ConnectionRecords(db),
    sessions: new SessionRecords(db, () => transfers.forgetRecent()),
    transfers,
    readings: new ReadingRecords(db),
    fixes: new FixRecords(db),
    runs: new RunRecords(db),
    recipes: new RecipeRecords(db),
    flows: new FlowRecords(db),
    outputs,
    deliveries: new DeliveryRecords(db),
    activity: new ActivityRecords(db),
    drops: new DropRecords(db),
    settings: new SettingsRecords(db),
    aborts: new AbortRecords(db),
    addOutputs: (made, uploads) =>
      db.transaction(() => {
        for (const upload of uploads) transfers.insert(upload);
        for (const output of made) outputs.insert(output);
      }),
    close: () => db.close(),
  };
}
export type {
  AbortRecords,
  ActivityRecords,
  ConnectionRecords,
  DeliveryRecords,
  DropRecords,
  OutputRecords,
  ReadingRecords,
  RunRecords,
  SessionRecords,
  SettingsRecords,
  TransferRecords,
};
