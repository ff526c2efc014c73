/**
 * The schema of the journal, forward only: a migration is never edited once released, a new one is added at the end.
 * `PRAGMA user_version` counts those that ran.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE connections (
    id            TEXT PRIMARY KEY,
    document      TEXT NOT NULL,           -- JSON of a Connection
    created_at    INTEGER NOT NULL
  ) STRICT;

  -- What stores were learnt to support, by endpoint and bucket, so that connections made anew know it too.
  CREATE TABLE capabilities (
    store         TEXT PRIMARY KEY,
    document      TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sessions (
    id             TEXT PRIMARY KEY,
    title          TEXT NOT NULL,
    connection_id  TEXT NOT NULL,
    bucket         TEXT NOT NULL,
    prefix         TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    retention_days INTEGER,
    removing       INTEGER NOT NULL DEFAULT 0 -- set before its objects are deleted
  ) STRICT;

  CREATE TABLE transfers (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    connection_id TEXT NOT NULL,
    direction     TEXT NOT NULL,
    name          TEXT NOT NULL,
    relative_path TEXT NOT NULL,
    source        TEXT NOT NULL,           -- JSON of a TransferSource
    identity      TEXT,                    -- JSON of a SourceIdentity, once looked at
    size          INTEGER NOT NULL,
    bucket        TEXT NOT NULL,
    key           TEXT NOT NULL,
    content_type  TEXT NOT NULL,
    part_size     INTEGER NOT NULL,
    part_count    INTEGER NOT NULL,
    state         TEXT NOT NULL,           -- JSON of a TransferState
    step          TEXT NOT NULL,           -- how far its effects went: planned, creating, uploading, completing, stored
    upload_id     TEXT,
    receipt       TEXT,
    created_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER
  ) STRICT;
  CREATE INDEX transfers_session ON transfers(session_id, created_at, id);

  -- Parts that the store acknowledged. The store is the truth about them; these are what was seen.
  CREATE TABLE parts (
    transfer_id   TEXT NOT NULL REFERENCES transfers(id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    crc32         INTEGER NOT NULL,
    etag          TEXT,
    PRIMARY KEY (transfer_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE runs (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    transfer_id   TEXT NOT NULL,
    source_name   TEXT NOT NULL,
    recipe        TEXT NOT NULL,
    formats       TEXT NOT NULL,
    state         TEXT NOT NULL,
    counts        TEXT,
    sql           TEXT,
    created_at    INTEGER NOT NULL,
    finished_at   INTEGER
  ) STRICT;
  CREATE INDEX runs_session ON runs(session_id, created_at);

  CREATE TABLE outputs (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    run_id        TEXT NOT NULL,
    transfer_id   TEXT NOT NULL,           -- the upload that stored it
    name          TEXT NOT NULL,
    format        TEXT NOT NULL,
    rows          INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    crc32         TEXT NOT NULL,
    bucket        TEXT NOT NULL,
    key           TEXT NOT NULL,
    created_at    INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX outputs_session ON outputs(session_id, created_at);

  CREATE TABLE deliveries (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    output_id     TEXT NOT NULL,
    kind          TEXT NOT NULL,
    path          TEXT NOT NULL,
    state         TEXT NOT NULL,
    intent        TEXT,                    -- JSON: what is about to be appended, and to what
    created_at    INTEGER NOT NULL,
    finished_at   INTEGER
  ) STRICT;

  CREATE TABLE activity (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    at            INTEGER NOT NULL,
    session_id    TEXT,
    action        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    detail        TEXT NOT NULL
  ) STRICT;
  CREATE INDEX activity_session ON activity(session_id, id);
  `,
  `
  ALTER TABLE transfers ADD COLUMN options    TEXT NOT NULL DEFAULT '{}'; -- JSON of UploadOptions
  ALTER TABLE transfers ADD COLUMN existing   TEXT NOT NULL DEFAULT 'replace'; -- protect: never over an object that is there
  ALTER TABLE transfers ADD COLUMN not_before INTEGER;
  ALTER TABLE transfers ADD COLUMN priority   INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE transfers ADD COLUMN adopted    INTEGER NOT NULL DEFAULT 0; -- the upload id was begun by another program
  ALTER TABLE transfers ADD COLUMN etag       TEXT;      -- of a download: the version that is fetched
  ALTER TABLE transfers ADD COLUMN sha256     TEXT;      -- of the source, in hex
  ALTER TABLE transfers ADD COLUMN prepared   TEXT;      -- JSON of a Prepared: what was found of the file before it was sent
  ALTER TABLE transfers ADD COLUMN notice     TEXT;      -- JSON of an ErrorReport
  ALTER TABLE transfers ADD COLUMN drop_id    TEXT;      -- the drop that found it
  ALTER TABLE sessions  ADD COLUMN custody    TEXT;      -- JSON of a Custody
  ALTER TABLE sessions  ADD COLUMN folder     TEXT;      -- of a download: where on this machine it goes
  ALTER TABLE sessions  ADD COLUMN manifest_due INTEGER NOT NULL DEFAULT 0; -- its files changed since its manifest was stored

  CREATE TABLE settings (
    name          TEXT PRIMARY KEY,
    document      TEXT NOT NULL
  ) STRICT;

  -- Uploads of other programs that are to be deleted from a bucket.
  CREATE TABLE aborts (
    connection_id TEXT NOT NULL,
    upload_id     TEXT NOT NULL,
    key           TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (connection_id, upload_id)
  ) STRICT;

  -- A drop that is being looked through: what was given, and how it is to be taken.
  CREATE TABLE drops (
    id            TEXT PRIMARY KEY,
    session_id    TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    document      TEXT NOT NULL,
    created_at    INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX drops_session ON drops(session_id);

  -- What of a drop was not taken, and why.
  CREATE TABLE refusals (
    id            INTEGER PRIMARY KEY,
    drop_id       TEXT NOT NULL REFERENCES drops(id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    error         TEXT NOT NULL            -- JSON of an ErrorReport
  ) STRICT;
  CREATE INDEX refusals_drop ON refusals(drop_id);
  `,
  `
  -- How a file is to be read, where a person said so.
  CREATE TABLE readings (
    transfer_id   TEXT PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE,
    document      TEXT NOT NULL            -- JSON of a Reading
  ) STRICT;

  ALTER TABLE runs ADD COLUMN reading TEXT; -- JSON of a Reading; null: as it is found
  `,
  `
  -- Rejected lines that a person made rows of the table; they hold while the file has this text at this byte.
  CREATE TABLE fixes (
    transfer_id   TEXT NOT NULL REFERENCES transfers(id) ON DELETE CASCADE,
    byte          INTEGER NOT NULL,
    raw           TEXT NOT NULL,
    cells         TEXT NOT NULL,           -- JSON: a text or null for each column
    PRIMARY KEY (transfer_id, byte)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE runs ADD COLUMN fixes TEXT; -- JSON of Fix[]; null: none
  `,
  `
  ALTER TABLE runs ADD COLUMN options TEXT; -- JSON of OutputOptions; null: plain
  ALTER TABLE runs ADD COLUMN inputs  TEXT; -- JSON: transfers by the names a recipe has for them; null: none
  ALTER TABLE runs ADD COLUMN planned TEXT; -- JSON: files a run makes, while something of them can be left behind
  ALTER TABLE runs ADD COLUMN flow    TEXT; -- JSON: id and name of the flow that began it
  ALTER TABLE outputs ADD COLUMN defused INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE outputs ADD COLUMN notes   TEXT NOT NULL DEFAULT '[]'; -- JSON: sentences

  CREATE TABLE recipes (
    id            TEXT PRIMARY KEY,
    document      TEXT NOT NULL,           -- JSON of a Recipe
    created_at    INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE flows (
    id            TEXT PRIMARY KEY,
    document      TEXT NOT NULL,           -- JSON of a Flow
    created_at    INTEGER NOT NULL
  ) STRICT;

  -- Uploads that were held against the flows there were.
  CREATE TABLE flow_looks (
    transfer_id   TEXT PRIMARY KEY REFERENCES transfers(id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  `,
];
