import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { sluice } from './support/cli.ts';
import { drop, fileRow, open, tab, watch } from './support/page.ts';

const ROWS = 3000;
const CITIES = ['Köln', 'Paris', '<img src=x onerror=alert(1)>', 'Oslo'];
const HOSTILE = '"; drop table x; --';
const city = (at: number): string => CITIES[[0, 0, 0, 0, 1, 1, 1, 2, 2, 3][at % 10] ?? 0] ?? '';
const amount = (at: number): number => ((at * 37) % 997) / 10;
const day = (at: number): string => new Date(Date.UTC(2024, 0, 1 + (at % 700))).toISOString().slice(0, 10);
const CSV = [
  `Order No,"${HOSTILE.replaceAll('"', '""')}",city,ordered,quantity`,
  ...Array.from(
    { length: ROWS },
    (_, at) => `${10_000 + at},${amount(at).toFixed(1)},${city(at)},${day(at)},${(at * 7) % 60}`,
  ),
].join('\n');
/** How often each city stands in it, the most common first. */
const COUNTS = CITIES.map(
  (name) =>
    [name, Array.from({ length: ROWS }, (_, at) => city(at)).filter((one) => one === name).length] as const,
).sort((a, b) => b[1] - a[1]);

const controls = (page: Page): Locator => page.getByRole('group', { name: 'What the chart shows' });
const drawing = (page: Page): Locator => page.locator('.chart-drawing');
const marks = (page: Page, kind: string): Locator => drawing(page).locator(`.mark-${kind} path`);

async function openCharts(page: Page, address: string): Promise<void> {
  await open(page, address);
  await drop(page, [{ name: 'orders.csv', content: `${CSV}\n` }]);
  await expect(fileRow(page, 'orders.csv')).toContainText('Proven');
  await tab(page, 'Data');
  await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Charts').click();
  await expect(page.getByRole('heading', { name: `Rows by ${HOSTILE}` })).toBeVisible();
  await expect(drawing(page).locator('svg')).toBeVisible();
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await controls(page).getByLabel(label, { exact: true }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** The data of the chart as its table shows it. */
async function dataOf(page: Page): Promise<string[][]> {
  const table = page.locator('.chart-data table');
  if ((await table.count()) === 0) await page.getByRole('button', { name: 'The data of this chart' }).click();
  return table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      (rows as unknown as { cells: Iterable<{ textContent: string }> }[]).map((row) =>
        Array.from(row.cells, (cell) => cell.textContent),
      ),
    );
}

async function saved(page: Page, item: string | RegExp): Promise<{ name: string; bytes: Buffer }> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('a chart is there at once, is right, can be changed, and can be taken along', async ({ app, page }) => {
  const complaints = watch(page);
  await openCharts(page, app.address);
  // By itself: a histogram of the first column that says something, drawn bar by bar.
  const bins = await dataOf(page);
  expect(bins.reduce((sum, [, , count]) => sum + Number(count?.replaceAll(',', '')), 0)).toBe(ROWS);
  await expect(marks(page, 'rect')).toHaveCount(bins.length);

  // Another column brings the chart that suits it.
  await choose(page, 'Column', 'city');
  await expect(page.getByRole('heading', { name: 'Rows by city' })).toBeVisible();
  await expect(marks(page, 'rect')).toHaveCount(CITIES.length);
  expect((await dataOf(page)).map(([name, count]) => [name, Number(count?.replaceAll(',', ''))])).toEqual(
    COUNTS,
  );

  // A pair, another kind, another measure.
  await choose(page, 'With', HOSTILE);
  await expect(page.getByRole('heading', { name: `${HOSTILE} by city` })).toBeVisible();
  await choose(page, 'As', 'Bars');
  await expect(page.getByRole('heading', { name: `Mean of ${HOSTILE} by city` })).toBeVisible();
  const means = await dataOf(page);
  for (const [name, mean] of means) {
    const values = Array.from({ length: ROWS }, (_, at) => at)
      .filter((at) => city(at) === name)
      .map(amount);
    expect(Number(mean)).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 4);
  }
  await choose(page, 'Showing', 'Sum');
  await expect(page.getByRole('heading', { name: `Sum of ${HOSTILE} by city` })).toBeVisible();
  await choose(page, 'Column', 'ordered');
  await expect(page.getByRole('heading', { name: 'Rows by ordered' })).toBeVisible();
  await choose(page, 'Colours by', 'city');
  await expect(page.getByRole('heading', { name: 'Rows by ordered and city' })).toBeVisible();
  await expect(drawing(page).locator('.mark-line path')).toHaveCount(CITIES.length);

  const svg = await saved(page, /SVG/);
  expect(svg.name).toMatch(/^orders Rows by ordered and city\.svg$/);
  const text = svg.bytes.toString();
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(text).toContain('&lt;img src=x');
  expect(text).not.toMatch(/<img|<script|href=/);
  const png = await saved(page, /PNG/);
  expect(png.bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(600);
  const csv = await saved(page, /CSV/);
  expect(csv.bytes.toString().split('\r\n')[0]).toBe('ordered,city,Rows');
  expect(complaints.all).toEqual([]);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`every kind of chart is drawn, axe finds nothing, 1024 pixels are enough, ${scheme}`, async ({
    app,
    page,
  }, testInfo) => {
    const complaints = watch(page);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1024, height: 760 });
    await openCharts(page, app.address);
    const look = async (name: string): Promise<void> => {
      await expect(page.locator('.chart')).toHaveAttribute('aria-busy', 'false');
      await expect(drawing(page).locator('svg')).toBeVisible();
      await page.screenshot({ path: join(testInfo.outputDir, `${name}-${scheme}.png`) });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(wider).toBe(0);
    };
    await look('histogram');
    await choose(page, 'Colours by', 'city');
    await expect(page.getByRole('heading', { name: `Rows by ${HOSTILE} and city` })).toBeVisible();
    await look('histogram-by-city');
    for (const [kind, heading] of [
      ['Line', `Rows by ${HOSTILE} and city`],
      ['Points', `against ${HOSTILE}`],
      ['Heat map', `Rows by ${HOSTILE} and`],
    ] as const) {
      await choose(page, 'As', kind);
      await expect(page.getByRole('heading', { name: heading })).toBeVisible();
      await look(kind);
    }
    await choose(page, 'Column', 'city');
    await expect(page.getByRole('heading', { name: 'Rows by city' })).toBeVisible();
    await look('bars');
    await choose(page, 'With', 'quantity');
    await expect(page.getByRole('heading', { name: 'quantity by city' })).toBeVisible();
    await look('boxes');
    await choose(page, 'Column', 'ordered');
    await choose(page, 'As', 'Bars');
    await expect(page.getByRole('heading', { name: 'Rows by ordered' })).toBeVisible();
    await look('bars-over-time');
    expect(complaints.all).toEqual([]);
  });
}

test('a column is looked at closely, compared with the others, and reported of', async ({
  app,
  page,
}, testInfo) => {
  const complaints = watch(page);
  await page.setViewportSize({ width: 1024, height: 1100 });
  await openCharts(page, app.address);
  await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Columns').click();
  await page.getByRole('button', { name: 'city', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Column city' });
  await expect(details.getByRole('heading', { name: 'Forms' })).toBeVisible();
  await expect(details.getByText('Aaaa', { exact: true })).toBeVisible();
  await details.getByRole('button', { name: 'Compare with the other columns' }).click();
  await expect(details.getByRole('meter')).not.toHaveCount(0);
  await page.screenshot({ path: join(testInfo.outputDir, 'column.png') });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);

  await page.getByRole('button', { name: 'Report' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /page/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('orders.csv.report.html');
  const path = testInfo.outputPath('report.html');
  await download.saveAs(path);
  expect(complaints.all).toEqual([]);
  // It stands alone: nothing is asked for, and nothing in it runs.
  const alone = await page.context().newPage();
  const asked: string[] = [];
  alone.on('request', (request) => asked.push(request.url()));
  const said = watch(alone);
  await alone.goto(`file://${path}`);
  await expect(alone.getByRole('heading', { name: 'orders.csv' })).toBeVisible();
  await expect(alone.getByRole('img', { name: `Spread of ${HOSTILE}` })).toBeVisible();
  await alone.screenshot({ path: testInfo.outputPath('report.png'), fullPage: true });
  const found = await new AxeBuilder({ page: alone }).setLegacyMode(true).analyze();
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(asked).toEqual([`file://${path}`]);
  expect(said.all).toEqual([]);
});

test('a result has charts too', async ({ app, page }, testInfo) => {
  const complaints = watch(page);
  await open(page, app.address);
  await drop(page, [{ name: 'orders.csv', content: `${CSV}\n` }]);
  await expect(fileRow(page, 'orders.csv')).toContainText('Proven');
  await tab(page, 'Process');
  await page.getByRole('button', { name: 'Run Clean' }).click();
  await expect(page.getByRole('complementary', { name: /^Run of Clean/ })).toContainText('Rows out');
  await tab(page, 'Results');
  const results = page.getByRole('grid', { name: 'Results of this session' });
  await results.getByRole('row', { name: /Parquet.*Proven/ }).click();
  await page.getByRole('button', { name: 'Charts', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Charts of orders/ });
  await expect(drawing(page).locator('svg')).toBeVisible();
  await choose(page, 'Column', 'city');
  await expect(marks(page, 'rect')).toHaveCount(CITIES.length);
  expect((await dataOf(page)).map(([name, count]) => [name, Number(count?.replaceAll(',', ''))])).toEqual(
    COUNTS,
  );
  await page.screenshot({ path: join(testInfo.outputDir, 'result.png') });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(complaints.all).toEqual([]);
});

test('the command line writes a report, and never over a file', async ({ app }, testInfo) => {
  const file = testInfo.outputPath('orders.csv');
  writeFileSync(file, `${CSV}\n`);
  const page = testInfo.outputPath('report.html');
  const data = join(app.data, 'cli');
  mkdirSync(data);
  const made = await sluice(['inspect', file, '--report', page, '--target', 'quantity'], { data });
  expect(made.code).toBe(0);
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('What goes with quantity');
  expect(text).not.toMatch(/<script|<img/);
  const json = testInfo.outputPath('report.json');
  expect((await sluice(['inspect', file, '--report', json], { data })).code).toBe(0);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ version: 1, profile: { rows: ROWS } });
  const again = await sluice(['inspect', file, '--report', page], { data });
  expect(again.stderr).toContain('TARGET_EXISTS');
  expect(readFileSync(page, 'utf8')).toBe(text);
  const wrong = await sluice(['inspect', file, '--report', testInfo.outputPath('a.txt')], { data });
  expect(wrong.stderr).toContain('INPUT_INVALID');
});
