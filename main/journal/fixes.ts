import { fix, type Fix } from '#shared/domain';
import type { Database } from './database.ts';

/** Rejected lines of files that a person made rows. */
export class FixRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In the order of the file. */
  of(transferId: string): readonly Fix[] {
    return this.#db
      .all('SELECT byte, raw, cells FROM fixes WHERE transfer_id = :transferId ORDER BY byte', { transferId })
      .map((row) => fix.parse({ ...row, cells: JSON.parse(String(row['cells'])) }));
  }

  save(transferId: string, { byte, raw, cells }: Fix): void {
    this.#db.run(
      `INSERT INTO fixes (transfer_id, byte, raw, cells) VALUES (:transferId, :byte, :raw, :cells)
       ON CONFLICT (transfer_id, byte) DO UPDATE SET raw = excluded.raw, cells = excluded.cells`,
      { transferId, byte, raw, cells: JSON.stringify(cells) },
    );
  }

  remove(transferId: string, byte: number): void {
    this.#db.run('DELETE FROM fixes WHERE transfer_id = :transferId AND byte = :byte', { transferId, byte });
  }
}
