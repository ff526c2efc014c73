import { randomUUID } from 'node:crypto';
import type { TransferRecord } from '#main/journal';
import { NO_OPTIONS, type FileQuery } from '#shared/domain';

/** A file that waits its turn. */
export function fileRecord(path: string, changes: Partial<TransferRecord> = {}): TransferRecord {
  return {
    id: randomUUID(),
    sessionId: 's1',
    connectionId: 'builtin',
    direction: 'upload',
    name: path.split('/').at(-1) ?? path,
    relativePath: path,
    source: { kind: 'path', path: `/data/${path}` },
    identity: null,
    size: 10,
    bucket: 'sluice',
    key: `sessions/s1/original/${path}`,
    contentType: 'text/csv',
    options: NO_OPTIONS,
    prepared: null,
    existing: 'replace',
    notBefore: null,
    priority: 0,
    partSize: 10,
    partCount: 1,
    state: { kind: 'queued' },
    step: 'planned',
    uploadId: null,
    adopted: false,
    etag: null,
    sha256: null,
    notice: null,
    receipt: null,
    dropId: null,
    createdAt: 6,
    startedAt: null,
    finishedAt: null,
    ...changes,
  };
}

/** Everything, as it was added. */
export const DEFAULT_QUESTION: Omit<FileQuery, 'sessionId'> = {
  sort: { by: 'added', descending: false },
  group: null,
  text: '',
};
