import { randomUUID } from 'node:crypto';
import type { OnExisting } from '#main/journal';
import { planFetch } from '#main/sessions';
import type { UploadRig } from './upload-rig.ts';

export interface Fetch {
  readonly key: string;
  readonly size: number;
  /** Where it goes. */
  readonly folder: string;
  readonly existing?: OnExisting;
  /** What it is called there; its key where that is left out. */
  readonly as?: string;
}

/** Queues a download, in a session of its own. @returns its id */
export function queueFetch(
  rig: UploadRig,
  { key, size, folder, existing = 'protect', as = key }: Fetch,
): string {
  const session = {
    id: randomUUID(),
    title: 'a download',
    connectionId: rig.connection.id,
    bucket: rig.connection.bucket,
    prefix: '',
    createdAt: Date.now(),
    retentionDays: null,
    removing: false,
    custody: null,
    folder,
  };
  rig.journal.sessions.insert(session);
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const record = planFetch({ session, key, size, relativePath: as, saidName: null }, folder, existing, clock);
  rig.transfers.add([record]);
  return record.id;
}
