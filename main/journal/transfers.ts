import { z } from 'zod';
import {
  errorReport,
  receipt,
  transferSource,
  transferState,
  uploadOptions,
  type Receipt,
  type TransferSource,
  type TransferState,
  type UploadOptions,
} from '#shared/domain';
import { sluiceError, type ErrorReport } from '#shared/errors';
import type { Database, Row } from './database.ts';

/** How far the effects of an upload went. Written before the effect it names. */
export type UploadStep = 'planned' | 'creating' | 'uploading' | 'completing' | 'stored';

/** What tells one state of a file from another. Times in ns since the epoch, as decimal strings. */
export interface SourceIdentity {
  readonly size: number;
  readonly modifiedNs: string;
  readonly changedNs: string;
  readonly fileId: string;
}

/** What was found of a file before it was sent. Holds for every later try. */
export interface Prepared {
  /** Beside what the options say. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What a person should know of how it is sent. */
  readonly notes: readonly string[];
  /** null where nobody asked for it, or it was not done yet. */
  readonly packing:
    | null
    /** It is compressed already. */
    | { readonly kind: 'skipped' }
    /** What is sent was made of the file as it was then; its CRC-32. */
    | {
        readonly kind: 'packed';
        readonly packer: 'gzip' | 'zstd';
        readonly source: SourceIdentity;
        readonly crc32: number;
      };
}

/**
 * What becomes of an object at the key, or of a file at the path: `protect` fails rather than write over it. Of
 * downloads alone, `skip` is content with a file that is the same, and `rename` takes the next free name.
 */
export type OnExisting = 'replace' | 'protect' | 'skip' | 'rename';
const ON_EXISTING: ReadonlySet<unknown> = new Set<OnExisting>(['replace', 'protect', 'skip', 'rename']);

export interface TransferRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly connectionId: string;
  readonly direction: 'upload' | 'download';
  readonly name: string;
  readonly relativePath: string;
  readonly source: TransferSource;
  /** Of what is sent: of a compressed file, what it was compressed to. */
  readonly identity: SourceIdentity | null;
  readonly size: number;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly options: UploadOptions;
  readonly prepared: Prepared | null;
  /** What becomes of what stands where it goes. */
  readonly existing: OnExisting;
  /** Does not start before, ms since the epoch. */
  readonly notBefore: number | null;
  /** Larger goes first. */
  readonly priority: number;
  readonly partSize: number;
  readonly partCount: number;
  readonly state: TransferState;
  readonly step: UploadStep;
  readonly uploadId: string | null;
  /** The upload id was begun by another program: the object will not carry the mark of this transfer. */
  readonly adopted: boolean;
  /** Of a download: the version of the object that is fetched. */
  readonly etag: string | null;
  /** Of the source, in hex. */
  readonly sha256: string | null;
  readonly notice: ErrorReport | null;
  readonly receipt: Receipt | null;
  /** The drop that found it; null where it came otherwise. */
  readonly dropId: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** A part the store acknowledged. */
export interface PartRecord {
  readonly number: number;
  readonly crc32: number;
  readonly etag: string | null;
}

/** Of the file itself, whatever is sent of it. */
export function fileIdentity({ prepared, identity }: TransferRecord): SourceIdentity | null {
  return prepared?.packing?.kind === 'packed' ? prepared.packing.source : identity;
}

/** More than are under way at once. */
const RECENT = 512;

/** Takes a few milliseconds. */
const PAGE_ROWS = 500;

const PAGE = `
  SELECT rowid AS place, id, session_id, connection_id, direction, name, relative_path, source, identity, size, bucket, key,
    content_type, options, existing, not_before, priority, part_size, part_count, state, step, upload_id, adopted, etag, sha256,
    prepared, notice, NULL AS receipt, drop_id, created_at, started_at, finished_at
  FROM transfers WHERE rowid > :after ORDER BY rowid LIMIT :limit`;

const SAVE_STATE = 'UPDATE transfers SET state = :state, finished_at = :finishedAt WHERE id = :id';

/**
 * Intents are on disk when their call returns. Observations (what was found, what landed, a receipt) are written softly:
 * the end of the process loses at most those of the same turn of the loop, a power cut those of the last second, and what
 * is lost is found out from the store again.
 */
export class TransferRecords {
  readonly #db: Database;
  /** As the rows are: what is under way is asked for again and again. */
  readonly #recent = new Map<string, TransferRecord>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows went with their session. */
  forgetRecent(): void {
    this.#recent.clear();
  }

  #keep(record: TransferRecord): TransferRecord {
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size < RECENT) break;
      this.#recent.delete(oldest);
    }
    this.#recent.set(record.id, record);
    return record;
  }

  /** What a write just changed in the row. */
  #changed(id: string, change: Partial<TransferRecord>): void {
    const known = this.#recent.get(id);
    if (known !== undefined) this.#recent.set(id, { ...known, ...change });
  }

  /** One transaction for all of them: a drop of ten thousand files is one commit. */
  insertAll(records: readonly TransferRecord[]): void {
    this.#db.transaction(() => {
      for (const record of records) this.insert(record);
    });
  }

  /** As `insertAll`, for what is found again should a power cut take it. */
  insertAllSoftly(records: readonly TransferRecord[]): void {
    this.#db.transactionSoftly(() => {
      for (const record of records) this.insert(record);
    });
  }

  insert(record: TransferRecord): void {
    this.#db.run(
      `INSERT INTO transfers (id, session_id, connection_id, direction, name, relative_path, source, identity, size,
         bucket, key, content_type, options, existing, not_before, priority, part_size, part_count, state, step,
         upload_id, adopted, drop_id, created_at)
       VALUES (:id, :sessionId, :connectionId, :direction, :name, :relativePath, :source, :identity, :size,
         :bucket, :key, :contentType, :options, :existing, :notBefore, :priority, :partSize, :partCount, :state, :step,
         :uploadId, :adopted, :dropId, :createdAt)`,
      {
        id: record.id,
        sessionId: record.sessionId,
        connectionId: record.connectionId,
        direction: record.direction,
        name: record.name,
        relativePath: record.relativePath,
        source: JSON.stringify(record.source),
        identity: record.identity === null ? null : JSON.stringify(record.identity),
        size: record.size,
        bucket: record.bucket,
        key: record.key,
        contentType: record.contentType,
        options: JSON.stringify(record.options),
        existing: record.existing,
        notBefore: record.notBefore,
        priority: record.priority,
        partSize: record.partSize,
        partCount: record.partCount,
        state: JSON.stringify(record.state),
        step: record.step,
        uploadId: record.uploadId,
        adopted: record.adopted ? 1 : 0,
        dropId: record.dropId,
        createdAt: record.createdAt,
      },
    );
  }

  get(id: string): TransferRecord | null {
    const known = this.#recent.get(id);
    if (known !== undefined) return known;
    const row = this.#db.one('SELECT * FROM transfers WHERE id = :id', { id });
    return row === null ? null : this.#keep(toRecord(row));
  }

  /**
   * All of them in the order they were added, page by page, so that a caller can do other things in between. Without
   * their receipts: those of a hundred thousand would fill the memory, and few are ever looked at.
   */
  *pages(): Generator<readonly TransferRecord[]> {
    for (let after: number | null = 0; after !== null;) {
      const rows: readonly Row[] = this.#db.all(PAGE, { after, limit: PAGE_ROWS });
      yield rows.map(toRecord);
      const last = rows.at(-1);
      after = last === undefined ? null : Number(last['place']);
    }
  }

  /** null where it is not done. @throws RECORD_DAMAGED */
  receipt(id: string): Receipt | null {
    const row = this.#db.one('SELECT name, receipt FROM transfers WHERE id = :id', { id });
    const proof = row?.['receipt'] ?? null;
    if (proof === null) return null;
    try {
      return receipt.parse(JSON.parse(String(proof)));
    } catch (error) {
      throw sluiceError('RECORD_DAMAGED', { name: String(row?.['name']) }, error);
    }
  }

  saveState(id: string, state: TransferState, finishedAt: number | null): void {
    this.#db.run(SAVE_STATE, { id, state: JSON.stringify(state), finishedAt });
    this.#changed(id, { state, finishedAt });
  }

  /** Of a state that comes by itself: nobody decided it. */
  noteState(id: string, state: TransferState): void {
    this.#db.runSoftly(SAVE_STATE, { id, state: JSON.stringify(state), finishedAt: null });
    this.#changed(id, { state, finishedAt: null });
  }

  saveStarted(id: string, startedAt: number): void {
    this.#db.runSoftly('UPDATE transfers SET started_at = coalesce(started_at, :startedAt) WHERE id = :id', {
      id,
      startedAt,
    });
    this.#changed(id, { startedAt: this.#recent.get(id)?.startedAt ?? startedAt });
  }

  saveIdentity(id: string, identity: SourceIdentity): void {
    this.#db.runSoftly('UPDATE transfers SET identity = :identity, size = :size WHERE id = :id', {
      id,
      identity: JSON.stringify(identity),
      size: identity.size,
    });
    this.#changed(id, { identity, size: identity.size });
  }

  /** With the size it is made for: a plan and a size that do not belong together are never found. */
  savePlan(id: string, plan: Pick<TransferRecord, 'size' | 'partSize' | 'partCount'>): void {
    const { size, partSize, partCount } = plan;
    this.#db.run(
      'UPDATE transfers SET size = :size, part_size = :partSize, part_count = :partCount WHERE id = :id',
      { id, size, partSize, partCount },
    );
    this.#changed(id, { size, partSize, partCount });
  }

  /** With where it goes and as what: both may be others than its name let expect. */
  savePrepared(
    id: string,
    prepared: Prepared,
    { key, contentType }: Pick<TransferRecord, 'key' | 'contentType'>,
  ): void {
    this.#db.runSoftly(
      'UPDATE transfers SET prepared = :prepared, key = :key, content_type = :contentType WHERE id = :id',
      { id, prepared: JSON.stringify(prepared), key, contentType },
    );
    this.#changed(id, { prepared, key, contentType });
  }

  saveNotBefore(id: string, notBefore: number | null): void {
    this.#db.run('UPDATE transfers SET not_before = :notBefore WHERE id = :id', { id, notBefore });
    this.#changed(id, { notBefore });
  }

  savePriority(id: string, priority: number): void {
    this.#db.run('UPDATE transfers SET priority = :priority WHERE id = :id', { id, priority });
    this.#changed(id, { priority });
  }

  saveNotice(id: string, notice: ErrorReport | null): void {
    this.#db.runSoftly('UPDATE transfers SET notice = :notice WHERE id = :id', {
      id,
      notice: notice === null ? null : JSON.stringify(notice),
    });
    this.#changed(id, { notice });
  }

  /** Of the source: found out in the pass that sent it. */
  saveSha256(id: string, sha256: string): void {
    this.#db.runSoftly('UPDATE transfers SET sha256 = :sha256 WHERE id = :id', { id, sha256 });
    this.#changed(id, { sha256 });
  }

  saveStep(id: string, step: UploadStep): void {
    this.#db.run('UPDATE transfers SET step = :step WHERE id = :id', { id, step });
    this.#changed(id, { step });
  }

  /** As `saveStep`, with one wait for the disk shared by all transfers that take a step meanwhile. */
  async saveStepTogether(id: string, step: UploadStep): Promise<void> {
    this.#db.runSoftly('UPDATE transfers SET step = :step WHERE id = :id', { id, step });
    this.#changed(id, { step });
    await this.#db.durable();
  }

  saveUploadId(id: string, uploadId: string): void {
    this.#db.run(`UPDATE transfers SET upload_id = :uploadId, step = 'uploading' WHERE id = :id`, {
      id,
      uploadId,
    });
    this.#changed(id, { uploadId, step: 'uploading' });
  }

  /** Back to the start: nothing of an earlier upload id counts any more. */
  forgetUpload(id: string): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM parts WHERE transfer_id = :id', { id });
      this.#db.run(`UPDATE transfers SET upload_id = NULL, adopted = 0, step = 'planned' WHERE id = :id`, {
        id,
      });
    });
    this.#changed(id, { uploadId: null, adopted: false, step: 'planned' });
  }

  /**
   * Of a download: the version that is fetched, and how it is cut. Nothing of an earlier one counts any more. Should a
   * power cut take it, the unfinished file is found by its name and begun anew.
   */
  saveVersion(
    id: string,
    etag: string,
    plan: { readonly size: number; readonly partSize: number; readonly partCount: number },
  ): void {
    const { size, partSize, partCount } = plan;
    this.forgetParts(id);
    this.#db.runSoftly(
      `UPDATE transfers SET etag = :etag, size = :size, part_size = :partSize, part_count = :partCount,
         step = 'uploading' WHERE id = :id`,
      { id, etag, size, partSize, partCount },
    );
    this.#changed(id, { etag, size, partSize, partCount, step: 'uploading' });
  }

  /** Of a download: where it goes. */
  saveTarget(id: string, path: string, relativePath: string): void {
    const source: TransferSource = { kind: 'object', path };
    this.#db.run('UPDATE transfers SET source = :source, relative_path = :relativePath WHERE id = :id', {
      id,
      source: JSON.stringify(source),
      relativePath,
    });
    this.#changed(id, { source, relativePath });
  }

  saveExisting(id: string, existing: OnExisting): void {
    this.#db.run('UPDATE transfers SET existing = :existing WHERE id = :id', { id, existing });
    this.#changed(id, { existing });
  }

  /** CRC-32 of an object that this machine uploaded in a session, as its receipt has it; null where there is none. */
  receiptCrc32(sessionId: string, key: string, etag: string): string | null {
    const row = this.#db.one(
      `SELECT receipt FROM transfers
       WHERE session_id = :sessionId AND key = :key AND direction = 'upload' AND receipt IS NOT NULL
       ORDER BY finished_at DESC LIMIT 1`,
      { sessionId, key },
    );
    if (row === null) return null;
    const proof = receipt.parse(JSON.parse(String(row['receipt'])));
    return proof.object.etag === etag ? proof.crc32 : null;
  }

  saveReceipt(id: string, proof: Receipt, state: TransferState, finishedAt: number): void {
    this.#db.runSoftly(
      `UPDATE transfers SET receipt = :receipt, state = :state, step = 'stored', finished_at = :finishedAt WHERE id = :id`,
      { id, receipt: JSON.stringify(proof), state: JSON.stringify(state), finishedAt },
    );
    // At rest, and with a receipt that is large: whoever wants it reads it.
    this.#recent.delete(id);
  }

  parts(id: string): readonly PartRecord[] {
    return this.#db
      .all('SELECT number, crc32, etag FROM parts WHERE transfer_id = :id ORDER BY number', { id })
      .map((row) => ({
        number: Number(row['number']),
        crc32: Number(row['crc32']),
        etag: row['etag'] === null ? null : String(row['etag']),
      }));
  }

  savePart(id: string, part: PartRecord): void {
    this.#db.runSoftly(
      `INSERT INTO parts (transfer_id, number, crc32, etag) VALUES (:id, :number, :crc32, :etag)
       ON CONFLICT (transfer_id, number) DO UPDATE SET crc32 = excluded.crc32, etag = excluded.etag`,
      { id, number: part.number, crc32: part.crc32, etag: part.etag },
    );
  }

  forgetParts(id: string): void {
    this.#db.runSoftly('DELETE FROM parts WHERE transfer_id = :id', { id });
  }

  removePart(id: string, number: number): void {
    this.#db.run('DELETE FROM parts WHERE transfer_id = :id AND number = :number', { id, number });
  }
}

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
function toRecord(row: Row): TransferRecord {
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
