import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { sluiceError, type SluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';

export interface DatabaseOptions {
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly spillLimitMb: number | null;
  readonly threads: number;
}

/** A cell as JSON has it: whole numbers beyond 32 bits, decimals and dates as text. */
export type Cell = string | number | boolean | null | readonly Cell[];

/**
 * DuckDB in memory, spilling into the work folder, with nothing it could fetch or install. SQL of ours only: it may read
 * and write files.
 */
export class Database {
  readonly options: DatabaseOptions;
  readonly #instance: DuckDBInstance;

  private constructor(options: DatabaseOptions, instance: DuckDBInstance) {
    this.options = options;
    this.#instance = instance;
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const spill = join(options.workFolder, 'spill');
    await mkdir(spill, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(spill);
    const room = Math.max(256, Math.floor((bavail * bsize * 0.8) / 1_000_000));
    const spillMb = Math.min(room, options.spillLimitMb ?? room);
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: `${options.memoryLimitMb}MB`,
      temp_directory: spill,
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_persistent_secrets: 'false',
      extension_directory: spill,
      secret_directory: spill,
    });
    const connection = await instance.connect();
    // Times with a zone are read as UTC wherever the file is opened; results must not depend on the machine.
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    // Given when it is opened, DuckDB shows this limit and does not hold it.
    await connection.run(`SET GLOBAL max_temp_directory_size = '${spillMb}MB'`);
    await connection.run('SET GLOBAL lock_configuration = true');
    connection.closeSync();
    return new Database(options, instance);
  }

  /** A connection with tables and views of its own; aborting stops what it does. */
  async session(signal: AbortSignal): Promise<Session> {
    return new Session(await this.#instance.connect(), signal, this.options);
  }

  close(): void {
    this.#instance.closeSync();
  }
}

export class Session implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal;
  readonly #options: DatabaseOptions;

  constructor(connection: DuckDBConnection, signal: AbortSignal, options: DatabaseOptions) {
    this.#connection = connection;
    this.#signal = signal;
    this.#options = options;
  }

  /** What a person lets tables set aside on the disk, MB; null: no limit of theirs. */
  get spillLimitMb(): number | null {
    return this.#options.spillLimitMb;
  }

  async query(sql: string): Promise<readonly (readonly Cell[])[]> {
    return this.#guard(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowsJson() as readonly (readonly Cell[])[];
    });
  }

  /** The rows of a statement, column by column, in pieces as they are made: all of them never are in memory. */
  async *chunks(sql: string): AsyncGenerator<readonly (readonly unknown[])[]> {
    const result = await this.#guard(() => this.#connection.stream(sql));
    for (;;) {
      const chunk = await this.#guard(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getColumns();
    }
  }

  async run(sql: string): Promise<void> {
    await this.#guard(() => this.#connection.run(sql));
  }

  /** How far the statement that runs is, 0 to 1, or null where DuckDB does not know. */
  progress(): number | null {
    const { percentage } = this.#connection.progress;
    return percentage < 0 ? null : Math.min(1, percentage / 100);
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    // Interrupting once can fall between two statements.
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      this.#connection.interrupt();
      timer = setInterval(() => this.#connection.interrupt(), 50);
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      return await work();
    } catch (error) {
      if (this.#signal.aborted) throw sluiceError('CANCELLED', {}, error);
      throw new EngineError(error, this.#options);
    } finally {
      clearInterval(timer);
      this.#signal.removeEventListener('abort', stop);
    }
  }
}

/** A refusal of DuckDB. It has no codes, so that this is the one place where its words are read. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly kind: 'disk-full' | 'spill' | 'memory' | 'content';
  readonly #options: DatabaseOptions;

  constructor(cause: unknown, options: DatabaseOptions) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.#options = options;
    if (/No space left on device|not enough space/i.test(this.message)) this.kind = 'disk-full';
    else if (/max_temp_directory_size|failed to offload/i.test(this.message)) this.kind = 'spill';
    else if (this.message.startsWith('Out of Memory')) this.kind = 'memory';
    else this.kind = 'content';
  }

  /** @param path what was being written, or else the work folder */
  toSluiceError(name: string, path: string | null): SluiceError {
    switch (this.kind) {
      case 'disk-full':
        return sluiceError('DISK_FULL', { path: path ?? this.#options.workFolder }, this);
      case 'spill': {
        const { spillLimitMb, workFolder } = this.#options;
        // Without a limit of a person's it is what the disk had left.
        return spillLimitMb === null
          ? sluiceError('DISK_FULL', { path: workFolder }, this)
          : sluiceError('SPILL_LIMIT', { name, limitMb: spillLimitMb }, this);
      }
      case 'memory':
        return sluiceError('TABLE_TOO_LARGE', { name, limitMb: this.#options.memoryLimitMb }, this);
      case 'content': {
        const [reason = ''] = this.message.replace(/^[A-Za-z ]+ Error: /, '').split('\n');
        return sluiceError(
          'TABLE_UNREADABLE',
          { name, reason: reason.slice(0, 300).replace(/\.$/, '') },
          this,
        );
      }
      default:
        return assertNever(this.kind);
    }
  }
}
