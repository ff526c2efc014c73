import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tables } from '#main/tables';
import type { Bench, Terms } from '../bench.ts';
import { row, type Row } from '../row.ts';
import { startEngine } from './engine.ts';
import { writePlainCsv } from './plain-csv.ts';

/** What the process may have beside the limit. MB */
const BESIDE = 500;

type Work = (tables: Tables, path: string, out: string) => Promise<unknown>;

const WORK: Readonly<Record<string, Work>> = {
  load: (tables, path) => tables.load(path),
  profile: (tables, path) => tables.profile(path),
  'a run that sorts and takes duplicates out': (tables, path, out) =>
    tables.run({
      source: path,
      recipe: {
        version: 1,
        name: 'Memory',
        target: null,
        steps: [
          { kind: 'drop-exact-duplicates' },
          {
            kind: 'sort',
            by: [
              { column: 'customer', descending: true },
              { column: 'amount', descending: false },
            ],
          },
        ],
      },
      outputs: [{ format: 'csv', path: out }],
    }),
};

/** How much memory the process of tables has at most, by a file larger than its limit. */
export const memory: Bench = {
  name: 'tables-memory',
  what: 'peak memory of the process of tables: load, profile, and a run that sorts 1.7 GB with 1 GB of memory',
  async run(terms) {
    const [megabytes, limitMb] = terms.quick ? [64, 128] : [1700, 1000];
    await mkdir(join(terms.scratch, 'tables'), { recursive: true });
    const path = join(terms.scratch, 'tables', 'memory.csv');
    terms.tell(`tables-memory: writing ${megabytes} MB of CSV`);
    await writePlainCsv(path, megabytes * 1e6);
    const rows: Row[] = [];
    for (const [name, work] of Object.entries(WORK))
      rows.push(await peakOf(terms, name, work, path, megabytes, limitMb));
    return rows;
  },
};

/** One run of each: the most memory there was does not depend on how busy the machine is. */
async function peakOf(
  terms: Terms,
  name: string,
  work: Work,
  path: string,
  megabytes: number,
  limitMb: number,
): Promise<Row> {
  const engine = startEngine(terms, limitMb);
  const began = performance.now();
  try {
    await work(engine.tables, path, join(terms.scratch, 'tables', 'memory-out.csv'));
    const seconds = (performance.now() - began) / 1000;
    terms.tell(`  ${name}: ${seconds.toFixed(1)} s`);
    return row(
      `tables: peak memory of ${name}, ${megabytes} MB at a limit of ${limitMb} MB`,
      engine.peakMb(),
      'MB',
      { atMost: limitMb + BESIDE },
      { s: seconds },
    );
  } finally {
    await engine.close();
  }
}
