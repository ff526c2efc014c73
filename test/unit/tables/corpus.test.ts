import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTables, launchTablesFrom, type Tables } from '#main/tables';
import { cutAll } from '#internal/main/tables/text/index';

const corpus = join(import.meta.dirname, '../../fixtures/tables');
const entry = join(import.meta.dirname, '../../../main/tables/process/main.ts');
const plain = { delimiter: ',', quote: '"', escape: null, collapse: false, loneCr: false };

let folder: string;
let tables: Tables;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-corpus-'));
  tables = createTables({
    launch: launchTablesFrom(entry),
    workFolder: join(folder, 'work'),
    memoryLimitMb: 256,
    threads: 1,
    log: { info: () => undefined, error: console.error },
  });
});

afterAll(async () => {
  await tables.close();
  await rm(folder, { recursive: true, force: true });
});

/** Share of cells that are where they should be, over all that are there or should be. */
function cellEquality(got: readonly (readonly string[])[], wanted: readonly (readonly string[])[]): number {
  let equal = 0;
  let all = 0;
  for (let row = 0; row < Math.max(got.length, wanted.length); row += 1) {
    const [a, b] = [got[row] ?? [], wanted[row] ?? []];
    for (let column = 0; column < Math.max(a.length, b.length); column += 1) {
      all += 1;
      if (a[column] === b[column]) equal += 1;
    }
  }
  return all === 0 ? 1 : equal / all;
}

const classes = readdirSync(corpus, { withFileTypes: true }).filter((found) => found.isDirectory());

for (const { name } of classes) {
  const files = readdirSync(join(corpus, name)).filter((file) => !file.endsWith('.clean.csv'));
  test(`${name}: every cell is where a careful person would put it`, async () => {
    for (const file of files) {
      const path = join(corpus, name, file);
      const wanted = cutAll(readFileSync(path.replace(/\.csv$/, '.clean.csv')), plain);
      const out = join(folder, `${name}-${file}`);
      // oxlint-disable-next-line no-await-in-loop
      await tables.run({
        source: path,
        recipe: { version: 1, name: 'As it is', target: null, steps: [] },
        outputs: [{ format: 'csv', path: out }],
      });
      const got = cutAll(readFileSync(out), plain);
      expect.soft(got, `${name}/${file}`).toEqual(wanted);
      expect.soft(cellEquality(got, wanted), `${name}/${file}`).toBe(1);
    }
  });
}
