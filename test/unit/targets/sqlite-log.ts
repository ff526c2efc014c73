import { DatabaseSync } from 'node:sqlite';
import type { DeliveryIntent, DeliveryLog } from '#main/targets';

type Stored = Omit<DeliveryIntent, 'existed'> & { existed: number; state: 'pending' | 'done' };

/** The log as the journal keeps it, in the table that `delivery-log.ts` describes. */
export function sqliteDeliveryLog(file: string): DeliveryLog & { close(): void } {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS delivery_intents (
      id TEXT PRIMARY KEY, target TEXT NOT NULL, existed INTEGER NOT NULL, size_before INTEGER NOT NULL,
      tail_length INTEGER NOT NULL, tail_sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
      rows INTEGER NOT NULL, spool TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'done'))
    ) STRICT;`);
  const columns = `id, target, existed, size_before AS sizeBefore, tail_length AS tailLength,
    tail_sha256 AS tailSha256, bytes, sha256, rows, spool, state`;
  const read = ({ state: _state, existed, ...rest }: Stored): DeliveryIntent => ({
    ...rest,
    existed: existed === 1,
  });
  return {
    intent(i) {
      database
        .prepare("INSERT INTO delivery_intents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')")
        .run(
          i.id,
          i.target,
          i.existed ? 1 : 0,
          i.sizeBefore,
          i.tailLength,
          i.tailSha256,
          i.bytes,
          i.sha256,
          i.rows,
          i.spool,
        );
    },
    done: (id) => void database.prepare("UPDATE delivery_intents SET state = 'done' WHERE id = ?").run(id),
    withdraw: (id) => void database.prepare('DELETE FROM delivery_intents WHERE id = ?').run(id),
    find(id) {
      const row = database.prepare(`SELECT ${columns} FROM delivery_intents WHERE id = ?`).get(id);
      if (row === undefined) return null;
      const stored = row as unknown as Stored;
      return { intent: read(stored), state: stored.state };
    },
    pending() {
      const query = `SELECT ${columns} FROM delivery_intents WHERE state = 'pending' ORDER BY rowid`;
      return (database.prepare(query).all() as unknown as Stored[]).map(read);
    },
    close: () => database.close(),
  };
}
