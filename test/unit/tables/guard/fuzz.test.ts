import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { checkQuery } from '#internal/main/tables/guard/index';
import { isSluiceError } from '#shared/errors';
import { Grammar, randomOf } from './grammar.ts';

/** As many statements as are tried each time. `FUZZ_SEED` tries those of another time again. */
const BUDGET = Number(process.env['FUZZ_BUDGET'] ?? 4000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 4_294_967_296);
const SECRET = 'canary-7c1f';

/**
 * What the guard lets through is run where nothing else holds it back: no setting forbids files. It must all the same read
 * no canary, write no file, change no setting and make no table.
 */
test(`${BUDGET} statements by lot (FUZZ_SEED=${seed})`, { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-fuzz-'));
  const canary = join(folder, 'canary.csv');
  await writeFile(canary, `${SECRET}\n1\n`);
  process.env['SLUICE_CANARY'] = SECRET;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '200MB',
    temp_directory: '',
  });
  const connection = await instance.connect();
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
  await connection.run(
    `CREATE TABLE data AS SELECT i AS a, i % 3 AS b, 'x' || i AS "c d" FROM range(20) AS r(i)`,
  );
  const state = () =>
    ask(
      `SELECT (SELECT list(name || '=' || coalesce(value, '') ORDER BY name) FROM duckdb_settings()),
        (SELECT list(table_name ORDER BY table_name) FROM duckdb_tables()), (SELECT count(*) FROM duckdb_views()),
        (SELECT list(database_name ORDER BY database_name) FROM duckdb_databases()), (SELECT count(*) FROM duckdb_secrets()),
        (SELECT count(*) FROM data)`,
    );
  try {
    const before = JSON.stringify(await state());
    const grammar = new Grammar(randomOf(seed), canary);
    let passed = 0;
    let ran = 0;
    let refused = 0;
    for (let nth = 0; nth < BUDGET; nth += 1) {
      const sql = grammar.statement();
      let canonical: string;
      try {
        canonical = (await checkQuery(ask, sql, ['a', 'b', 'c d'])).sql;
      } catch (error) {
        if (!isSluiceError(error)) throw new Error(`the guard broke on ${sql}`, { cause: error });
        expect(['SQL_NOT_ALLOWED', 'SQL_INVALID']).toContain(error.code);
        refused += 1;
        continue;
      }
      passed += 1;
      const late = setTimeout(() => connection.interrupt(), 2000);
      const rows = await ask(canonical).catch(() => null);
      clearTimeout(late);
      if (rows === null) continue;
      ran += 1;
      expect(JSON.stringify(rows).includes(SECRET), sql).toBe(false);
      if (ran % 50 === 0) expect(JSON.stringify(await state()), sql).toBe(before);
    }
    expect(JSON.stringify(await state())).toBe(before);
    expect(await readdir(folder)).toEqual(['canary.csv']);
    expect(await readFile(canary, 'utf8')).toBe(`${SECRET}\n1\n`);
    // The lot has to reach both sides to mean anything.
    expect(passed).toBeGreaterThan(BUDGET / 20);
    expect(ran).toBeGreaterThan(BUDGET / 50);
    expect(refused).toBeGreaterThan(BUDGET / 10);
    console.info(`guard fuzz: seed ${seed}, ${passed} passed, ${ran} ran, ${refused} refused`);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
});
