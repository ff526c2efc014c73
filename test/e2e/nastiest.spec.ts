import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { type App, expect, test } from './support/app.ts';
import { csvRows } from './support/csv.ts';
import { fileRow, open, tab, watch } from './support/page.ts';

const CORPUS = join(import.meta.dirname, '../fixtures/tables');

/** Of the corpus the nastiest, each of another kind of trouble; and what must be said of it. */
const NASTIEST: readonly (readonly [file: string, said: RegExp | null])[] = [
  ['bank/german-statement', /lines? above the table/],
  ['erp/sap-list', null],
  ['framed/mysql', null],
  ['fixed-width/ruler-of-dashes', null],
  ['quotes/unclosed-before-quoted', /quote/],
  ['encoding/russian-koi8', /KOI8-R/],
  ['encoding/japanese-sjis', /Shift-JIS/],
  ['several-tables/second-smaller', /table/],
  ['long-rows/thousands-unquoted', /too many cells/],
];
/** The tenth: nothing in it says whether day or month comes first. */
const ORDERS = 'orders.csv';
const CITIES = ['Köln', 'São Paulo', 'Åre'];
const ROWS = 240;

interface Order {
  readonly id: string;
  readonly city: string;
  readonly amount: number;
  readonly month: number;
  readonly day: number;
  readonly returned: boolean;
}

const TRUTH: readonly Order[] = Array.from({ length: ROWS }, (_, at) => ({
  id: String(at + 1).padStart(5, '0'),
  city: CITIES[at % 3] ?? '',
  amount: ((at * 37) % 9000) / 4,
  month: 1 + (at % 12),
  day: 1 + ((at * 5) % 12),
  returned: at % 4 === 0,
}));

const two = (value: number): string => String(value).padStart(2, '0');
const amountOf = ({ amount }: Order): string => amount.toFixed(2).replace('.', ',');

/** Semicolons, decimal commas, Windows-1252, titles above, one line twice, one with more than there are columns. */
function orders(): Buffer {
  const line = (order: Order): string =>
    `${order.id};${order.city};${amountOf(order)};${two(order.month)}/${two(order.day)}/2024;${order.returned ? 'yes' : 'no'}`;
  const lines = TRUTH.map(line);
  const [first = ''] = lines;
  lines.splice(100, 0, '00100x;Bonn;1,00;01/01/2024;no;what;is;this');
  return Buffer.from(
    ['Orders of the year', '', 'id;city;amount;ordered;returned', ...lines, first, ''].join('\r\n'),
    'latin1',
  );
}

async function read(bytes: Uint8Array): Promise<string[][]> {
  const rows: string[][] = [];
  const one = async function* () {
    yield bytes;
  };
  for await (const row of csvRows(one())) rows.push([...row]);
  return rows;
}

const nameOf = (file: string): string => `${basename(file)}.csv`;

async function upload(app: App, page: Page): Promise<void> {
  const folder = join(app.data, 'nastiest');
  mkdirSync(folder);
  for (const [file] of NASTIEST) copyFileSync(join(CORPUS, `${file}.csv`), join(folder, nameOf(file)));
  writeFileSync(join(folder, ORDERS), orders());
  await open(page, app.address);
  await page.getByRole('button', { name: 'Choose on the computer Sluice runs on' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose files or a folder' });
  await expect(picker.getByRole('grid').or(picker.getByText('This folder is empty'))).toBeVisible();
  await picker.getByLabel('Folder or file path').fill(app.data);
  await picker.getByRole('button', { name: 'Go', exact: true }).click();
  await picker
    .getByRole('row', { name: /nastiest/ })
    .getByRole('checkbox')
    .check();
  await picker.getByRole('button', { name: 'Upload what is marked' }).click();
  for (const name of [...NASTIEST.map(([file]) => nameOf(file)), ORDERS]) {
    await expect(fileRow(page, name)).toContainText('Proven');
  }
}

async function lookAt(page: Page, name: string): Promise<Locator> {
  await page.getByRole('combobox', { name: 'File to look at' }).click();
  await page
    .getByRole('option', { name: new RegExp(`(^|/)${name.replaceAll('.', String.raw`\.`)}`) })
    .click();
  const grid = page.getByRole('grid', { name: `Rows of ${name}` });
  await expect(grid).toBeVisible();
  return grid;
}

const cellOf = (grid: Locator, row: number, column: number): Locator =>
  grid.locator(`[aria-rowindex="${row + 1}"] [aria-colindex="${column + 1}"]`);

test('ten nasty files are read right, told about, one is mended by a click, prepared and drawn', async ({
  app,
  page,
}) => {
  test.slow();
  const complaints = watch(page);
  await upload(app, page);
  await tab(page, 'Data');
  const warnings = page.getByRole('list', { name: 'What to know about this file' });

  for (const [file, said] of NASTIEST) {
    await test.step(file, async () => {
      const grid = await lookAt(page, nameOf(file));
      const [header = [], ...rows] = await read(readFileSync(join(CORPUS, `${file}.clean.csv`)));
      await expect(grid).toHaveAttribute('aria-rowcount', String(rows.length + 1));
      for (const name of header.slice(0, 6)) {
        await expect(grid.getByRole('columnheader', { name: name || /column_/ }).first()).toBeVisible();
      }
      for (const [at, row] of rows.slice(0, 8).entries()) {
        for (const [column, value] of row.slice(0, 4).entries()) {
          if (value === '') continue; // absent, or an empty text: said otherwise
          await expect(cellOf(grid, at + 1, column + 1)).toContainText(value.split('\n')[0] ?? '');
        }
      }
      if (said !== null) await expect(warnings).toContainText(said);
    });
  }

  await test.step('days or months: said, and mended by a click', async () => {
    await lookAt(page, ORDERS);
    await expect(warnings).toContainText('Windows-1252');
    await expect(warnings).toContainText('Nothing in the file says whether');
    await warnings.getByRole('button', { name: 'Month first' }).click();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(warnings.getByText('Nothing in the file says whether')).toHaveCount(0);
  });

  await test.step('the line that does not fit is there to be seen', async () => {
    await page
      .getByRole('radiogroup', { name: 'What to show of the file' })
      .getByText(/^Rejected/)
      .click();
    await expect(page.getByRole('region', { name: 'Rejected lines' })).toContainText('00100x;Bonn');
  });

  await test.step('a chart of the column to predict', async () => {
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Charts').click();
    const controls = page.getByRole('group', { name: 'What the chart shows' });
    await controls.getByLabel('Column', { exact: true }).first().click();
    await page.getByRole('option', { name: 'returned', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Rows by returned' })).toBeVisible();
    await expect(page.locator('.chart-drawing .mark-rect path')).toHaveCount(2);
  });

  await test.step('a recipe with a target column, and its output cell by cell', async () => {
    await tab(page, 'Process');
    await page.getByRole('combobox', { name: 'Target column' }).click();
    await page.getByRole('option', { name: /^returned/ }).click();
    const form = page.getByRole('form', { name: 'Recipe' });
    await form.getByRole('checkbox', { name: 'Parquet' }).uncheck();
    await form.getByRole('button', { name: 'Run Clean' }).click();
    const run = page.getByRole('complementary', { name: `Run of Clean on ${ORDERS}` });
    const fact = (name: string): Locator =>
      run.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');
    await expect(fact('State')).toHaveText('Done');
    await expect(fact('Target column')).toHaveText('returned');
    await expect(fact('Rows out')).toHaveText(String(ROWS));
    await run.getByRole('button', { name: 'Results' }).click();
    await page
      .getByRole('grid', { name: 'Results of this session' })
      .getByRole('row', { name: /CSV.*Proven/ })
      .click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const rows = await read(readFileSync(await (await downloading).path()));
    expect(rows).toEqual([
      ['id', 'city', 'amount', 'ordered', 'returned'],
      ...TRUTH.map((order) => [
        order.id,
        order.city,
        order.amount.toFixed(2),
        `2024-${two(order.month)}-${two(order.day)}`,
        String(order.returned),
      ]),
    ]);
  });
  expect(complaints.all).toEqual([]);
});
