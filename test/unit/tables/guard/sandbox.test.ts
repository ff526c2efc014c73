import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandbox, type SandboxJob } from '#internal/main/tables/guard/index';
import { SandboxHost } from '#internal/main/tables/sandbox-host';
import { launchTablesFrom } from '#main/tables';
import { entry } from '../support.ts';

let folder: string;
let input: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-sandbox-'));
  input = join(folder, 'input.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT i AS a, 'x' || i AS b FROM range(1000) AS r(i)) TO '${input}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let made = 0;
async function job(sql: string, more: Partial<SandboxJob> = {}): Promise<SandboxJob> {
  made += 1;
  const own = join(folder, `job-${made}`);
  await mkdir(own, { mode: 0o700 });
  return {
    folder: own,
    input,
    output: join(own, 'output.parquet'),
    sql,
    value: null,
    divisors: null,
    memoryLimitMb: 200,
    spillLimitMb: null,
    seconds: 60,
    ...more,
  };
}

describe('a process of its own', () => {
  const host = new SandboxHost(launchTablesFrom(entry));
  const codeOf = async (asked: SandboxJob) => {
    const outcome = await host.run(made, asked);
    return outcome.kind === 'failed' ? outcome.error.code : outcome.result;
  };

  test('computes', async () => {
    expect(await codeOf(await job('SELECT sum(a) AS s, count(*) AS n, max(b) AS m FROM data'))).toEqual({
      columns: [
        { name: 's', type: 'DECIMAL(38,0)' },
        { name: 'n', type: 'BIGINT' },
        { name: 'm', type: 'VARCHAR' },
      ],
      rows: 1,
      divisionsByZero: 0,
    });
  });

  test('says what was meant', async () => {
    const outcome = await host.run(1, await job('SELECT aa FROM data'));
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'SQL_INVALID' } });
    expect(JSON.stringify(outcome)).toContain('Candidate');
  });

  test('is killed at its deadline, whatever it is in the middle of', async () => {
    // Deaf to interrupts for a minute.
    const deaf = "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000)) FROM data";
    const began = Date.now();
    expect(await codeOf(await job(deaf, { seconds: 2 }))).toBe('QUERY_TIMEOUT');
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  test('is killed where one value outgrows the memory that DuckDB keeps count of', async () => {
    expect(await codeOf(await job('SELECT list_sum(range(1000000000)) FROM data LIMIT 1'))).toBe(
      'QUERY_MEMORY',
    );
    expect(await codeOf(await job("SELECT length(repeat('a', 2000000000)) FROM data LIMIT 1"))).toBe(
      'QUERY_MEMORY',
    );
  });

  test('sets no more aside on the disk than it may', async () => {
    const long = 'SELECT sha256(CAST(n AS VARCHAR)) AS h FROM range(10000000) AS r(n)';
    expect(await codeOf(await job(long, { memoryLimitMb: 100, spillLimitMb: 10 }))).toBe('DISK_FULL');
  });

  test('stops when it is not wanted any more', async () => {
    const running = host.run(
      77,
      await job("SELECT levenshtein(repeat('a', 200000), repeat('b', 200000)) FROM data"),
    );
    setTimeout(() => host.stop(77), 500);
    expect(await running).toMatchObject({ kind: 'failed', error: { code: 'CANCELLED' } });
  });
});

describe('the settings alone hold what they can, should the guard ever slip', () => {
  const canary = 'canary-11';
  const run = async (sql: string): Promise<string> => {
    const asked = await job(sql);
    const instance = await openSandbox(asked);
    const connection = await instance.connect();
    try {
      return JSON.stringify((await connection.runAndReadAll(sql)).getRowsJson());
    } catch (error) {
      return `refused: ${(error as Error).message.split('\n')[0]}`;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };

  test.each([
    ['reads another file', (path: string) => `SELECT * FROM read_text('${path}')`],
    ['reads another table file', (path: string) => `SELECT * FROM '${path}'`],
    ['writes beside', (path: string) => `COPY (SELECT 1) TO '${path}.new'`],
    ['writes over', (path: string) => `COPY (SELECT 1) TO '${path}' (USE_TMP_FILE false)`],
    ['attaches', (path: string) => `ATTACH '${path}.db'`],
    ['loads', () => "LOAD 'httpfs'"],
    ['installs', () => 'INSTALL httpfs'],
    ['sets', () => 'SET enable_external_access = true'],
    ['sets a limit', () => "SET memory_limit = '100GB'"],
    ['resets', () => 'RESET lock_configuration'],
    ['exports', (path: string) => `EXPORT DATABASE '${path}.d'`],
    ['lists', (path: string) => `SELECT * FROM glob('${path}*')`],
  ])('%s: refused', async (_, sql) => {
    const path = join(folder, 'canary.csv');
    await writeFile(path, `${canary}\n`);
    const answer = await run(sql(path));
    expect(answer).not.toContain(canary);
    expect(answer === '[]' || answer.startsWith('refused')).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(`${canary}\n`);
    for (const ending of ['.new', '.db', '.d']) expect(existsSync(path + ending)).toBe(false);
  });
});
