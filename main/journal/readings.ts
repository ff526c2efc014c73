import { AS_FOUND, isAsFound, reading, type Reading } from '#shared/domain';
import type { Database } from './database.ts';

/** How files are to be read, where a person said so. */
export class ReadingRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  of(transferId: string): Reading {
    const row = this.#db.one('SELECT document FROM readings WHERE transfer_id = :transferId', { transferId });
    return row === null ? AS_FOUND : reading.parse(JSON.parse(String(row['document'])));
  }

  save(transferId: string, asked: Reading): void {
    if (isAsFound(asked)) {
      this.#db.run('DELETE FROM readings WHERE transfer_id = :transferId', { transferId });
      return;
    }
    this.#db.run(
      `INSERT INTO readings (transfer_id, document) VALUES (:transferId, :document)
       ON CONFLICT (transfer_id) DO UPDATE SET document = excluded.document`,
      { transferId, document: JSON.stringify(asked) },
    );
  }
}
