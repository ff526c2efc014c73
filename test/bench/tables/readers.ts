import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createTables, launchTablesFrom } from '#main/tables';
import { readPlain, type ReadTable } from './corpus.ts';

export const ENTRY = join(import.meta.dirname, '../../../main/tables/process/main.ts');

export interface Reader {
  readonly name: string;
  readonly read: ReadTable;
  close(): Promise<void>;
}

/** `convert IN OUT.csv` with no option. */
export async function sluice(memoryLimitMb = 256): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-corpus-'));
  const tables = createTables({
    launch: launchTablesFrom(ENTRY),
    workFolder: join(folder, 'work'),
    memoryLimitMb,
    threads: 1,
    log: { info: () => undefined, error: console.error },
  });
  const out = join(folder, 'out.csv');
  return {
    name: 'sluice',
    read: async (path) => {
      await tables.run({
        source: path,
        recipe: { version: 1, name: 'As it is', target: null, steps: [] },
        outputs: [{ format: 'csv', path: out }],
      });
      return readPlain(out);
    },
    close: async () => {
      await tables.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** DuckDB's own detection, all as text. */
export async function duckdb(): Promise<Reader> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    name: 'duckdb read_csv',
    read: async (path) => {
      const from = `read_csv('${path.replaceAll("'", "''")}', all_varchar = true)`;
      const found = await connection.runAndReadAll(`SELECT * FROM ${from}`);
      return [
        found.columnNames(),
        ...found.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell)))),
      ];
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}

/** What a short script does: UTF-8, lines, commas. */
export function naive(): Reader {
  return {
    name: 'lines and commas',
    read: async (path) =>
      (await readFile(path, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(',')),
    close: () => Promise.resolve(),
  };
}
