import { output, type Output } from '#shared/domain';
import type { Database, Row } from './database.ts';

/** An output is stored once the upload it names is done; that is read from the transfers, never kept twice. */
export class OutputRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(record: Output): void {
    this.#db.run(
      `INSERT INTO outputs (id, session_id, run_id, transfer_id, name, format, rows, size, crc32, bucket, key, defused, notes, created_at)
       VALUES (:id, :sessionId, :runId, :transferId, :name, :format, :rows, :size, :crc32, :bucket, :key, :defused, :notes, :createdAt)`,
      {
        id: record.id,
        sessionId: record.sessionId,
        runId: record.runId,
        transferId: record.transferId,
        name: record.name,
        format: record.format,
        rows: record.rows,
        size: record.size,
        crc32: record.crc32,
        bucket: record.bucket,
        key: record.key,
        defused: record.defused,
        notes: JSON.stringify(record.notes),
        createdAt: record.createdAt,
      },
    );
  }

  list(sessionId: string): readonly Output[] {
    return this.#db
      .all(`${SELECT_OUTPUTS} WHERE outputs.session_id = :sessionId ORDER BY outputs.created_at DESC`, {
        sessionId,
      })
      .map(toOutput);
  }

  get(id: string): Output | null {
    const row = this.#db.one(`${SELECT_OUTPUTS} WHERE outputs.id = :id`, { id });
    return row === null ? null : toOutput(row);
  }

  /** Whether some output has these bytes. */
  hasBytes(crc32: string, size: number): boolean {
    return (
      this.#db.one('SELECT 1 AS found FROM outputs WHERE crc32 = :crc32 AND size = :size', {
        crc32,
        size,
      }) !== null
    );
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM outputs WHERE id = :id', { id });
  }

  countOf(sessionId: string): number {
    const row = this.#db.one('SELECT count(*) AS n FROM outputs WHERE session_id = :sessionId', {
      sessionId,
    });
    return Number(row?.['n'] ?? 0);
  }

  countBySession(): ReadonlyMap<string, number> {
    const rows = this.#db.all('SELECT session_id, count(*) AS n FROM outputs GROUP BY session_id');
    return new Map(rows.map((row) => [String(row['session_id']), Number(row['n'])]));
  }
}

const SELECT_OUTPUTS = `
  SELECT outputs.*, coalesce(json_extract(transfers.state, '$.kind') = 'done', 0) AS stored
  FROM outputs LEFT JOIN transfers ON transfers.id = outputs.transfer_id`;

function toOutput(row: Row): Output {
  return output.parse({
    id: row['id'],
    sessionId: row['session_id'],
    runId: row['run_id'],
    transferId: row['transfer_id'],
    name: row['name'],
    format: row['format'],
    rows: row['rows'],
    size: row['size'],
    crc32: row['crc32'],
    bucket: row['bucket'],
    key: row['key'],
    defused: row['defused'],
    notes: JSON.parse(String(row['notes'])),
    stored: row['stored'] === 1,
    createdAt: row['created_at'],
  });
}
