import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { OnExisting, SessionRecord, TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { contentTypeOf } from '#main/storage';
import { planDownload } from '#main/transfers';
import { NO_OPTIONS } from '#shared/domain';
import { sluiceError } from '#shared/errors';

/** An object that is to be fetched, and what it is called below the folder. */
export interface Wanted {
  readonly session: SessionRecord;
  readonly key: string;
  /** Bytes, as far as is known; the store is asked when its turn comes. */
  readonly size: number;
  /** With forward slashes; safe by now. */
  readonly relativePath: string;
  /** What it would be called if every disk could hold that; null where it is. */
  readonly saidName: string | null;
}

/** @returns a download that waits for its turn */
export function planFetch(
  wanted: Wanted,
  folder: string,
  existing: OnExisting,
  clock: Clock,
): TransferRecord {
  const { session, key, relativePath, saidName } = wanted;
  const steps = relativePath.split('/');
  const name = steps.at(-1) ?? relativePath;
  return {
    id: randomUUID(),
    sessionId: session.id,
    connectionId: session.connectionId,
    direction: 'download',
    name,
    relativePath,
    source: { kind: 'object', path: join(folder, ...steps) },
    identity: null,
    ...planDownload(wanted.size),
    bucket: session.bucket,
    key,
    contentType: contentTypeOf(name),
    options: NO_OPTIONS,
    prepared: null,
    existing,
    notBefore: null,
    priority: 0,
    state: { kind: 'queued' },
    step: 'planned',
    uploadId: null,
    adopted: false,
    dropId: null,
    etag: null,
    sha256: null,
    notice:
      saidName === null
        ? null
        : sluiceError('NAME_CHANGED', { name: saidName, saved: relativePath }).report(),
    receipt: null,
    createdAt: clock.now(),
    startedAt: null,
    finishedAt: null,
  };
}
