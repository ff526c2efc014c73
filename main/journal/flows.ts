import { flow, type Flow } from '#shared/domain';
import type { Database } from './database.ts';

/** What is done by itself with uploads, and which uploads were looked at for it. */
export class FlowRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In the order they were made. */
  list(): readonly Flow[] {
    return this.#db
      .all('SELECT document FROM flows ORDER BY created_at, id')
      .map(({ document }) => flow.parse(JSON.parse(String(document))));
  }

  save(record: Flow): void {
    this.#db.run(
      `INSERT INTO flows (id, document, created_at) VALUES (:id, :document, :createdAt)
       ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
      { id: record.id, document: JSON.stringify(record), createdAt: record.createdAt },
    );
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM flows WHERE id = :id', { id });
  }

  /** Whether all that is to be done with an upload by itself was begun. */
  wasLookedAt(transferId: string): boolean {
    const row = this.#db.one('SELECT 1 AS found FROM flow_looks WHERE transfer_id = :transferId', {
      transferId,
    });
    return row !== null;
  }

  lookedAt(transferId: string): void {
    this.#db.run('INSERT OR IGNORE INTO flow_looks (transfer_id) VALUES (:transferId)', { transferId });
  }

  /** Uploads of files that ended after a time and were not looked at: the process ended before. */
  notLookedAt(since: number): readonly string[] {
    return this.#db
      .all(
        `SELECT id FROM transfers
         WHERE direction = 'upload' AND created_at >= :since
           AND json_extract(state, '$.kind') = 'done' AND json_extract(source, '$.kind') <> 'output'
           AND id NOT IN (SELECT transfer_id FROM flow_looks)
         ORDER BY created_at, id`,
        { since },
      )
      .map(({ id }) => String(id));
  }
}
