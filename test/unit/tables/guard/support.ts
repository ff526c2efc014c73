import { DuckDBInstance } from '@duckdb/node-api';
import type { Ask } from '#internal/main/tables/guard/guard';

/** DuckDB as the guard asks it: only to read SQL, never to run it. */
export async function openParser(): Promise<{ ask: Ask; close(): void }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    ask: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
