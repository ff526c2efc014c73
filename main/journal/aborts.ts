import type { Database } from './database.ts';

/** An upload that a person wants out of a bucket. */
export interface AbortIntent {
  readonly connectionId: string;
  readonly key: string;
  readonly uploadId: string;
}

/** Uploads that are to be deleted though no transfer here owns them: written before the first request, gone after the last. */
export class AbortRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(
    connectionId: string,
    uploads: readonly { readonly key: string; readonly uploadId: string }[],
    now: number,
  ): void {
    this.#db.transaction(() => {
      for (const { key, uploadId } of uploads) {
        this.#db.run(
          `INSERT INTO aborts (connection_id, upload_id, key, created_at) VALUES (:connectionId, :uploadId, :key, :now)
           ON CONFLICT (connection_id, upload_id) DO NOTHING`,
          { connectionId, uploadId, key, now },
        );
      }
    });
  }

  list(): readonly AbortIntent[] {
    return this.#db.all('SELECT * FROM aborts ORDER BY created_at').map((row) => ({
      connectionId: String(row['connection_id']),
      key: String(row['key']),
      uploadId: String(row['upload_id']),
    }));
  }

  done(connectionId: string, uploadId: string): void {
    this.#db.run('DELETE FROM aborts WHERE connection_id = :connectionId AND upload_id = :uploadId', {
      connectionId,
      uploadId,
    });
  }
}
