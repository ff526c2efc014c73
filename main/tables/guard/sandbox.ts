import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { sluiceError, type SluiceError } from '#shared/errors';
import { identifier, literal } from '../sql/index.ts';

/** SQL that the guard let through, to be run in a process that can be killed. All paths are in one folder of its own. */
export interface SandboxJob {
  readonly folder: string;
  /** Parquet: what is called `data`. */
  readonly input: string;
  /** Parquet, made by it. */
  readonly output: string;
  readonly sql: string;
  /** What the only column of the result is to be called; null leaves the columns as they are. */
  readonly value: string | null;
  /** Of whose values rows with a 0 are counted; null counts none. */
  readonly divisors: { readonly sql: string; readonly count: number } | null;
  readonly memoryLimitMb: number;
  /** What may be set aside on the disk, MB; null: half of what is free. */
  readonly spillLimitMb: number | null;
  /** So long it may take. */
  readonly seconds: number;
}

export interface SandboxResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: number;
  /** Rows in which something was divided by 0; the result is missing there. */
  readonly divisionsByZero: number;
}

/** More than DuckDB's own limit, which does not bound one vector. */
export const residentLimitMb = (memoryLimitMb: number): number => memoryLimitMb * 1.5 + 250;

/**
 * The end of the process. With one thread, so that the same query gives the same rows in the same order. Throws
 * SQL_INVALID, QUERY_MEMORY, DISK_FULL.
 */
export async function runSandboxed(job: SandboxJob): Promise<SandboxResult> {
  const instance = await openSandbox(job);
  const connection = await instance.connect();
  try {
    return await compute(connection, job);
  } catch (error) {
    throw queryError(error, job);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB that knows `data`, may write the output, and nothing else; the settings cannot be changed any more. */
export async function openSandbox({
  folder,
  input,
  output,
  memoryLimitMb,
  spillLimitMb,
}: Pick<
  SandboxJob,
  'folder' | 'input' | 'output' | 'memoryLimitMb' | 'spillLimitMb'
>): Promise<DuckDBInstance> {
  const spill = join(folder, 'spill');
  await mkdir(spill, { recursive: true, mode: 0o700 });
  // What the query makes is set aside, and then written once more as the output.
  const { bavail, bsize } = await statfs(spill);
  const room = Math.floor((bavail * bsize) / 2_000_000);
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    extension_directory: spill,
    secret_directory: spill,
    ieee_floating_point_ops: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  // Given when it is opened, DuckDB shows this limit and does not hold it.
  await connection.run(`SET GLOBAL max_temp_directory_size = '${Math.min(room, spillLimitMb ?? room)}MB'`);
  await connection.run(`CREATE VIEW data AS SELECT * FROM read_parquet(${literal(input)})`);
  await connection.run(`SET GLOBAL allowed_paths = [${literal(input)}, ${literal(output)}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  await connection.run('SET GLOBAL lock_configuration = true');
  connection.closeSync();
  return instance;
}

async function compute(connection: DuckDBConnection, job: SandboxJob): Promise<SandboxResult> {
  const query =
    job.value === null
      ? job.sql
      : `SELECT q.${identifier(job.value)} FROM (${job.sql}) AS q(${identifier(job.value)})`;
  await connection.run(`CREATE TEMP TABLE result AS ${query}`);
  const described = await connection.runAndReadAll('DESCRIBE result');
  const columns = (described.getRowsJson() as [string, string][]).map(([name, type]) => ({
    name,
    type: storedType(type),
  }));
  const casts = columns.map(
    ({ name, type }) => `CAST(t.${identifier(name)} AS ${type}) AS ${identifier(name)}`,
  );
  await connection.run(
    `COPY (SELECT ${casts.join(', ')} FROM result AS t) TO ${literal(job.output)} (FORMAT parquet, USE_TMP_FILE false)`,
  );
  const counted = await connection.runAndReadAll('SELECT count(*) FROM result');
  return {
    columns,
    rows: Number(counted.getRowsJson()[0]?.[0] ?? 0),
    divisionsByZero: job.divisors === null ? 0 : await zeros(connection, job.divisors),
  };
}

async function zeros(
  connection: DuckDBConnection,
  { sql, count }: { readonly sql: string; readonly count: number },
): Promise<number> {
  const names = Array.from({ length: count }, (_, index) => `d${index}`);
  const any = names.map((name) => `coalesce(TRY_CAST(q.${name} AS DOUBLE) = 0, false)`).join(' OR ');
  const found = await connection.runAndReadAll(
    `SELECT count(*) FROM (${sql}) AS q(${names.join(', ')}) WHERE ${any}`,
  );
  return Number(found.getRowsJson()[0]?.[0] ?? 0);
}

/** What a value of a type is handed on as: types that tables have, the others as text. */
function storedType(type: string): string {
  if (/^(?:VARCHAR|BOOLEAN|DATE|DOUBLE|BIGINT|DECIMAL\(\d+,\s*\d+\))$/.test(type)) return type;
  if (/^(?:U?TINYINT|U?SMALLINT|U?INTEGER)$/.test(type)) return 'BIGINT';
  if (/^(?:UBIGINT|U?HUGEINT)$/.test(type)) return 'DECIMAL(38,0)';
  if (type === 'FLOAT') return 'DOUBLE';
  if (type.startsWith('TIMESTAMP')) return 'TIMESTAMP';
  return 'VARCHAR';
}

/** DuckDB has no codes, so that its words are read here: what it lacks, and what it thinks was meant. */
function queryError(error: unknown, { memoryLimitMb, folder }: SandboxJob): SluiceError {
  const message = error instanceof Error ? error.message : String(error);
  if (/No space left on device|max_temp_directory_size|not enough space/i.test(message))
    return sluiceError('DISK_FULL', { path: folder }, error);
  if (message.startsWith('Out of Memory'))
    return sluiceError('QUERY_MEMORY', { limitMb: memoryLimitMb }, error);
  const lines = message
    .replace(/^[A-Za-z ]+ Error: /, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('LINE ') && line !== '^');
  return sluiceError(
    'SQL_INVALID',
    { reason: lines.slice(0, 3).join(' ').slice(0, 400).replace(/\.$/, '') },
    error,
  );
}
