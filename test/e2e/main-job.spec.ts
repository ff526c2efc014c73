import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { writeMessyCsv } from '../support/messy-csv.ts';
import { expect, test } from './support/app.ts';
import { sha256, StockClient } from './support/bucket.ts';
import { expected, tally } from './support/compare.ts';
import { csvRows } from './support/csv.ts';
import { fileDetails, fileRow, open, parts, tab, watch } from './support/page.ts';

const SEED = 20_260_301;
const BYTES = 300_000_000;
const NAME = 'orders.csv';
const count = (value: number): string => value.toLocaleString('en-US');

test(`the main job on a messy CSV of 300 MB, with the engine killed in the middle (seed ${SEED})`, async ({
  app,
  page,
}) => {
  test.setTimeout(480_000); // about a minute on a quiet machine
  const complaints = watch(page, { mayLose: true });
  const folder = join(app.data, 'exports');
  mkdirSync(folder);
  const path = join(folder, NAME);
  const truth = await writeMessyCsv(path, { seed: SEED, bytes: BYTES });
  expect(truth.bytes).toBeGreaterThanOrEqual(BYTES);

  await open(page, app.address);
  await page.evaluate('window.sameLoad = true');
  const row = fileRow(page, NAME);

  const before = await test.step('choose it on the host, and see it go up', async () => {
    const under = seen(page, /[1-9]\d* sent.*[1-9]\d* waiting/);
    await chooseOnHost(page, folder);
    return under;
  });
  await test.step('kill the engine; the page says so, and finds it again by itself', async () => {
    await app.sigkill();
    await expect(page.getByText('Connecting to Sluice again')).toBeVisible();
    await expect(row).toBeVisible();
    await app.restart();
    await expect(page.getByText('Connecting to Sluice again')).toBeHidden();
  });
  await test.step('the upload goes on, ends and is proven; what had arrived was kept', async () => {
    await expect(row).toContainText('Proven', { timeout: 60_000 });
    const strip = await parts(row);
    expect(Object.keys(strip)).toEqual(['verified']);
    const details = await fileDetails(page, NAME);
    const said = (await details.getByText(/^\d+, \d+ kept/).textContent()) ?? '';
    const [, all, kept] = /^(\d+), (\d+) kept/.exec(said) ?? [];
    expect(Number(all)).toBe(strip['verified']);
    // Whatever the page had seen sent is kept: only what was on its way can have been sent twice.
    expect(Number(kept)).toBeGreaterThanOrEqual(before);
    expect(said).not.toContain('sent again');
    expect(await page.evaluate('window.sameLoad')).toBe(true);
  });

  await test.step('Data: dialect, columns, warnings, first rows', async () => {
    await tab(page, 'Data');
    const first = truth.examples[0]?.cells ?? [];
    await expect(page.getByRole('grid', { name: `Rows of ${NAME}` })).toContainText(String(first[0]));
    const main = page.getByRole('main');
    await expect(main).toContainText(truth.delimiter === ';' ? 'cut by semicolon' : 'cut by comma');
    await expect(main).toContainText('Windows-1252');
    await expect(main).toContainText('mixed line ends');
    await expect(main).toContainText(`${truth.columns.length} columns`);
    for (const name of truth.columns) {
      await expect(page.getByRole('columnheader', { name })).toBeVisible();
    }
    await expect(page.getByRole('list', { name: 'What to know about this file' })).toContainText(
      String(truth.preambleLines),
    );
  });

  await test.step('Profile: every row is read, and what is wrong is counted', async () => {
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Columns').click();
    const profile = page.getByRole('group', { name: 'Profile of every column' });
    await expect(profile).toBeVisible({ timeout: 120_000 });
    await expect(profile).toContainText(`${count(truth.rowsIn - truth.rejected)} rows`);
    await expect(profile).toContainText(`${count(truth.rejected)} rejected lines`);
    // Of the file as it is: those that differ by a stray blank are duplicates only once they are trimmed.
    const said = /([\d,]+) exact duplicates/.exec((await profile.textContent()) ?? '')?.[1];
    const duplicates = Number(said?.replaceAll(',', ''));
    expect(duplicates).toBeGreaterThan(truth.duplicates / 2);
    expect(duplicates).toBeLessThan(truth.duplicates);
  });

  await test.step('Process: Clean with a target column, to CSV and Parquet', async () => {
    await tab(page, 'Process');
    const recipe = page.getByRole('form', { name: 'Recipe' });
    await recipe.getByRole('combobox', { name: 'Target column' }).click();
    await page.getByRole('option', { name: 'Paid', exact: true }).click();
    await expect(recipe.getByRole('checkbox', { name: 'CSV' })).toBeChecked();
    await expect(recipe.getByRole('checkbox', { name: 'Parquet' })).toBeChecked();
    await recipe.getByRole('button', { name: 'Run Clean' }).click();
    const run = page.getByRole('complementary', { name: `Run of Clean on ${NAME}` });
    await expect(fact(run, 'State')).toHaveText('Done', { timeout: 150_000 });
    await expect(fact(run, 'Rows in')).toHaveText(count(truth.rowsIn));
    await expect(fact(run, 'Rows out')).toHaveText(count(truth.rowsOut));
    await expect(fact(run, 'Exact duplicates')).toHaveText(`− ${count(truth.duplicates)}`);
    await expect(fact(run, 'Rejected lines')).toHaveText(count(truth.rejected));
    await expect(fact(run, 'Amount')).toHaveText(count(truth.amountMisfits));
    await expect(fact(run, 'Target column')).toHaveText('Paid');
  });

  await test.step('Results: the browser downloads the CSV, and its rows are those of the truth', async () => {
    await tab(page, 'Results');
    const results = page.getByRole('grid', { name: 'Results of this session' });
    await expect(results.getByRole('row', { name: /CSV.*Proven/ })).toHaveCount(1);
    await expect(results.getByRole('row', { name: /Parquet.*Proven/ })).toHaveCount(1);
    await results.getByRole('row', { name: /CSV/ }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const rows = csvRows(createReadStream(await download.path(), { highWaterMark: 1 << 20 }));
    const wanted = expected(truth);
    expect(
      await tally(
        rows,
        wanted.examples.map(({ row: at }) => at),
      ),
    ).toEqual(wanted);
  });

  await test.step('a stock S3 client reads the original byte for byte, and finds the Parquet with its checksum', async () => {
    const client = new StockClient(app.s3());
    try {
      const original = await client.only((key) => key.includes('/original/'));
      expect(await client.sha256(original)).toBe(await sha256(createReadStream(path)));
      const parquet = await client.only((key) => key.includes('/processed/') && key.endsWith('.parquet'));
      expect((await client.bytes(parquet)).subarray(-4).toString('latin1')).toBe('PAR1');
      const results = page.getByRole('grid', { name: 'Results of this session' });
      const crc32 = (await client.crc32(parquet)) ?? 'none';
      await expect(results.getByRole('row', { name: /Parquet/ })).toContainText(crc32);
    } finally {
      client.close();
    }
  });
  expect(complaints.all).toEqual([]);
});

async function chooseOnHost(page: Page, folder: string): Promise<void> {
  await page.getByRole('button', { name: 'Choose on the computer Sluice runs on' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose files or a folder' });
  await picker.getByLabel('Folder or file path').fill(folder);
  await picker.getByRole('button', { name: 'Go', exact: true }).click();
  await picker
    .getByRole('grid', { name: `Entries of ${folder}` })
    .getByRole('checkbox')
    .check();
  await expect(picker.getByRole('status')).toContainText('1 item marked');
  await picker.getByRole('button', { name: 'Upload what is marked' }).click();
}

/**
 * Watches the strips of the page from inside, for what may be there for a moment only.
 * @returns how many parts were sent when a strip first said what is looked for
 */
async function seen(page: Page, what: RegExp): Promise<number> {
  const label = await page.evaluate(`new Promise((resolve) => {
    const look = () => {
      for (const strip of document.querySelectorAll('[role="row"] canvas.strip')) {
        const said = strip.getAttribute('aria-label') ?? '';
        if (!${String(what)}.test(said)) continue;
        observer.disconnect();
        resolve(said);
        return;
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  })`);
  return Number(/([\d,]+) sent/.exec(String(label))?.[1]?.replaceAll(',', '') ?? 0);
}

/** What the details say of one thing. */
const fact = (details: Locator, name: string): Locator =>
  details.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');
