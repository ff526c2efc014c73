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
import type { ErrorReport } from '#shared/errors';
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
  /** What becomes of an object that stands at the key: `protect` fails rather than write over it. */
  readonly existing: 'replace' | 'protect';
  /** Does not start before, ms since the epoch. */
  readonly notBefore: number | null;
  /** Larger goes first. */
  readonly priority: number;
  readonly partSize: number;
  readonly partCount: number;
  readonly state: TransferState;
  readonly step: UploadStep;
  readonly uploadId: string | null;
  /** Of a download: the version of the object that is fetched. */
  readonly etag: string | null;
  /** Of the source, in hex. */
  readonly sha256: string | null;
  readonly notice: ErrorReport | null;
  readonly receipt: Receipt | null;
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

/** Takes a few milliseconds. */
const PAGE_ROWS = 500;

const PAGE = `
  SELECT rowid AS place, id, session_id, connection_id, direction, name, relative_path, source, identity, size, bucket, key,
    content_type, options, existing, not_before, priority, part_size, part_count, state, step, upload_id, etag, sha256,
    prepared, notice, NULL AS receipt, created_at, started_at, finished_at
  FROM transfers WHERE rowid > :after ORDER BY rowid LIMIT :limit`;

const SAVE_STATE = 'UPDATE transfers SET state = :state, finished_at = :finishedAt WHERE id = :id';

/**
 * Intents are on disk when their call returns. Observations (what was found, what landed, a receipt) are written softly:
 * the end of the process loses none, and what a power cut may lose of the last second is found out from the store again.
 */
export class TransferRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** One transaction for all of them: a drop of ten thousand files is one commit. */
  insertAll(records: readonly TransferRecord[]): void {
    this.#db.transaction(() => {
      for (const record of records) this.insert(record);
    });
  }

  insert(record: TransferRecord): void {
    this.#db.run(
      `INSERT INTO transfers (id, session_id, connection_id, direction, name, relative_path, source, identity, size,
         bucket, key, content_type, options, existing, not_before, priority, part_size, part_count, state, step,
         upload_id, created_at)
       VALUES (:id, :sessionId, :connectionId, :direction, :name, :relativePath, :source, :identity, :size,
         :bucket, :key, :contentType, :options, :existing, :notBefore, :priority, :partSize, :partCount, :state, :step,
         :uploadId, :createdAt)`,
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
        createdAt: record.createdAt,
      },
    );
  }

  get(id: string): TransferRecord | null {
    const row = this.#db.one('SELECT * FROM transfers WHERE id = :id', { id });
    return row === null ? null : toRecord(row);
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

  /** null where it is not done. */
  receipt(id: string): Receipt | null {
    const proof = this.#db.one('SELECT receipt FROM transfers WHERE id = :id', { id })?.['receipt'] ?? null;
    return proof === null ? null : receipt.parse(JSON.parse(String(proof)));
  }

  saveState(id: string, state: TransferState, finishedAt: number | null): void {
    this.#db.run(SAVE_STATE, { id, state: JSON.stringify(state), finishedAt });
  }

  /** Of a state that comes by itself: nobody decided it. */
  noteState(id: string, state: TransferState): void {
    this.#db.runSoftly(SAVE_STATE, { id, state: JSON.stringify(state), finishedAt: null });
  }

  saveStarted(id: string, startedAt: number): void {
    this.#db.runSoftly('UPDATE transfers SET started_at = coalesce(started_at, :startedAt) WHERE id = :id', {
      id,
      startedAt,
    });
  }

  saveIdentity(id: string, identity: SourceIdentity): void {
    this.#db.runSoftly('UPDATE transfers SET identity = :identity, size = :size WHERE id = :id', {
      id,
      identity: JSON.stringify(identity),
      size: identity.size,
    });
  }

  savePlan(id: string, partSize: number, partCount: number): void {
    this.#db.run('UPDATE transfers SET part_size = :partSize, part_count = :partCount WHERE id = :id', {
      id,
      partSize,
      partCount,
    });
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
  }

  saveNotBefore(id: string, notBefore: number | null): void {
    this.#db.run('UPDATE transfers SET not_before = :notBefore WHERE id = :id', { id, notBefore });
  }

  savePriority(id: string, priority: number): void {
    this.#db.run('UPDATE transfers SET priority = :priority WHERE id = :id', { id, priority });
  }

  saveNotice(id: string, notice: ErrorReport | null): void {
    this.#db.runSoftly('UPDATE transfers SET notice = :notice WHERE id = :id', {
      id,
      notice: notice === null ? null : JSON.stringify(notice),
    });
  }

  /** Of the source: found out in the pass that sent it. */
  saveSha256(id: string, sha256: string): void {
    this.#db.runSoftly('UPDATE transfers SET sha256 = :sha256 WHERE id = :id', { id, sha256 });
  }

  saveStep(id: string, step: UploadStep): void {
    this.#db.run('UPDATE transfers SET step = :step WHERE id = :id', { id, step });
  }

  /** As `saveStep`, with one wait for the disk shared by all transfers that take a step meanwhile. */
  async saveStepTogether(id: string, step: UploadStep): Promise<void> {
    this.#db.runSoftly('UPDATE transfers SET step = :step WHERE id = :id', { id, step });
    await this.#db.durable();
  }

  saveUploadId(id: string, uploadId: string): void {
    this.#db.run(`UPDATE transfers SET upload_id = :uploadId, step = 'uploading' WHERE id = :id`, {
      id,
      uploadId,
    });
  }

  /** Back to the start: nothing of an earlier upload id counts any more. */
  forgetUpload(id: string): void {
    this.#db.transaction(() => {
      this.#db.run('DELETE FROM parts WHERE transfer_id = :id', { id });
      this.#db.run(`UPDATE transfers SET upload_id = NULL, step = 'planned' WHERE id = :id`, { id });
    });
  }

  saveReceipt(id: string, proof: Receipt, state: TransferState, finishedAt: number): void {
    this.#db.runSoftly(
      `UPDATE transfers SET receipt = :receipt, state = :state, step = 'stored', finished_at = :finishedAt WHERE id = :id`,
      { id, receipt: JSON.stringify(proof), state: JSON.stringify(state), finishedAt },
    );
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

function toRecord(row: Row): TransferRecord {
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const number = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  const identity = text('identity');
  const proof = text('receipt');
  const notice = text('notice');
  const prepared = text('prepared');
  return {
    id: String(row['id']),
    sessionId: same(String(row['session_id'])),
    connectionId: same(String(row['connection_id'])),
    direction: row['direction'] === 'download' ? 'download' : 'upload',
    name: String(row['name']),
    relativePath: String(row['relative_path']),
    source: transferSource.parse(JSON.parse(String(row['source']))),
    identity: identity === null ? null : (JSON.parse(identity) as SourceIdentity),
    size: Number(row['size']),
    bucket: same(String(row['bucket'])),
    key: String(row['key']),
    contentType: same(String(row['content_type'])),
    options: readOptions(String(row['options'])),
    prepared: prepared === null ? null : (JSON.parse(prepared) as Prepared),
    existing: row['existing'] === 'protect' ? 'protect' : 'replace',
    notBefore: number('not_before'),
    priority: Number(row['priority']),
    partSize: Number(row['part_size']),
    partCount: Number(row['part_count']),
    state: readState(String(row['state'])),
    step: String(row['step']) as UploadStep,
    uploadId: text('upload_id'),
    etag: text('etag'),
    sha256: text('sha256'),
    notice: notice === null ? null : errorReport.parse(JSON.parse(notice)),
    receipt: proof === null ? null : receipt.parse(JSON.parse(proof)),
    createdAt: Number(row['created_at']),
    startedAt: number('started_at'),
    finishedAt: number('finished_at'),
  };
}
