import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { type App, expect, test } from './support/app.ts';
import { csvRows } from './support/csv.ts';
import { fileRow, open, tab, watch } from './support/page.ts';

const NAME = 'nasty.csv';
const ROWS = 30_000;
const CITIES = ['Köln', 'São João', 'A Coruña'];

/** Windows-1252, semicolons, titles above, a few lines of another width, amounts that are none. */
function nasty(): Buffer {
  const lines = ['Report of the shop;;;', 'made on 3 May;;;', 'id;city;amount;ordered'];
  for (let at = 0; at < ROWS; at += 1) {
    const city = CITIES[at % 3] ?? '';
    const amount = at % 5000 === 77 ? 'n/k' : `${(at * 7919) % 1000},${at % 10}5`;
    const day = 1 + (at % 12);
    lines.push(`${at + 1};${city};${amount};${String(day).padStart(2, '0')}/0${1 + (at % 9)}/2024`);
    if (at === 12_000) lines.push('12001a;Bonn;5,00;01/02/2024;too;many');
    if (at === 20_000) lines.push('20001a;Trier;7,00;02/02/2024;more');
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

async function upload(app: App, page: Page): Promise<void> {
  const folder = join(app.data, 'exports');
  mkdirSync(folder);
  writeFileSync(join(folder, NAME), nasty());
  await open(page, app.address);
  await page.getByRole('button', { name: 'Choose on the computer Sluice runs on' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose files or a folder' });
  await expect(picker.getByRole('grid').or(picker.getByText('This folder is empty'))).toBeVisible();
  await picker.getByLabel('Folder or file path').fill(folder);
  await picker.getByRole('button', { name: 'Go', exact: true }).click();
  await picker
    .getByRole('grid', { name: `Entries of ${folder}` })
    .getByRole('checkbox')
    .check();
  await picker.getByRole('button', { name: 'Upload what is marked' }).click();
  await expect(fileRow(page, NAME)).toContainText('Proven');
  await tab(page, 'Data');
}

const grid = (page: Page): Locator => page.getByRole('grid', { name: `Rows of ${NAME}` });
const cell = (page: Page, row: number, column: number): Locator =>
  grid(page).locator(`[aria-rowindex="${row + 1}"] [aria-colindex="${column + 1}"]`);
const foot = (page: Page, words: string | RegExp): Locator =>
  page.getByRole('status').filter({ hasText: words });
const clipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');
const headOf = (page: Page, name: string): Locator => grid(page).getByRole('columnheader', { name });

async function chooseFrom(page: Page, label: string, option: string | RegExp): Promise<void> {
  const group = page.getByRole('group', { name: 'How the file is read' });
  await group.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

test('a nasty file: warnings, another way to read it, orders, filters, search, copies, a fixed line', async ({
  app,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const complaints = watch(page);
  await upload(app, page);
  const warnings = page.getByRole('list', { name: 'What to know about this file' });

  await test.step('it is read right, and what was guessed is said', async () => {
    await expect(warnings).toContainText('Windows-1252');
    await expect(cell(page, 1, 2)).toHaveText('Köln');
    await expect(foot(page, '30,000 rows')).toBeVisible();
    await expect(grid(page)).toHaveAttribute('aria-rowcount', String(ROWS + 1));
  });

  await test.step('another encoding is seen before it is kept, and can be taken back', async () => {
    await warnings.getByRole('button', { name: 'Other encodings' }).click();
    await chooseFrom(page, 'Encoding', /^Windows-1251/);
    await expect(foot(page, 'This is how it would look.')).toBeVisible();
    await expect(cell(page, 1, 2)).toHaveText('Kцln');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect(cell(page, 1, 2)).toHaveText('Köln');
    await chooseFrom(page, 'Encoding', /^Windows-1251/);
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(foot(page, 'This is how it would look.')).toBeHidden();
    await expect(cell(page, 1, 2)).toHaveText('Kцln');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(cell(page, 1, 2)).toHaveText('Köln');
    await expect(foot(page, '30,000 rows')).toBeVisible();
  });

  await test.step('another delimiter, by hand', async () => {
    await page.getByRole('button', { name: 'Change how it is read' }).click();
    await chooseFrom(page, 'Cut by', 'comma');
    await expect(foot(page, 'This is how it would look.')).toBeVisible();
    await expect(headOf(page, 'city')).toHaveCount(0);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expect(headOf(page, 'city')).toBeVisible();
  });

  await test.step('far down, and back', async () => {
    await grid(page).focus();
    await page.keyboard.press('Control+End');
    await expect(cell(page, ROWS, 1)).toHaveText(String(ROWS));
    await page.keyboard.press('Control+Home');
    await expect(cell(page, 1, 1)).toHaveText('1');
  });

  await test.step('sorted by amount, as numbers with a decimal comma', async () => {
    await page.getByRole('button', { name: 'Menu of amount' }).click();
    await page.getByRole('menuitem', { name: 'Sort, most first' }).click();
    await expect(headOf(page, 'amount')).toHaveAttribute('aria-sort', 'descending');
    await expect(cell(page, 1, 3)).toHaveText(/^999,\d5$/);
    await page.getByRole('button', { name: 'Do not sort by amount' }).click();
    await expect(cell(page, 1, 1)).toHaveText('1');
  });

  await test.step('filtered: what does not fit, and by a value of the list', async () => {
    await page.getByRole('button', { name: 'Menu of amount' }).click();
    await page.getByRole('menuitem', { name: 'Filter…' }).click();
    const form = page.getByRole('dialog', { name: 'Rows where amount …' });
    await form.getByRole('combobox', { name: 'Condition' }).click();
    await page.getByRole('option', { name: 'does not fit its type' }).click();
    await form.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(foot(page, '6 of 30,000 rows')).toBeVisible();
    await expect(cell(page, 1, 3)).toContainText('n/k');
    await expect(cell(page, 1, 3).getByRole('img', { name: 'does not fit:' })).toBeVisible();
    await page.getByRole('button', { name: /^Take the filter away/ }).click();

    await page.getByRole('button', { name: 'Menu of city' }).click();
    await page.getByRole('menuitem', { name: 'Filter…' }).click();
    const cities = page.getByRole('dialog', { name: 'Rows where city …' });
    await cities.getByRole('checkbox', { name: 'A Coruña' }).check();
    await cities.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(foot(page, '10,000 of 30,000 rows')).toBeVisible();
  });

  await test.step('searched in what is left', async () => {
    await grid(page).focus();
    await page.keyboard.press('/');
    const search = page.getByRole('textbox', { name: 'Search all columns' });
    await expect(search).toBeFocused();
    await page.keyboard.type('29997');
    await expect(page.getByRole('search')).toContainText('1 of 1 row');
    await expect(cell(page, 9999, 1)).toHaveText('29997');
    await expect(grid(page)).toHaveAttribute('aria-activedescendant', /-9998-0$/);
    await page.keyboard.press('Escape');
    await expect(grid(page)).toBeFocused();
  });

  await test.step('copied: a few cells, and all rows of the view', async () => {
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await expect(page.getByText('Copied 2 × 2 cells')).toBeVisible();
    expect(await clipboard(page)).toBe('3\tA Coruña\n6\tA Coruña');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await expect(page.getByText('Copied 10,000 × 4 cells')).toBeVisible();
    const lines = (await clipboard(page)).split('\n');
    expect(lines).toHaveLength(10_000);
    expect(lines.at(-1)?.split('\t').slice(0, 2)).toEqual(['30000', 'A Coruña']);
    await page.getByRole('button', { name: /^Take the filter away/ }).click();
  });

  await test.step('a rejected line is fixed, and is in what a run writes', async () => {
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Rejected').click();
    const rejected = page.getByRole('region', { name: 'Rejected lines' });
    await expect(rejected).toContainText('12001a;Bonn');
    await rejected.getByRole('button', { name: /^Fix line 12,0/ }).click();
    const form = page.getByRole('complementary', { name: /^Fix line/ });
    await expect(form).toContainText('2 cells too many, left out: “too”, “many”');
    await form.getByRole('textbox', { name: 'id' }).fill('30001');
    await form.getByRole('textbox', { name: 'city' }).fill('Bonn am Rhein');
    await form.getByRole('button', { name: 'Make it a row' }).click();
    await expect(rejected).toContainText('1 fixed and part of the table');
    const saving = page.waitForEvent('download');
    await rejected.getByRole('button', { name: 'Save as CSV' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('nasty.rejected.csv');

    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Rows').click();
    await expect(foot(page, '30,001 rows')).toBeVisible();
    await grid(page).focus();
    await page.keyboard.press('Control+End');
    await expect(cell(page, ROWS + 1, 2)).toHaveText('Bonn am Rhein');

    await tab(page, 'Process');
    await page.getByRole('button', { name: 'Run Clean' }).click();
    const run = page.getByRole('complementary', { name: /^Run of Clean/ });
    await expect(run).toContainText('Done', { timeout: 60_000 });
    await tab(page, 'Results');
    await page.getByRole('row', { name: /CSV.*Proven/ }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const found: string[][] = [];
    for await (const row of csvRows(createReadStream(await (await downloading).path()))) {
      if (row.includes('Bonn am Rhein')) found.push([...row]);
    }
    expect(found).toEqual([['30001', 'Bonn am Rhein', '5.00', '2024-02-01']]);
  });
  expect(complaints.all).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the data of a file by keyboard alone, and axe finds nothing, ${colorScheme}`, async ({
    app,
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const complaints = watch(page);
    await upload(app, page);
    await expect(foot(page, '30,000 rows')).toBeVisible();
    const look = async (place: string, without: readonly string[] = []) => {
      const axe = new AxeBuilder({ page }).disableRules([...without]);
      const { violations } = await axe.analyze();
      expect(
        violations.map(({ id, nodes }) => ({
          place,
          id,
          why: nodes[0]?.failureSummary,
          html: nodes[0]?.html,
        })),
      ).toEqual([]);
    };
    await look('rows');
    await grid(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const details = page.getByRole('complementary', { name: 'Cell of city, row 1' });
    await expect(details).toContainText('Köln');
    await look('cell');
    await page.keyboard.press('Escape');
    await expect(details).toBeHidden();
    // The header, its menu, and back to the grid.
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Alt+ArrowDown');
    const item = page.getByRole('menuitem', { name: 'Sort, most first' });
    await expect(item).toBeVisible();
    // The library draws menus outside the landmarks, and holds the focus in them by an element of its own.
    await look('menu', ['region', 'aria-required-children']);
    while (!(await item.evaluate((one) => one.matches(':focus')))) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(headOf(page, 'city')).toHaveAttribute('aria-sort', 'descending');
    await expect(cell(page, 1, 2)).toHaveText('São João');
    await expect(grid(page)).toBeFocused();
    const before = await headOf(page, 'city').boundingBox();
    await page.keyboard.press('Alt+ArrowRight');
    await expect
      .poll(async () => ((await headOf(page, 'city').boundingBox())?.width ?? 0) - (before?.width ?? 0))
      .toBe(16);
    await page.getByRole('button', { name: 'Change how it is read' }).press('Enter');
    await look('how it is read');
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Rejected').click();
    await expect(page.getByRole('region', { name: 'Rejected lines' })).toContainText('Bonn');
    await page.getByRole('button', { name: /^Fix line 12,0/ }).press('Enter');
    await expect(page.getByRole('textbox', { name: 'city' })).toHaveValue('Bonn');
    await look('a rejected line');
    expect(complaints.all).toEqual([]);
  });
}
