/**
 * The index: one SQLite database that says which bytes make which object. Its commit is the moment an object switches;
 * see docs/bucket.md.
 */
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { FileSync } from '#main/disk';
import { sluiceError } from '#shared/errors';

const VERSION = 1;
const SQLITE_BUSY = 5;

const SCHEMA = `
CREATE TABLE buckets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT;

-- A key is its UTF-8 bytes: SQLite compares blobs byte by byte, which is the order S3 lists in.
-- id names the content, which never changes; replacing an object gives the key another id.
CREATE TABLE objects (
  bucket INTEGER NOT NULL,
  key BLOB NOT NULL,
  id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  facts TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  type TEXT NOT NULL,
  checksum TEXT NOT NULL,
  part_count INTEGER NOT NULL,
  upload TEXT,
  PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
  upload TEXT PRIMARY KEY,
  id INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  key BLOB NOT NULL,
  initiated INTEGER NOT NULL,
  facts TEXT NOT NULL,
  algorithm TEXT,
  type TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX uploads_by_key ON uploads (bucket, key, upload);

-- owner is the id of an object or of an upload.
CREATE TABLE parts (
  owner INTEGER NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  algorithm TEXT NOT NULL,
  checksum TEXT NOT NULL,
  crc32 BLOB NOT NULL,
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;

-- What a content is made of: stretches of blobs, in order.
CREATE TABLE slices (
  owner INTEGER NOT NULL,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  blob INTEGER NOT NULL,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (owner, number, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX slices_by_blob ON slices (blob);

-- Bytes as they were received: small ones here, others in the file of that id.
CREATE TABLE blobs (
  id INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  bytes BLOB
) STRICT;
`;

export class Index {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #log: FileSync;

  /** Throws DATA_FOLDER_BUSY, DATA_FOLDER_UNUSABLE, JOURNAL_NEWER, or the error of a full disk as it came. */
  constructor(root: string) {
    this.#db = new DatabaseSync(join(root, 'index.db'));
    this.#log = new FileSync(join(root, 'index.db-wal'));
    try {
      // Exclusive: a second server on this folder must not clean up what this one is writing.
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE');
      this.#db.exec('PRAGMA journal_mode = WAL');
      // A commit does not wait for the disk here, where everybody would wait with it: see `synced`.
      this.#db.exec('PRAGMA synchronous = NORMAL');
      // Small objects are in here: with SQLite's own 4 MB everybody would wait for a checkpoint every few hundred of them.
      this.#db.exec('PRAGMA wal_autocheckpoint = 4000');
      this.#db.exec('PRAGMA fullfsync = 1');
      this.#db.exec('PRAGMA checkpoint_fullfsync = 1');
      this.#db.exec('PRAGMA trusted_schema = 0');
      this.#migrate(root);
    } catch (error) {
      this.#db.close();
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
        throw sluiceError('DATA_FOLDER_BUSY', { folder: root, owner: 'the built-in bucket' }, error);
      }
      throw error;
    }
  }

  #migrate(root: string): void {
    // Also takes the lock, before anything is cleaned up.
    this.#db.exec('BEGIN EXCLUSIVE');
    const found = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found > VERSION) throw sluiceError('JOURNAL_NEWER', { folder: root, found, known: VERSION });
    if (found === 0) {
      this.#db.exec(SCHEMA);
      this.#db.exec(`PRAGMA user_version = ${VERSION}`);
    }
    this.#db.exec('COMMIT');
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** @returns the first row; the caller knows its columns */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names the columns
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | null {
    return (this.#statement(sql).get(...values) as Row | undefined) ?? null;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** Resolves once all that was committed before this call survives a power cut. */
  synced(): Promise<void> {
    return this.#log.wait();
  }

  async close(): Promise<void> {
    await this.#log.close();
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}
