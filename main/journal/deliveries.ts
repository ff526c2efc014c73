import { delivery, type Delivery, type DeliveryState } from '#shared/domain';
import type { Database, Row } from './database.ts';

export class DeliveryRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(record: Delivery): void {
    this.#db.run(
      `INSERT INTO deliveries (id, session_id, output_id, kind, path, state, created_at)
       VALUES (:id, :sessionId, :outputId, :kind, :path, :state, :createdAt)`,
      {
        id: record.id,
        sessionId: record.sessionId,
        outputId: record.outputId,
        kind: record.target.kind,
        path: record.target.path,
        state: JSON.stringify(record.state),
        createdAt: record.createdAt,
      },
    );
  }

  saveIntent(id: string, intent: string | null): void {
    this.#db.run('UPDATE deliveries SET intent = :intent WHERE id = :id', { id, intent });
  }

  intent(id: string): string | null {
    const row = this.#db.one('SELECT intent FROM deliveries WHERE id = :id', { id });
    return row === null || row['intent'] === null ? null : String(row['intent']);
  }

  saveState(id: string, state: DeliveryState, finishedAt: number | null): void {
    this.#db.run('UPDATE deliveries SET state = :state, finished_at = :finishedAt WHERE id = :id', {
      id,
      state: JSON.stringify(state),
      finishedAt,
    });
  }

  get(id: string): Delivery | null {
    const row = this.#db.one('SELECT * FROM deliveries WHERE id = :id', { id });
    return row === null ? null : toDelivery(row);
  }

  list(sessionId: string): readonly Delivery[] {
    return this.#db
      .all('SELECT * FROM deliveries WHERE session_id = :sessionId ORDER BY created_at DESC', { sessionId })
      .map(toDelivery);
  }

  unfinished(): readonly Delivery[] {
    return this.#db
      .all(`SELECT * FROM deliveries WHERE json_extract(state, '$.kind') = 'appending' ORDER BY created_at`)
      .map(toDelivery);
  }
}

function toDelivery(row: Row): Delivery {
  return delivery.parse({
    id: row['id'],
    sessionId: row['session_id'],
    outputId: row['output_id'],
    target: { kind: row['kind'], path: row['path'] },
    state: JSON.parse(String(row['state'])),
    createdAt: row['created_at'],
    finishedAt: row['finished_at'],
  });
}
