import { receipt, type Receipt, type TransferSource, type TransferState } from '#shared/domain';
import { sluiceError, type ErrorReport } from '#shared/errors';
import type { Database, Row } from './database.ts';
import type {
  OnExisting,
  PartRecord,
  Prepared,
  SourceIdentity,
  TransferRecord,
  UploadStep,
} from './transfer-record.ts';
import { toRecord } from './transfer-row.ts';

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

  /** Whatever the work writes is one commit. */
  together(work: () => void): void {
    this.#db.transaction(work);
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
