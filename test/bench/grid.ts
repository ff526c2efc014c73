import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTables, launchTablesFrom, type Tables } from '#main/tables';
import { PLAIN_VIEW, type TableView } from '#shared/domain';
import { launchChromium } from '../support/fake-engine/browser.ts';
import { buildPage } from '../support/fake-engine/build-page.ts';
import { serveFake } from '../support/fake-engine/index.ts';
import type { Bench, Terms } from './bench.ts';
import { median, row, type Row } from './row.ts';

const ENTRY = join(import.meta.dirname, '../../main/tables/process/main.ts');
const SORTED: TableView = { sort: [{ column: 2, descending: true }], filters: [] };
const FILTERED: TableView = {
  sort: [],
  filters: [{ kind: 'contains', column: 1, text: '77', not: false }],
};
const WINDOWS = 40;

/** How soon any rows of a table of ten million are there, and what scrolling them costs the page. */
export const grid: Bench = {
  name: 'grid',
  what: 'windows, orders and searches of a table of ten million rows; script of the page for a frame of scrolling',
  async run(terms) {
    const rows = terms.quick ? 500_000 : 10_000_000;
    const file = join(terms.scratch, 'grid.csv');
    terms.tell(`grid: writing ${rows} rows of CSV`);
    await writeRows(file, rows);
    return [...(await ofEngine(terms, file, rows)), ...(await ofPage(terms))];
  },
};

async function ofEngine(terms: Terms, file: string, rows: number): Promise<readonly Row[]> {
  const workFolder = join(terms.scratch, 'grid');
  const tables = createTables({
    launch: launchTablesFrom(ENTRY),
    workFolder,
    memoryLimitMb: 1024,
    threads: 2,
    log: { info: () => undefined, error: (message, error) => terms.tell(`${message}: ${String(error)}`) },
  });
  try {
    const began = performance.now();
    let head: number | null = null;
    await tables.load(file, {
      onLoading: (there) => {
        if (there > 0) head ??= performance.now() - began;
      },
    });
    const loaded = (performance.now() - began) / 1000;
    const { size } = await stat(file);
    const disk = await sizeOf(join(workFolder, 'snapshots'));
    terms.tell(`grid: all rows are there after ${loaded.toFixed(1)} s`);

    const plain = await windows(tables, file, PLAIN_VIEW, rows, 100);
    const sort = await timed(() => window(tables, file, SORTED, 0, 50));
    const sorted = await windows(tables, file, SORTED, rows, 50);
    const filter = await timed(() => window(tables, file, FILTERED, 0, 50));
    const search = await timed(() =>
      tables.find({ file, view: PLAIN_VIEW, text: 'needle', from: 0, backwards: false }),
    );
    const { total } = await tables.rows({
      file,
      view: FILTERED,
      offset: 0,
      limit: 1,
      columns: { from: 0, count: 1 },
    });
    return [
      row('grid: first 100,000 rows to be scrolled', head === null ? null : head / 1000, 's', { atMost: 1 }),
      row('grid: all rows to be scrolled', loaded, 's', null, {
        'file MB': size / 1e6,
        'snapshot MB': disk / 1e6,
        'million rows': rows / 1e6,
      }),
      row(
        'grid: 100 rows by place, median',
        median(plain),
        'ms',
        { atMost: 50 },
        { most: Math.max(...plain) },
      ),
      row('grid: sorted by a number', sort / 1000, 's', null, {
        'then 50 rows ms': median(sorted),
        'most ms': Math.max(...sorted),
      }),
      row('grid: filtered by a text', filter / 1000, 's', null, { rows: total }),
      row('grid: searched in all columns', search / 1000, 's', null),
    ];
  } finally {
    await tables.close();
  }
}

async function windows(
  tables: Tables,
  file: string,
  view: TableView,
  rows: number,
  limit: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < WINDOWS; turn += 1) {
    const offset = (turn * 7_919_993) % (rows - limit);
    times.push(await timed(() => window(tables, file, view, offset, limit)));
  }
  return times;
}

const window = (tables: Tables, file: string, view: TableView, offset: number, limit: number) =>
  tables.rows({ file, view, offset, limit, columns: { from: 0, count: 6 } });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const FRAMES = 240;

/** The page on a pretended engine with ten million rows: script for each frame while it is scrolled by its bar. */
async function ofPage(terms: Terms): Promise<readonly Row[]> {
  const folder = join(terms.scratch, 'page');
  await buildPage(folder);
  const engine = await serveFake(folder, 'busy');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(engine.url);
    await page
      .getByRole('grid', { name: /^Sessions/ })
      .getByRole('row')
      .first()
      .click();
    await page.getByRole('tab', { name: 'Data' }).click();
    await page.getByText('10,000,000 rows', { exact: true }).first().waitFor();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const script = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000;
    };
    const asked = engine.calls('tables.rows');
    const before = await script();
    // As text: these names are the page's, and not known to Node's own types.
    const blank = await page.evaluate(`new Promise((resolve) => {
      const grid = document.querySelector('.grid');
      let frame = 0;
      let blank = 0;
      const step = () => {
        grid.scrollTop += 2;
        if (grid.querySelectorAll('.grid-row').length < 10) blank += 1;
        frame += 1;
        if (frame < ${FRAMES}) requestAnimationFrame(step);
        else resolve(blank);
      };
      step();
    })`);
    const spent = (await script()) - before;
    return [
      row(
        'grid: script for a frame of scrolling, mean',
        spent / FRAMES,
        'ms',
        { atMost: 16 },
        {
          'frames without rows': Number(blank),
          'calls for rows': engine.calls('tables.rows') - asked,
          frames: FRAMES,
        },
      ),
    ];
  } finally {
    await browser.close();
    await engine.close();
  }
}

/** Six columns of about 76 bytes a row, with one needle near the end. */
async function writeRows(path: string, rows: number): Promise<void> {
  const handle = await open(path, 'w');
  try {
    let text = 'id,name,amount,ordered,city,remark\n';
    for (let at = 0; at < rows; at += 1) {
      const hash = (at * 2_654_435_761) % 4_294_967_296;
      const day = `2026-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`;
      const remark = at === rows - 1000 ? 'the needle' : `remark ${hash.toString(36)} of row`;
      text += `${at + 1},Name ${hash % 100_000},${(hash % 1_000_000) / 100},${day},City ${hash % 40},${remark}\n`;
      if (text.length > 4_000_000) {
        await handle.write(text);
        text = '';
      }
    }
    await handle.write(text);
  } finally {
    await handle.close();
  }
}
