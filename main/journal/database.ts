import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { FileSync } from '#main/disk';
import { isSluiceError, sluiceError } from '#shared/errors';
import { MIGRATIONS } from './migrations.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;
type Values = Readonly<Record<string, SQLInputValue>>;

/** How long what was written softly may stay where a power cut takes it. */
const SOFT_MS = 1000;

/** The thin part of SQLite that repositories use: statements are prepared once, transactions nest no further. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  readonly #log: FileSync;
  #due: NodeJS.Timeout | null = null;
  /** The end of this turn, while something was written softly in it. */
  #soft: NodeJS.Immediate | null = null;
  #gathering: Promise<void> | null = null;
  /** Why what was written softly is not there. */
  #lost: { readonly error: unknown } | null = null;
  #inTransaction = false;

  /** @param log path of the write-ahead log */
  constructor(db: DatabaseSync, log: string) {
    this.#db = db;
    this.#log = new FileSync(log);
  }

  #prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  all(sql: string, values: Values = {}): readonly Row[] {
    return this.#prepare(sql).all(values);
  }

  one(sql: string, values: Values = {}): Row | null {
    return this.#prepare(sql).get(values) ?? null;
  }

  /** On disk when it returns. @returns how many rows changed */
  run(sql: string, values: Values = {}): number {
    if (!this.#inTransaction) this.#settleSoftly();
    return this.#run(sql, values);
  }

  #run(sql: string, values: Values): number {
    return Number(this.#prepare(sql).run(values).changes);
  }

  /**
   * As `run`, without standing still for the disk: all that is written so in one turn of the loop is one commit at its
   * end. From there it survives the end of this process, and a power cut once `durable` resolved, anything else was
   * written, or a second has passed. A commit that failed is told to whoever writes or waits next.
   */
  runSoftly(sql: string, values: Values = {}): number {
    this.#beginSoftly();
    return this.#run(sql, values);
  }

  #beginSoftly(): void {
    if (this.#soft !== null || this.#inTransaction) return;
    this.#throwLost();
    this.#db.exec('PRAGMA synchronous=NORMAL');
    try {
      this.#db.exec('BEGIN IMMEDIATE');
    } catch (error) {
      this.#db.exec('PRAGMA synchronous=FULL');
      throw error;
    }
    this.#soft = setImmediate(() => this.#commitSoftly());
    this.#due ??= setTimeout(() => this.#syncUnasked(), SOFT_MS).unref();
  }

  #commitSoftly(): void {
    if (this.#soft === null) return;
    clearImmediate(this.#soft);
    this.#soft = null;
    try {
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#lost = { error };
      rollBack(this.#db);
    } finally {
      this.#db.exec('PRAGMA synchronous=FULL');
    }
  }

  /** Before anything that builds on what was written. */
  #settleSoftly(): void {
    this.#commitSoftly();
    this.#throwLost();
  }

  #throwLost(): void {
    const lost = this.#lost;
    this.#lost = null;
    if (lost !== null) throw lost.error;
  }

  /** Resolves once all that was written before this call survives a power cut. Shared by all who ask meanwhile. */
  async durable(): Promise<void> {
    this.#gathering ??= new Promise((resolve) => {
      // Behind the others of this turn, so that they share the commit too.
      setImmediate(() => {
        this.#gathering = null;
        this.#commitSoftly();
        resolve();
      });
    });
    await this.#gathering;
    this.#throwLost();
    await this.#log.wait();
  }

  #syncUnasked(): void {
    this.#due = null;
    // A failure is told to whoever waits next: it is for good.
    this.#log.wait().catch(() => undefined);
  }

  /** All of it or nothing. On disk when it returns. */
  transaction<T>(work: () => T): T {
    this.#settleSoftly();
    this.#db.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack(this.#db);
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** As `transaction`, without standing still for the disk: see `runSoftly`. */
  transactionSoftly<T>(work: () => T): T {
    this.#settleSoftly(); // how safe a commit is cannot be changed inside one
    this.#db.exec('PRAGMA synchronous=NORMAL');
    try {
      return this.transaction(work);
    } finally {
      this.#db.exec('PRAGMA synchronous=FULL');
      this.#due ??= setTimeout(() => this.#syncUnasked(), SOFT_MS).unref();
    }
  }

  /** Closing brings all of it to the disk. */
  close(): void {
    this.#commitSoftly();
    if (this.#due !== null) clearTimeout(this.#due);
    void this.#log.close();
    this.#statements.clear();
    this.#db.close();
  }
}

/** SQLite ends a transaction by itself on some errors, a full disk among them. */
function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec('ROLLBACK');
}

/**
 * Opens the journal of a data folder, and brings its schema up to date.
 * @throws JOURNAL_NEWER, JOURNAL_DAMAGED, DATA_FOLDER_UNUSABLE
 */
export function openDatabase(folder: string): Database {
  const path = join(folder, 'journal.db');
  const existed = existsSync(path);
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: 5000 });
    // Explicit, since every build of SQLite has its own defaults. FULL: what was committed survives a power cut.
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;');
    db.exec('PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON;');
    // Everything stands still for a checkpoint: often and short, at 4 MB.
    db.exec('PRAGMA wal_autocheckpoint=1000;');
    migrate(db, folder);
    return new Database(db, `${path}-wal`);
  } catch (error) {
    db?.close();
    if (isSluiceError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw existed
      ? sluiceError('JOURNAL_DAMAGED', { folder, reason }, error)
      : sluiceError('DATA_FOLDER_UNUSABLE', { folder, reason }, error);
  }
}

function migrate(db: DatabaseSync, folder: string): void {
  const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (found > MIGRATIONS.length)
    throw sluiceError('JOURNAL_NEWER', { folder, found, known: MIGRATIONS.length });
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < found) continue;
    db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version=${index + 1}; COMMIT;`);
  }
}
