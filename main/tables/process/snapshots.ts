import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isSluiceError, sluiceError } from '#shared/errors';
import { formatBytes } from '#shared/lib';
import { identifier, literal } from '../sql/index.ts';
import { EngineError } from './database.ts';
import type { Loaded } from './loaded.ts';
import { withRows, type JobContext } from './read.ts';
import { cellName } from './view-sql.ts';
import { Snapshot } from './snapshot.ts';
import { SOURCE } from './source-sql.ts';

/** Rows that are there to be shown while the others are still read. */
const HEAD_ROWS = 100_000;
const KEPT = 2;
/** What packed files may unpack to, in times of their size. */
const UNPACKED = 6;
/** What is left free on the disk, bytes. */
const RESERVE = 256_000_000;

export interface Loading {
  /** Rows from the first on that can be shown. */
  readonly rows: number;
  /** Of the file, 0 to 1; null where it is not known. */
  readonly fraction: number | null;
}

interface Entry {
  readonly snapshot: Snapshot;
  readonly file: string;
  /** Settles with the whole. */
  whole: Promise<void>;
  now: Loading;
  readonly listeners: Set<(now: Loading) => void>;
  /** Stops it while it is being filled. */
  readonly control: AbortController;
  isWhole: boolean;
  users: number;
}

/**
 * Tables kept whole for quick access by place: made once a table, the last few, each in a database file of its own in the
 * work folder that goes with it.
 */
export class Snapshots {
  readonly #folder: string;
  readonly #entries = new Map<Loaded, Entry>();
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Runs a job on the snapshot of a table once all rows are in it, or once its first rows are where `head` asks for no
   * more. Throws SOURCE_*, TABLE_*, DISK_SHORT, DISK_FULL.
   */
  async use<T>(
    context: JobContext,
    loaded: Loaded,
    options: { readonly head: number | null; readonly onLoading?: (now: Loading) => void },
    job: (snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const entry = this.#entryOf(context, loaded);
      const { onLoading } = options;
      if (onLoading !== undefined) {
        entry.listeners.add(onLoading);
        onLoading(entry.now);
      }
      entry.users += 1;
      try {
        await this.#wait(entry, options.head, context.signal);
        return await job(entry.snapshot);
      } catch (error) {
        // Whoever began it went away.
        if (!isSluiceError(error, 'CANCELLED') || context.signal.aborted) throw error;
      } finally {
        entry.users -= 1;
        if (entry.users === 0 && !entry.isWhole) this.#giveUp(loaded, entry);
        if (onLoading !== undefined) entry.listeners.delete(onLoading);
        await this.#forgetOldest(context);
      }
    }
  }

  #entryOf(context: JobContext, loaded: Loaded): Entry {
    const known = this.#entries.get(loaded);
    if (known !== undefined) {
      this.#entries.delete(loaded);
      this.#entries.set(loaded, known);
      return known;
    }
    this.#made += 1;
    const name = `snapshot_${this.#made}`;
    const entry: Entry = {
      snapshot: new Snapshot(name, loaded),
      file: join(this.#folder, `${name}.duckdb`),
      whole: Promise.resolve(),
      now: { rows: 0, fraction: null },
      listeners: new Set(),
      control: new AbortController(),
      isWhole: false,
      users: 0,
    };
    this.#entries.set(loaded, entry);
    const own: JobContext = { ...context, signal: entry.control.signal, fixes: [] };
    entry.whole = this.#fill(own, loaded, entry).catch(async (error: unknown) => {
      if (this.#entries.get(loaded) === entry) this.#entries.delete(loaded);
      await this.#remove(context, entry);
      throw error;
    });
    entry.whole.catch(() => undefined);
    return entry;
  }

  async #fill(context: JobContext, loaded: Loaded, entry: Entry): Promise<void> {
    const { snapshot, file } = entry;
    const { name } = loaded.table;
    const tell = (now: Partial<Loading>): void => {
      entry.now = { ...entry.now, ...now };
      for (const listener of entry.listeners) listener(entry.now);
    };
    await this.#assertRoom(loaded);
    try {
      using attaching = await context.database.session(context.signal);
      await attaching.run(`ATTACH ${literal(file)} AS ${snapshot.name}`);
      let cleaned = false;
      const reading: JobContext = {
        ...context,
        onRead: (done, total) => {
          cleaned = true;
          tell({ fraction: total === 0 ? null : (done / total) * 0.6 });
        },
      };
      await withRows(reading, loaded, async ({ session }) => {
        const named = loaded.table.columns
          .map(({ name: column }, index) => `${identifier(column)} AS ${cellName(index)}`)
          .join(', ');
        await session.run(
          `CREATE OR REPLACE TABLE ${snapshot.name}.head AS SELECT ${named} FROM ${SOURCE} LIMIT ${HEAD_ROWS}`,
        );
        const head = await countOf(session, `${snapshot.name}.head`);
        snapshot.headIsThere(head);
        tell({ rows: head });
        const timer = setInterval(() => {
          const fraction = session.progress();
          const from = cleaned ? 0.6 : 0;
          if (fraction !== null) {
            tell({ fraction: Math.max(entry.now.fraction ?? 0, from + fraction * (1 - from)) });
          }
        }, 200);
        try {
          await session.run(
            `CREATE OR REPLACE TABLE ${snapshot.name}.rows AS SELECT ${named} FROM ${SOURCE}`,
          );
        } finally {
          clearInterval(timer);
        }
        const rows = await countOf(session, `${snapshot.name}.rows`);
        snapshot.wholeIsThere(rows);
        entry.isWhole = true;
        tell({ rows, fraction: 1 });
      });
    } catch (error) {
      if (error instanceof EngineError) throw error.toSluiceError(name, file);
      throw error;
    }
  }

  /** Nobody waits for it any more. */
  #giveUp(loaded: Loaded, entry: Entry): void {
    if (this.#entries.get(loaded) === entry) this.#entries.delete(loaded);
    entry.control.abort(sluiceError('CANCELLED', {}));
  }

  async #wait(entry: Entry, head: number | null, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (now: Loading): void => {
      if (head !== null && now.rows > 0 && head <= now.rows) resolve();
    };
    const stop = (): void => reject(sluiceError('CANCELLED', {}));
    signal.addEventListener('abort', stop, { once: true });
    entry.listeners.add(look);
    look(entry.now);
    try {
      await Promise.race([promise, entry.whole]);
    } finally {
      entry.listeners.delete(look);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Kept compressed, rows take less than their text; hardly ever they take a little more. */
  async #assertRoom({ table }: Loaded): Promise<void> {
    const isPlain = table.packing === null && table.kind === 'delimited';
    const needed = Math.round(table.identity.size * (isPlain ? 1.2 : UNPACKED)) + RESERVE;
    const { bavail, bsize } = await statfs(this.#folder);
    const available = bavail * bsize;
    if (available < needed)
      throw sluiceError('DISK_SHORT', {
        path: this.#folder,
        needed: formatBytes(needed),
        free: formatBytes(available),
      });
  }

  async #forgetOldest(context: JobContext): Promise<void> {
    for (const [loaded, entry] of this.#entries) {
      if (this.#entries.size <= KEPT) return;
      if (entry.users > 0) continue;
      this.#entries.delete(loaded);
      await this.#remove(context, entry);
    }
  }

  async #remove(context: JobContext, { snapshot, file }: Entry): Promise<void> {
    // What is taken away has no signal to stop it: its own may be aborted already.
    using session = await context.database.session(new AbortController().signal);
    await session.run(`DETACH DATABASE IF EXISTS ${snapshot.name}`);
    await Promise.all([rm(file, { force: true }), rm(`${file}.wal`, { force: true })]);
  }
}

async function countOf(
  session: { query(sql: string): Promise<readonly (readonly unknown[])[]> },
  table: string,
) {
  const [[count] = [0]] = await session.query(`SELECT count(*) FROM ${table}`);
  return Number(count);
}
