import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { median, row } from '../row.ts';
import { startEngine } from './engine.ts';

/** How soon the process of tables answers, from nothing: its own code, and DuckDB. */
export const ready: Bench = {
  name: 'tables-ready',
  what: 'from no process of tables to its first answer, and to the first of DuckDB',
  async run(terms) {
    const folder = join(terms.scratch, 'tables');
    await mkdir(folder, { recursive: true });
    const [csv, parquet] = [join(folder, 'ready.csv'), join(folder, 'ready.parquet')];
    await writeFile(csv, 'id,name\n1,Anna\n2,Ben\n');
    const making = startEngine(terms, 500);
    await making.tables.run({
      source: csv,
      recipe: { version: 1, name: 'Ready', target: null, steps: [] },
      outputs: [{ format: 'parquet', path: parquet }],
    });
    await making.close();
    const first: number[] = [];
    const duckdb: number[] = [];
    for (let round = 0; round < terms.rounds; round += 1) {
      first.push(await once((engine) => engine.tables.preview(csv)));
      duckdb.push(await once((engine) => engine.tables.head(parquet, 'parquet', 1)));
    }
    return [
      row('tables: from no process to its first answer', median(first), 'ms', { atMost: 300 }),
      row('tables: from no process to the first answer of DuckDB', median(duckdb), 'ms', { atMost: 300 }),
    ];

    async function once(ask: (engine: ReturnType<typeof startEngine>) => Promise<unknown>): Promise<number> {
      const engine = startEngine(terms, 500);
      const began = performance.now();
      await ask(engine);
      const took = performance.now() - began;
      await engine.close();
      return took;
    }
  },
};
