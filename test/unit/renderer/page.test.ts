import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '#internal/test/support/fake-engine/browser';
import { buildPage } from '#internal/test/support/fake-engine/build-page';
import { type FakeEngine, type Scene, serveFake } from '#internal/test/support/fake-engine/index';

/** Nothing here takes a second; a machine that is busy with other things is not what is tested. */
const PATIENCE_MS = 30_000;

let folder = '';
let browser: Browser;
const open: { context: BrowserContext; engine: FakeEngine; complaints: string[] }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-page-'));
  [browser] = await Promise.all([launchChromium(), buildPage(folder)]);
}, 120_000);

afterEach(async () => {
  for (const { context, engine, complaints } of open.splice(0)) {
    await context.close();
    await engine.close();
    expect(complaints).toEqual([]);
  }
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  readonly engine: FakeEngine;
  readonly go: (path: string) => Promise<void>;
}

/** A page on a pretended engine. Whatever its console complains of, the policy of the page too, fails the test. */
async function openPage(scene: Scene, scheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const engine = await serveFake(folder, scene);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('WebSocket')) complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  open.push({ context, engine, complaints });
  await page.goto(engine.url);
  await page.locator('.shell').waitFor();
  const go = async (path: string) => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, path);
  };
  return { page, engine, go };
}

/** @param rules those to ask; all where left out */
async function axe(page: Page, where: string, rules: readonly string[] = []): Promise<void> {
  // There are no frames; without them there is no page to open for each look.
  const builder = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules.length === 0 ? builder : builder.withRules([...rules])).analyze();
  const found = violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  expect(found).toEqual([]);
}

test.each(['light', 'dark'] as const)(
  'axe finds nothing in any view, %s',
  async (scheme) => {
    const { page, go } = await openPage('busy', scheme);
    // Only colours differ in the dark.
    const rules = scheme === 'dark' ? ['color-contrast'] : [];
    const look = (where: string) => axe(page, where, rules);
    await look('home');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find a command' }).waitFor();
    await look('palette');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Connections…' }).click();
    await page.getByRole('button', { name: 'Run the doctor' }).click();
    await page.getByText('checks failed').or(page.getByText('can do what an upload needs')).waitFor();
    await look('connections');
    await page.getByRole('button', { name: 'Add a connection' }).click();
    await look('add a connection');
    await page.keyboard.press('Escape');

    await go('/s/s4/files');
    await page.getByText('payroll.csv').click();
    await page.getByRole('alert').waitFor();
    await look('files');
    await page.getByRole('button', { name: 'Activity' }).click();
    await page.getByRole('complementary', { name: 'Activity of this session' }).waitFor();
    await look('activity');
    await page.getByRole('button', { name: 'Activity' }).click();

    await page.getByRole('tab', { name: 'Data' }).click();
    await page.getByRole('columnheader', { name: 'amount' }).click();
    await look('first rows');
    await page.getByRole('radiogroup').getByText('Columns').click();
    await page.getByText('all rows read in').waitFor();
    await look('profile');

    await page.getByRole('tab', { name: 'Process' }).click();
    await page.getByRole('button', { name: 'Step 1: Take white space off both ends.' }).click();
    await page.getByRole('group', { name: 'Examples of what it changes' }).waitFor();
    await look('process');
    await page.getByRole('radiogroup').getByText('Runs').click();
    await page.getByRole('button', { name: /1,284,113 rows in/ }).click();
    await look('run');

    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByText('orders-2026-q1.clean.csv').click();
    await page.getByRole('button', { name: 'Show the first rows' }).click();
    await page.getByRole('region', { name: 'First rows' }).waitFor();
    await look('results');
  },
  180_000,
);

test('the whole job by keyboard alone', async () => {
  const { page, engine } = await openPage('busy');
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };
  await keys('Control+k');
  await page.locator('[role="combobox"]:focus').waitFor();
  await page.keyboard.type('orders');
  await keys('Enter');
  const files = page.getByRole('grid', { name: 'Files of this session' });
  await files.waitFor();
  await keys('F6');
  while (!(await files.evaluate((list) => list === document.activeElement))) await keys('F6');
  await page.keyboard.type('war');
  const details = page.getByRole('complementary', { name: 'Details of warehouse.csv' });
  await details.getByText('Paused', { exact: true }).waitFor();
  await keys('Space');
  await details.getByText('Sending', { exact: true }).waitFor();
  expect(engine.world.transfer('f-04')?.state.kind).toBe('transferring');
  await keys('Delete');
  await page.getByText('warehouse.csv is cancelled').waitFor();
  await page.getByRole('button', { name: 'Undo' }).focus();
  await keys('Enter');
  await expect
    .poll(() => engine.world.transfer('f-04')?.state.kind, { timeout: PATIENCE_MS })
    .not.toBe('paused');

  await page.getByRole('tab', { name: 'Files' }).focus();
  await keys('ArrowRight');
  const rows = page.getByRole('grid', { name: 'Rows of' });
  await rows.focus();
  await keys('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'Enter');
  await page.getByRole('complementary', { name: 'Column amount' }).waitFor();

  await page.getByRole('tab', { name: 'Data' }).focus();
  await keys('ArrowRight');
  await page.getByRole('button', { name: /^Run Clean/ }).focus();
  await keys('Enter');
  await page
    .getByRole('complementary', { name: /^Run of Clean/ })
    .getByText('Rows out')
    .waitFor();
  await page.getByRole('tab', { name: 'Process' }).focus();
  await keys('ArrowRight');
  await page.getByRole('grid', { name: 'Results of this session' }).focus();
  await keys('ArrowDown');
  await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
}, 120_000);

test('a hundred thousand rows: only those in sight exist, and only those that are looked at are read', async () => {
  const { page, engine, go } = await openPage('many');
  await go('/s/s4/files');
  const list = page.getByRole('grid', { name: 'Files of this session' });
  const rowCount = () => list.getAttribute('aria-rowcount');
  const row = (index: number) => list.locator(`[aria-rowindex="${index}"]`);
  await page.getByText('reading-000000.csv').waitFor();
  expect(await rowCount()).toBe('100001');
  await list.focus();
  await page.keyboard.press('End');
  await row(100_001).filter({ hasText: 'reading-099999.csv' }).waitFor();
  expect(await row(100_001).getAttribute('aria-selected')).toBe('true');
  await page.getByRole('complementary', { name: 'Details of reading-099999.csv' }).waitFor();
  expect(await list.getByRole('row').count()).toBeLessThan(60);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await row(2).filter({ hasText: 'reading-000000.csv' }).waitFor();
  // Type-ahead finds what was never read.
  await page.keyboard.type('reading-05', { delay: 5 });
  await row(50_002).filter({ hasText: 'reading-050000.csv' }).waitFor();
  await expect.poll(() => row(50_002).getAttribute('aria-selected'), { timeout: PATIENCE_MS }).toBe('true');

  // Hundreds of windows there are; only those that were looked at were asked for.
  expect(engine.calls('transfers.watch')).toBeLessThan(20);
  expect(engine.calls('transfers.list')).toBe(0);
  // A flick through all of it makes no more rows.
  const most = await list.evaluate(async (element) => {
    let rows = 0;
    for (let step = 0; step < 60; step += 1) {
      element.scrollTop = (element.scrollHeight * step) / 60;
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
      rows = Math.max(rows, element.querySelectorAll('[role="row"]').length);
    }
    return rows;
  });
  expect(most).toBeLessThan(60);

  const chips = page.getByRole('radiogroup', { name: 'Which files to show' });
  await chips.getByText('Failed 2,000').click();
  await expect.poll(rowCount, { timeout: PATIENCE_MS }).toBe('2001');
  await chips.getByText('All 100,000').click();
  await page.getByRole('searchbox', { name: 'Find files by name' }).fill('-0123');
  await expect.poll(rowCount, { timeout: PATIENCE_MS }).toBe('101');
  await page.getByRole('searchbox', { name: 'Find files by name' }).fill('');
  await page.getByRole('button', { name: 'Name' }).click();
  await page.getByRole('button', { name: 'Name' }).click();
  await row(2).filter({ hasText: 'reading-099999.csv' }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('descending');
}, 120_000);

test('a file dropped on the page goes to the bucket by this page, and is proven', async () => {
  const { page, engine } = await openPage('empty');
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(20_000_000).fill(7)], 'dropped 📦.csv'));
    return data;
  });
  const main = page.locator('#main');
  await main.dispatchEvent('dragenter', { dataTransfer: transfer });
  await page.getByText('Start a new session').waitFor();
  await expect
    .poll(() => page.getByTestId('drop-target').textContent(), { timeout: PATIENCE_MS })
    .toContain('s3://sluice');
  await page.getByTestId('drop-target').dispatchEvent('drop', { dataTransfer: transfer });
  await page.getByRole('row', { name: /dropped 📦.csv.*Proven/ }).waitFor();
  const [sent] = [...engine.world.transfers.values()].flat();
  expect(sent?.parts).toEqual([{ state: 'verified', count: 3 }]);
}, 120_000);

test('an engine that went away is found again, and what changed meanwhile is seen', async () => {
  const { page, engine, go } = await openPage('busy');
  await go('/s/s4/files');
  await page.getByText('warehouse.csv').waitFor();
  engine.drop();
  engine.world.rename('s4', 'renamed while nobody looked');
  await page.getByRole('heading', { name: 'renamed while nobody looked' }).waitFor();
  await page.getByText('Connecting to Sluice again').waitFor({ state: 'detached' });
  expect(page.url()).not.toContain('test-token');
  engine.refuse();
  engine.drop();
  await page.getByRole('heading', { name: 'This page was not let in' }).waitFor();
}, 120_000);

test('errors show their sentence, their hint and what fits their retry', async () => {
  const { page, go } = await openPage('busy');
  await go('/s/s4/files');
  await page.getByText('payroll.csv').click();
  const denied = page.getByRole('alert');
  expect(await denied.textContent()).toContain('These credentials may not write to research-raw/intake/ana.');
  expect(await denied.textContent()).toContain('Ask the owner of the bucket for that right');
  await denied.getByRole('button', { name: 'It is mended, try again' }).waitFor();
  await page.getByText('live-feed.csv').first().click();
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();

  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByRole('combobox', { name: 'File to look at' }).click();
  await page.getByRole('option', { name: 'telemetry.parquet' }).click();
  const binary = page.getByRole('alert');
  await binary.getByText('telemetry.parquet is not a table: it holds binary data.').waitFor();
  expect(await binary.getByRole('button', { name: /try again/i }).count()).toBe(0);

  await page.getByRole('button', { name: 'Sluice, start page' }).click();
  await page.getByRole('button', { name: 'Choose on the computer Sluice runs on' }).click();
  await page.getByRole('grid', { name: 'Entries of /home/ana' }).focus();
  await page.keyboard.type('secret');
  await page.getByLabel('Folder or file path').fill('/root');
  await page.keyboard.press('Enter');
  await page.getByText('You have no right to read /root.').waitFor();
}, 120_000);

test('what is on its way here is seen in the bar; a file that stands there is asked about', async () => {
  const { page, engine } = await openPage('busy');
  await page.getByRole('button', { name: 'Downloads: 2' }).click();
  const list = page.getByRole('list', { name: 'Downloads, newest first' });
  await list.getByText('Coming: 193 MB of 402 MB, 31.4 MB/s').waitFor();
  await list.getByText(/has 310 MB left, and 1.2 GB are to go there/).waitFor();
  await list.getByText('prices.csv was replaced in the bucket').waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });

  await page.getByRole('grid', { name: 'Sessions, newest first' }).getByText('orders-2026-q1 and').click();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByRole('row', { name: /orders-2026-q1.clean.csv/ }).click();
  await page.getByRole('button', { name: 'Save into a folder…' }).click();
  await page.getByRole('dialog').getByText('Desktop').dblclick();
  await page.getByRole('button', { name: 'Save into this folder' }).click();
  const before = engine.world.downloads.length;
  await page.getByRole('dialog', { name: 'Already there: 1 file' }).waitFor();
  await page.keyboard.press('Enter'); // the first choice has the focus, and loses nothing
  await expect.poll(() => engine.world.downloads.length, { timeout: PATIENCE_MS }).toBe(before + 1);
  await page.getByRole('button', { name: 'Downloads: 3' }).waitFor();
});
