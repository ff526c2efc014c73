import { z } from 'zod';
import {
  errorReport,
  leftOut,
  NOTHING_LEFT_OUT,
  scanRules,
  uploadOptions,
  type LeftOut,
} from '#shared/domain';
import type { ErrorReport } from '#shared/errors';
import type { Database, Row } from './database.ts';

/** What was given to be uploaded, and how: enough to look through it again after a crash. */
const dropPlan = z.object({
  /** Files and folders, by their paths. */
  roots: z.array(z.string()),
  rules: scanRules,
  connectionId: z.string(),
  /** The prefix that keys are made under as they are; null for the session's own folder. */
  prefix: z.string().nullable(),
  partSize: z.number().nullable(),
  /** null: as the connection says. */
  options: uploadOptions.nullable(),
  existing: z.enum(['replace', 'protect']),
  notBefore: z.number().nullable(),
  priority: z.number(),
});
export type DropPlan = z.infer<typeof dropPlan>;

const document = z.object({
  plan: dropPlan,
  /** scanning: not all of it was found yet. */
  state: z.enum(['scanning', 'found']),
  leftOut,
});

export interface DropRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly plan: DropPlan;
  readonly state: 'scanning' | 'found';
  readonly leftOut: LeftOut;
  readonly createdAt: number;
}

/** Something that was not taken, and why. */
export interface RefusalRecord {
  readonly name: string;
  readonly error: ErrorReport;
}

/** Drops: the intent to upload what is in some folders, written before anything of it is found. */
export class DropRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert({ id, sessionId, createdAt, plan, state, leftOut: left }: DropRecord): void {
    this.#db.run(
      'INSERT INTO drops (id, session_id, document, created_at) VALUES (:id, :sessionId, :document, :createdAt)',
      { id, sessionId, createdAt, document: JSON.stringify({ plan, state, leftOut: left }) },
    );
  }

  save({ id, plan, state, leftOut: left }: DropRecord): void {
    this.#db.run('UPDATE drops SET document = :document WHERE id = :id', {
      id,
      document: JSON.stringify({ plan, state, leftOut: left }),
    });
  }

  /** The newest first. */
  list(sessionId: string | null = null): readonly DropRecord[] {
    const rows =
      sessionId === null
        ? this.#db.all('SELECT * FROM drops ORDER BY rowid DESC')
        : this.#db.all('SELECT * FROM drops WHERE session_id = :sessionId ORDER BY rowid DESC', {
            sessionId,
          });
    return rows.map(toDrop);
  }

  /** Softly: looking through it again finds them again. */
  addRefusals(dropId: string, refusals: readonly RefusalRecord[]): void {
    this.#db.transactionSoftly(() => {
      for (const { name, error } of refusals) {
        this.#db.run('INSERT INTO refusals (drop_id, name, error) VALUES (:dropId, :name, :error)', {
          dropId,
          name,
          error: JSON.stringify(error),
        });
      }
    });
  }

  /** Before it is looked through again. */
  forgetRefusals(dropId: string): void {
    this.#db.run('DELETE FROM refusals WHERE drop_id = :dropId', { dropId });
  }

  refusals(
    sessionId: string,
    offset: number,
    limit: number,
  ): { readonly total: number; readonly refused: readonly RefusalRecord[] } {
    const total = this.#db.one(`SELECT count(*) AS n ${REFUSALS_OF}`, { sessionId })?.['n'];
    const rows = this.#db.all(
      `SELECT refusals.* ${REFUSALS_OF} ORDER BY refusals.id LIMIT :limit OFFSET :offset`,
      { sessionId, offset, limit },
    );
    return {
      total: Number(total),
      refused: rows.map((row) => ({
        name: String(row['name']),
        error: errorReport.parse(JSON.parse(String(row['error']))),
      })),
    };
  }
}

const REFUSALS_OF =
  'FROM refusals JOIN drops ON drops.id = refusals.drop_id WHERE drops.session_id = :sessionId';

function toDrop(row: Row): DropRecord {
  const { plan, state, leftOut: left } = document.parse(JSON.parse(String(row['document'])));
  return {
    id: String(row['id']),
    sessionId: String(row['session_id']),
    plan,
    state,
    leftOut: left,
    createdAt: Number(row['created_at']),
  };
}

export const newDrop = (id: string, sessionId: string, plan: DropPlan, createdAt: number): DropRecord => ({
  id,
  sessionId,
  plan,
  state: 'scanning',
  leftOut: NOTHING_LEFT_OUT,
  createdAt,
});
