import { custody, type Custody } from '#shared/domain';
import type { Database, Row } from './database.ts';

/** What the journal keeps of a session; its counts are added up from the transfers. */
export interface SessionRecord {
  readonly id: string;
  readonly title: string;
  readonly connectionId: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly retentionDays: number | null;
  /** Its objects are being deleted; a crash meanwhile must not make it look whole again. */
  readonly removing: boolean;
  readonly custody: Custody | null;
  /** Of a download: the folder on this machine that it goes to. Its objects are not the session's own. */
  readonly folder: string | null;
}

export class SessionRecords {
  readonly #db: Database;
  readonly #onDelete: () => void;

  /** @param onDelete told when rows that belong to a session went with it */
  constructor(db: Database, onDelete: () => void) {
    this.#db = db;
    this.#onDelete = onDelete;
  }

  insert(record: SessionRecord): void {
    this.#db.run(
      `INSERT INTO sessions (id, title, connection_id, bucket, prefix, created_at, retention_days, folder)
       VALUES (:id, :title, :connectionId, :bucket, :prefix, :createdAt, :retentionDays, :folder)`,
      {
        id: record.id,
        title: record.title,
        connectionId: record.connectionId,
        bucket: record.bucket,
        prefix: record.prefix,
        createdAt: record.createdAt,
        retentionDays: record.retentionDays,
        folder: record.folder,
      },
    );
  }

  list(): readonly SessionRecord[] {
    return this.#db.all('SELECT * FROM sessions ORDER BY created_at DESC, id').map(toRecord);
  }

  get(id: string): SessionRecord | null {
    const row = this.#db.one('SELECT * FROM sessions WHERE id = :id', { id });
    return row === null ? null : toRecord(row);
  }

  rename(id: string, title: string): void {
    this.#db.run('UPDATE sessions SET title = :title WHERE id = :id', { id, title });
  }

  setRetention(id: string, days: number | null): void {
    this.#db.run('UPDATE sessions SET retention_days = :days WHERE id = :id', { id, days });
  }

  setCustody(id: string, of: Custody | null): void {
    const document = of === null ? null : JSON.stringify(of);
    this.#db.run('UPDATE sessions SET custody = :document WHERE id = :id', { id, document });
  }

  /** Softly: at worst a manifest is stored once more, or at the next change. */
  setManifestDue(id: string, due: boolean): void {
    this.#db.runSoftly('UPDATE sessions SET manifest_due = :due WHERE id = :id', { id, due: due ? 1 : 0 });
  }

  withManifestDue(): readonly string[] {
    return this.#db
      .all('SELECT id FROM sessions WHERE manifest_due = 1 AND removing = 0')
      .map((row) => String(row['id']));
  }

  markRemoving(id: string): void {
    this.#db.run('UPDATE sessions SET removing = 1 WHERE id = :id', { id });
  }

  /** With all its transfers, runs and outputs; the activity stays. */
  delete(id: string): void {
    this.#db.run('DELETE FROM sessions WHERE id = :id', { id });
    this.#onDelete();
  }
}

function toRecord(row: Row): SessionRecord {
  return {
    id: String(row['id']),
    title: String(row['title']),
    connectionId: String(row['connection_id']),
    bucket: String(row['bucket']),
    prefix: String(row['prefix']),
    createdAt: Number(row['created_at']),
    retentionDays: row['retention_days'] === null ? null : Number(row['retention_days']),
    removing: row['removing'] === 1,
    custody: row['custody'] === null ? null : custody.parse(JSON.parse(String(row['custody']))),
    folder: row['folder'] === null ? null : String(row['folder']),
  };
}
