import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { AS_FOUND } from '#shared/domain';
import { createTables, launchTablesFrom } from '#main/tables';
import type { Bench, Terms } from '../bench.ts';
import { median, ratio, row, type Row } from '../row.ts';
import { byClass, examples, judge } from './corpus.ts';
import { memory } from './memory.ts';
import { writePlainCsv } from './plain-csv.ts';
import { duckdb, ENTRY, naive, sluice, type Reader } from './readers.ts';
import { ready } from './ready.ts';
import { workbook } from './workbook.ts';

/** How much of messy files comes out as a careful person would have typed it, beside other readers. */
const score: Bench = {
  name: 'tables-score',
  what: 'the corpus of messy files: header, record and cell F1 by class, beside DuckDB’s own detection and a plain split',
  async run() {
    const all = examples();
    const scored = await Promise.all(
      [await sluice(), await duckdb(), naive()].map(async (reader: Reader) => {
        const judged = await judge(reader.read, all);
        await reader.close();
        return { name: reader.name, ...byClass(judged) };
      }),
    );
    const [own, ...others] = scored;
    if (own === undefined) return [];
    const peersOf = (
      of: (each: (typeof scored)[number]) => number | undefined,
    ): Record<string, number | null> =>
      Object.fromEntries(others.map((each) => [each.name, of(each) ?? null]));
    const over = (what: 'header' | 'records' | 'cells', atLeast: number | null): Row =>
      row(
        `tables: ${what} F1 over ${own.classes.length} classes, ${all.length} files`,
        own.all[what],
        'F1',
        atLeast === null ? null : { atLeast },
        peersOf((each) => each.all[what]),
      );
    const classes = own.classes.map(({ kind, files, score }) =>
      row(
        `tables: cells, ${kind} (${files})`,
        score.cells,
        'F1',
        null,
        peersOf((each) => each.classes.find((other) => other.kind === kind)?.score.cells),
      ),
    );
    return [over('header', null), over('records', null), over('cells', 0.99), ...classes];
  },
};

/** What it costs to find out how a file is read, and to read all of it as text. */
const load: Bench = {
  name: 'load',
  what: 'detection on CSVs of any size, and the raw load against DuckDB’s read_csv with all_varchar',
  async run(terms) {
    await mkdir(join(terms.scratch, 'load'), { recursive: true });
    const sizes = terms.quick ? [1, 64] : [1, 459, 1700];
    const rows: Row[] = [];
    for (const megabytes of sizes) {
      const path = join(terms.scratch, 'load', `${megabytes}.csv`);
      terms.tell(`load: writing ${megabytes} MB of CSV`);
      await writePlainCsv(path, megabytes * 1e6);
      rows.push(await detection(terms, path, megabytes));
      if (megabytes > 1) rows.push(await raw(terms, path, megabytes));
    }
    return rows;
  },
};

async function detection(terms: Terms, path: string, megabytes: number): Promise<Row> {
  const seconds: number[] = [];
  for (let round = 0; round < terms.rounds; round += 1) {
    const process = started(terms);
    await process.preview(join(terms.scratch, 'load', '1.csv'));
    // Another way to ask for the same, so that nothing is remembered.
    const source = { path, reading: { ...AS_FOUND, dayFirst: round % 2 === 0 } };
    const began = performance.now();
    await process.preview(source);
    seconds.push(performance.now() - began);
    await process.close();
  }
  return row(`load: encoding and dialect of ${megabytes} MB`, median(seconds), 'ms', { atMost: 300 });
}

async function raw(terms: Terms, path: string, megabytes: number): Promise<Row> {
  const own: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < terms.rounds; round += 1) {
    const process = started(terms);
    const began = performance.now();
    await process.load(path);
    own.push((performance.now() - began) / 1000);
    await process.close();
    peer.push(await loadedByDuckDb(terms, path));
  }
  const [sluiceSeconds, duckSeconds] = [median(own), median(peer)];
  return row(
    `load: raw load of ${megabytes} MB, times read_csv all_varchar`,
    ratio(sluiceSeconds, duckSeconds),
    'x',
    { atMost: 1.3 },
    { 'sluice s': sluiceSeconds, 'duckdb s': duckSeconds },
  );
}

function started(terms: Terms) {
  return createTables({
    launch: launchTablesFrom(ENTRY),
    workFolder: join(terms.scratch, 'load', 'work'),
    memoryLimitMb: 2000,
    threads: 2,
    log: { info: () => undefined, error: console.error },
  });
}

/** Into a table on the disk, as the raw load is. */
async function loadedByDuckDb(terms: Terms, path: string): Promise<number> {
  const database = join(terms.scratch, 'load', `peer-${performance.now()}.duckdb`);
  const began = performance.now();
  const instance = await DuckDBInstance.create(database, { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE data AS SELECT * FROM read_csv('${path.replaceAll("'", "''")}', all_varchar = true)`,
  );
  const seconds = (performance.now() - began) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

/** What is promised of tables, apart from what is seen of them. */
export const TABLES: readonly Bench[] = [score, load, ready, workbook, memory];
