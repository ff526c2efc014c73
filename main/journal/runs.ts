import {
  AS_FOUND,
  fix,
  PLAIN_OUTPUTS,
  run,
  type Fix,
  type OutputFormat,
  type Run,
  type RunCounts,
  type RunState,
} from '#shared/domain';
import type { Database, Row } from './database.ts';

/** A file that a run is about to make. */
export interface PlannedFile {
  /** Of the output it becomes. */
  readonly id: string;
  readonly format: OutputFormat;
  readonly name: string;
}

export class RunRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @param fixes rejected lines that are rows for this run */
  insert(record: Run, fixes: readonly Fix[] = []): void {
    this.#db.run(
      `INSERT INTO runs (id, session_id, transfer_id, source_name, recipe, reading, fixes, formats, options, inputs, flow, state, created_at)
       VALUES (:id, :sessionId, :transferId, :sourceName, :recipe, :reading, :fixes, :formats, :options, :inputs, :flow, :state, :createdAt)`,
      {
        id: record.id,
        sessionId: record.sessionId,
        transferId: record.transferId,
        sourceName: record.sourceName,
        recipe: JSON.stringify(record.recipe),
        reading: JSON.stringify(record.reading),
        fixes: fixes.length === 0 ? null : JSON.stringify(fixes),
        formats: JSON.stringify(record.formats),
        options: JSON.stringify(record.options),
        inputs: JSON.stringify(record.inputs),
        flow: record.flow === null ? null : JSON.stringify(record.flow),
        state: JSON.stringify(record.state),
        createdAt: record.createdAt,
      },
    );
  }

  saveState(id: string, state: RunState, finishedAt: number | null): void {
    this.#db.run('UPDATE runs SET state = :state, finished_at = :finishedAt WHERE id = :id', {
      id,
      state: JSON.stringify(state),
      finishedAt,
    });
  }

  saveResult(id: string, counts: RunCounts, sql: string): void {
    this.#db.run('UPDATE runs SET counts = :counts, sql = :sql WHERE id = :id', {
      id,
      counts: JSON.stringify(counts),
      sql,
    });
  }

  list(sessionId: string): readonly Run[] {
    return this.#db
      .all('SELECT * FROM runs WHERE session_id = :sessionId ORDER BY created_at DESC', { sessionId })
      .map(toRun);
  }

  get(id: string): Run | null {
    const row = this.#db.one('SELECT * FROM runs WHERE id = :id', { id });
    return row === null ? null : toRun(row);
  }

  /** The rejected lines that are rows for a run, as they were when it was asked for. */
  fixesOf(id: string): readonly Fix[] {
    const row = this.#db.one('SELECT fixes FROM runs WHERE id = :id', { id });
    const document = row?.['fixes'] ?? null;
    return document === null ? [] : fix.array().parse(JSON.parse(String(document)));
  }

  /** Files that a run makes, written down before the first of them is. Null once nothing of them can be left behind. */
  savePlanned(id: string, planned: readonly PlannedFile[] | null): void {
    this.#db.run('UPDATE runs SET planned = :planned WHERE id = :id', {
      id,
      planned: planned === null ? null : JSON.stringify(planned),
    });
  }

  planned(id: string): readonly PlannedFile[] | null {
    const document = this.#db.one('SELECT planned FROM runs WHERE id = :id', { id })?.['planned'] ?? null;
    return document === null ? null : (JSON.parse(String(document)) as readonly PlannedFile[]);
  }

  /** Runs that failed or were cancelled, and whose files are not all taken away. */
  notUndone(): readonly Run[] {
    return this.#db
      .all(
        `SELECT * FROM runs WHERE planned IS NOT NULL AND json_extract(state, '$.kind') IN ('failed', 'cancelled')`,
      )
      .map(toRun);
  }

  /** The latest of a flow over a file. */
  hasOfFlow(transferId: string, flowId: string): boolean {
    const row = this.#db.one(
      `SELECT 1 AS found FROM runs WHERE transfer_id = :transferId AND json_extract(flow, '$.id') = :flowId`,
      { transferId, flowId },
    );
    return row !== null;
  }

  /** Runs that were under way when the process ended. */
  unfinished(): readonly Run[] {
    return this.#db
      .all(`SELECT * FROM runs WHERE json_extract(state, '$.kind') NOT IN ('done', 'failed', 'cancelled')`)
      .map(toRun);
  }
}

function toRun(row: Row): Run {
  return run.parse({
    id: row['id'],
    sessionId: row['session_id'],
    transferId: row['transfer_id'],
    sourceName: row['source_name'],
    reading: row['reading'] === null ? AS_FOUND : JSON.parse(String(row['reading'])),
    recipe: JSON.parse(String(row['recipe'])),
    formats: JSON.parse(String(row['formats'])),
    options: row['options'] === null ? PLAIN_OUTPUTS : JSON.parse(String(row['options'])),
    inputs: row['inputs'] === null ? {} : JSON.parse(String(row['inputs'])),
    flow: row['flow'] === null ? null : JSON.parse(String(row['flow'])),
    state: JSON.parse(String(row['state'])),
    progress: null,
    counts: row['counts'] === null ? null : JSON.parse(String(row['counts'])),
    sql: row['sql'],
    createdAt: row['created_at'],
    finishedAt: row['finished_at'],
  });
}
