import { activity, type Activity } from '#shared/domain';
import type { Database } from './database.ts';

/** The audit trail. Only ever added to, softly: a line in it is an observation. */
export class ActivityRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(line: Omit<Activity, 'id'>): void {
    this.#db.runSoftly(
      `INSERT INTO activity (at, session_id, action, subject, outcome, detail)
       VALUES (:at, :sessionId, :action, :subject, :outcome, :detail)`,
      {
        at: line.at,
        sessionId: line.sessionId,
        action: line.action,
        subject: line.subject,
        outcome: line.outcome,
        detail: line.detail,
      },
    );
  }

  /** The newest thousand of one session. */
  list(sessionId: string): readonly Activity[] {
    return this.#db
      .all('SELECT * FROM activity WHERE session_id = :sessionId ORDER BY id DESC LIMIT 1000', { sessionId })
      .map((row) =>
        activity.parse({
          id: row['id'],
          at: row['at'],
          sessionId: row['session_id'],
          action: row['action'],
          subject: row['subject'],
          outcome: row['outcome'],
          detail: row['detail'],
        }),
      );
  }
}
