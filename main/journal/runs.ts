import {
  AS_FOUND,
  delivery,
  fix,
  output,
  PLAIN_OUTPUTS,
  run,
  type Delivery,
  type DeliveryState,
  type Fix,
  type Output,
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

/** An output is stored once the upload it names is done; that is read from the transfers, never kept twice. */
export class OutputRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(record: Output): void {
    this.#db.run(
      `INSERT INTO outputs (id, session_id, run_id, transfer_id, name, format, rows, size, crc32, bucket, key, defused, notes, created_at)
       VALUES (:id, :sessionId, :runId, :transferId, :name, :format, :rows, :size, :crc32, :bucket, :key, :defused, :notes, :createdAt)`,
      {
        id: record.id,
        sessionId: record.sessionId,
        runId: record.runId,
        transferId: record.transferId,
        name: record.name,
        format: record.format,
        rows: record.rows,
        size: record.size,
        crc32: record.crc32,
        bucket: record.bucket,
        key: record.key,
        defused: record.defused,
        notes: JSON.stringify(record.notes),
        createdAt: record.createdAt,
      },
    );
  }

  list(sessionId: string): readonly Output[] {
    return this.#db
      .all(`${SELECT_OUTPUTS} WHERE outputs.session_id = :sessionId ORDER BY outputs.created_at DESC`, {
        sessionId,
      })
      .map(toOutput);
  }

  get(id: string): Output | null {
    const row = this.#db.one(`${SELECT_OUTPUTS} WHERE outputs.id = :id`, { id });
    return row === null ? null : toOutput(row);
  }

  /** Whether some output has these bytes. */
  hasBytes(crc32: string, size: number): boolean {
    return (
      this.#db.one('SELECT 1 AS found FROM outputs WHERE crc32 = :crc32 AND size = :size', {
        crc32,
        size,
      }) !== null
    );
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM outputs WHERE id = :id', { id });
  }

  countOf(sessionId: string): number {
    const row = this.#db.one('SELECT count(*) AS n FROM outputs WHERE session_id = :sessionId', {
      sessionId,
    });
    return Number(row?.['n'] ?? 0);
  }

  countBySession(): ReadonlyMap<string, number> {
    const rows = this.#db.all('SELECT session_id, count(*) AS n FROM outputs GROUP BY session_id');
    return new Map(rows.map((row) => [String(row['session_id']), Number(row['n'])]));
  }
}

const SELECT_OUTPUTS = `
  SELECT outputs.*, coalesce(json_extract(transfers.state, '$.kind') = 'done', 0) AS stored
  FROM outputs LEFT JOIN transfers ON transfers.id = outputs.transfer_id`;

function toOutput(row: Row): Output {
  return output.parse({
    id: row['id'],
    sessionId: row['session_id'],
    runId: row['run_id'],
    transferId: row['transfer_id'],
    name: row['name'],
    format: row['format'],
    rows: row['rows'],
    size: row['size'],
    crc32: row['crc32'],
    bucket: row['bucket'],
    key: row['key'],
    defused: row['defused'],
    notes: JSON.parse(String(row['notes'])),
    stored: row['stored'] === 1,
    createdAt: row['created_at'],
  });
}

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
