import { z } from 'zod';
import {
  errorReport,
  receipt,
  transferSource,
  transferState,
  uploadOptions,
  type TransferSource,
  type UploadOptions,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { Row } from './database.ts';
import type { OnExisting, Prepared, TransferRecord, UploadStep } from './transfer-record.ts';

const ON_EXISTING: ReadonlySet<unknown> = new Set<OnExisting>(['replace', 'protect', 'skip', 'rename']);

/** Most rows hold one of a few texts: each is read once, and what it says is held once. */
function once<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= KNOWN_TEXTS) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

const KNOWN_TEXTS = 1000;
const same = once((text) => text);
const readOptions = once((text) => uploadOptions.parse(JSON.parse(text)));
const readState = once((text) => transferState.parse(JSON.parse(text)));

const STEPS: ReadonlySet<string> = new Set<UploadStep>([
  'planned',
  'creating',
  'uploading',
  'completing',
  'stored',
]);

/**
 * A row that somebody damaged is a transfer that failed, not the end of all others: what can be read of it is kept, and
 * what cannot is replaced by what promises least.
 */
export function toRecord(row: Row): TransferRecord {
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  const name = String(row['name']);
  let damaged = false;
  const read = <T>(column: string, parse: (text: string) => T, instead: T): T => {
    const value = text(column);
    if (value === null) return instead;
    try {
      return parse(value);
    } catch {
      damaged = true;
      return instead;
    }
  };
  const size = Number(row['size']);
  const partSize = Number(row['part_size']);
  const partCount = Number(row['part_count']);
  // The parts make up the whole, or it is not the plan that was made.
  const isUpload = row['direction'] !== 'download';
  if (isUpload && !(partSize > 0 && partCount === Math.max(1, Math.ceil(size / partSize)))) damaged = true;
  const uploadId = text('upload_id');
  const step = read('step', asStep, uploadId === null ? 'creating' : 'uploading');
  const record: TransferRecord = {
    id: String(row['id']),
    sessionId: same(String(row['session_id'])),
    connectionId: same(String(row['connection_id'])),
    direction: row['direction'] === 'download' ? 'download' : 'upload',
    name,
    relativePath: String(row['relative_path']),
    source: read('source', (value) => transferSource.parse(JSON.parse(value)), NO_SOURCE),
    identity: read('identity', (value) => sourceIdentity.parse(JSON.parse(value)), null),
    size,
    bucket: same(String(row['bucket'])),
    key: String(row['key']),
    contentType: same(String(row['content_type'])),
    options: read('options', readOptions, NO_OPTIONS),
    prepared: read('prepared', (text) => JSON.parse(text) as Prepared, null),
    // What an edited journal says of it is not a right to write over anything.
    existing: ON_EXISTING.has(row['existing']) ? (row['existing'] as OnExisting) : 'protect',
    notBefore: number('not_before'),
    priority: Number(row['priority']),
    partSize,
    partCount,
    state: read('state', readState, { kind: 'paused' }),
    step,
    uploadId,
    adopted: Number(row['adopted']) === 1,
    etag: text('etag'),
    sha256: text('sha256'),
    notice: read('notice', (value) => errorReport.parse(JSON.parse(value)), null),
    receipt: read('receipt', (value) => receipt.parse(JSON.parse(value)), null),
    dropId: row['drop_id'] === null ? null : same(String(row['drop_id'])),
    createdAt: Number(row['created_at']),
    startedAt: number('started_at'),
    finishedAt: number('finished_at'),
  };
  if (!damaged || record.state.kind === 'cancelled' || record.state.kind === 'done') return record;
  return { ...record, state: { kind: 'failed', error: sluiceError('RECORD_DAMAGED', { name }).report() } };
}

const NO_SOURCE: TransferSource = { kind: 'path', path: '' };
const NO_OPTIONS: UploadOptions = uploadOptions.parse({});

function asStep(text: string): UploadStep {
  if (!STEPS.has(text)) throw new RangeError(`${text} is no step`);
  return text as UploadStep;
}

const sourceIdentity = z.object({
  size: z.number(),
  modifiedNs: z.string(),
  changedNs: z.string(),
  fileId: z.string(),
});
