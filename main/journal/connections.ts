import { capabilities, connection, type Capabilities, type Connection } from '#shared/domain';
import type { Database } from './database.ts';

/** Connections a person made. Those of the app itself and of the environment are made anew at each start. */
export class ConnectionRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list(): readonly Connection[] {
    return this.#db
      .all('SELECT document FROM connections ORDER BY created_at, id')
      .map((row) => connection.parse(JSON.parse(String(row['document']))));
  }

  save(record: Connection, now: number): void {
    this.#db.run(
      `INSERT INTO connections (id, document, created_at) VALUES (:id, :document, :now)
       ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
      { id: record.id, document: JSON.stringify(record), now },
    );
  }

  remove(id: string): boolean {
    return this.#db.run('DELETE FROM connections WHERE id = :id', { id }) > 0;
  }

  /** @param store endpoint and bucket, as `storeName` writes them */
  capabilities(store: string): Capabilities | null {
    const row = this.#db.one('SELECT document FROM capabilities WHERE store = :store', { store });
    return row === null ? null : capabilities.parse(JSON.parse(String(row['document'])));
  }

  saveCapabilities(store: string, learnt: Capabilities): void {
    this.#db.run(
      `INSERT INTO capabilities (store, document) VALUES (:store, :document)
       ON CONFLICT (store) DO UPDATE SET document = excluded.document`,
      { store, document: JSON.stringify(learnt) },
    );
  }
}
