import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { fileRow, filesGrid, open, tab, watch } from './support/page.ts';

const SAMPLE = 'shop-orders.csv';
/** More than any page of ours has stops. */
const STOPS = 60;

/** Goes to something as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, back = false): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if ((await page.locator(':focus').and(target).count()) === 1) return;
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`${STOPS} stops, and none was ${target.toString()}`);
}

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

async function uploadSample(page: Page): Promise<void> {
  await button(page, 'Upload the sample').click();
  await expect(fileRow(page, SAMPLE)).toContainText('Proven');
}

async function runClean(page: Page): Promise<void> {
  await tab(page, 'Process');
  await button(page, 'Run Clean').click();
  await expect(page.getByRole('complementary', { name: /^Run of Clean/ })).toContainText('Rows out');
  await tab(page, 'Results');
  const results = page.getByRole('grid', { name: 'Results of this session' });
  await expect(results.getByRole('row', { name: /Proven/ })).toHaveCount(2);
}

test('the whole job by keyboard alone', async ({ app, page }) => {
  const complaints = watch(page);
  await open(page, app.address);
  await tabTo(page, button(page, 'Upload the sample'));
  await page.keyboard.press('Enter');
  await expect(fileRow(page, SAMPLE)).toContainText('Proven');

  // The list, its row, and what opens from it.
  await tabTo(page, filesGrid(page));
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('complementary', { name: `Details of ${SAMPLE}` })).toBeVisible();
  await page.keyboard.press('Enter');
  const rows = page.getByRole('grid', { name: /^Rows of/ });
  await expect(rows).toContainText('00010000');
  await tabTo(page, rows);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Column Customer No' })).toBeVisible();

  await tabTo(page, page.getByRole('tab', { name: 'Data' }), true);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Process' })).toHaveAttribute('aria-selected', 'true');
  const recipe = page.getByRole('form', { name: 'Recipe' });
  await tabTo(page, recipe.getByRole('button', { name: 'Run Clean' }));
  await page.keyboard.press('Enter');
  const results = page.getByRole('button', { name: 'Results', exact: true });
  await tabTo(page, results.first());
  await page.keyboard.press('Enter');
  const outputs = page.getByRole('grid', { name: 'Results of this session' });
  await expect(outputs.getByRole('row', { name: /Proven/ })).toHaveCount(2);
  await tabTo(page, outputs);
  await page.keyboard.press('ArrowDown');
  const downloading = page.waitForEvent('download');
  await tabTo(page, button(page, 'Download'));
  await page.keyboard.press('Enter');
  expect((await downloading).suggestedFilename()).toMatch(/^shop-orders.*\.(csv|parquet)$/);
  expect(complaints.all).toEqual([]);
});

test('the command palette goes anywhere, and gives the focus back', async ({ app, page }) => {
  await open(page, app.address);
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /Find a command/ });
  await expect(field).toBeFocused();
  await page.keyboard.type('upl sample');
  await expect(page.getByRole('option', { selected: true })).toHaveText(/Upload the sample file/);
  await page.keyboard.press('Enter');
  await expect(fileRow(page, SAMPLE)).toContainText('Proven');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('go to data');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Data' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('theme: dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, and 1024 pixels are wide enough, ${scheme}`, async ({ app, page }) => {
    const complaints = watch(page);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1024, height: 700 });
    await open(page, app.address);
    const found: string[] = [];
    const look = async (where: string): Promise<void> => {
      // There are no frames; without them there is no page to open for each look.
      const axe = new AxeBuilder({ page }).setLegacyMode(true);
      // Only colours differ in the dark.
      const { violations } = await (scheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
      for (const { id, nodes } of violations) {
        found.push(
          ...nodes.map(({ html, failureSummary }) => `${where}: ${id}: ${html} ${failureSummary ?? ''}`),
        );
      }
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (wider > 0) found.push(`${where}: ${wider} pixels too wide`);
    };
    await look('home');

    await button(page, 'Connections…').first().click();
    await expect(page.getByRole('dialog', { name: 'Connections' })).toBeVisible();
    await button(page, 'Run the doctor').click();
    await expect(page.getByText('This connection can do what an upload needs.')).toBeVisible();
    await look('connections');
    await button(page, 'Add a connection').click();
    await expect(page.getByRole('form', { name: 'New connection' })).toBeVisible();
    await look('a new connection');
    await page.keyboard.press('Escape');

    await button(page, 'Choose on the computer Sluice runs on').click();
    const picker = page.getByRole('dialog', { name: 'Choose files or a folder' });
    await expect(picker.getByRole('grid').or(picker.getByText('This folder is empty'))).toBeVisible();
    await look('picker');
    await page.keyboard.press('Escape');
    await expect(picker).toBeHidden();

    await uploadSample(page);
    await look('files');
    await fileRow(page, SAMPLE).click();
    await expect(page.getByRole('complementary', { name: `Details of ${SAMPLE}` })).toContainText('CRC-32');
    await look('details of a file');
    await tab(page, 'Data');
    await expect(page.getByRole('grid', { name: /^Rows of/ })).toContainText('00010000');
    await look('first rows');
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Columns').click();
    await expect(page.getByRole('group', { name: 'Profile of every column' })).toBeVisible();
    await look('profile');
    await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Rejected').click();
    await expect(
      page.getByRole('region', { name: 'Rejected lines' }).or(page.getByText('No line was rejected')),
    ).toBeVisible();
    await look('rejected lines');
    await tab(page, 'Process');
    await look('recipe');
    await runClean(page);
    await look('results');
    await page.getByRole('grid', { name: 'Results of this session' }).getByRole('row').last().click();
    await button(page, 'Show the first rows').click();
    await expect(page.getByRole('region', { name: /^First rows of/ })).toBeVisible();
    await look('details of a result');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: /Find a command/ })).toBeFocused();
    await look('palette');
    expect(found).toEqual([]);
    expect(complaints.all).toEqual([]);
  });
}

test('a connection to a closed port: the doctor and an upload say what is wrong and what to do', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  const endpoint = `http://127.0.0.1:${await closedPort()}`;
  await open(page, app.address);
  await button(page, 'Connections…').first().click();
  await button(page, 'Add a connection').click();
  const form = page.getByRole('form', { name: 'New connection' });
  await form.getByLabel('Bucket').fill('research');
  await form.getByLabel('Endpoint').fill(endpoint);
  await form.getByLabel('Keys').selectOption('keys');
  await form.getByLabel('Access key').fill('AKIAEXAMPLE');
  await form.getByLabel('Secret').fill('not-a-secret');
  await form.getByRole('button', { name: 'Add it' }).click();

  await button(page, 'Run the doctor').click();
  const doctor = page.getByRole('region', { name: 'Doctor' });
  await expect(doctor).toContainText(/checks failed/, { timeout: 60_000 });
  await expect(doctor).toContainText(`${endpoint} does not answer`);
  await expect(doctor).toContainText('Check the address, the network and any proxy');
  await button(page, 'Use for new sessions').click();
  await expect(page.getByText('New sessions go here')).toBeVisible();
  await page.keyboard.press('Escape');

  const path = join(app.data, 'unlucky.csv');
  writeFileSync(path, 'a,b\n1,2\n');
  const choosing = page.waitForEvent('filechooser');
  await button(page, 'Choose files').click();
  await (await choosing).setFiles(path);
  const refused = page.getByRole('dialog', { name: 'One file was not taken' });
  await expect(refused).toContainText(`${endpoint} does not answer`, { timeout: 60_000 });
  await expect(refused).toContainText('Check the address, the network and any proxy');
  await page.keyboard.press('Escape');
  // What was begun shows the same, and how to try it again.
  await page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row').click();
  await expect(fileRow(page, 'unlucky.csv')).toContainText('does not answer');
  await fileRow(page, 'unlucky.csv').click();
  const details = page.getByRole('complementary', { name: 'Details of unlucky.csv' });
  await expect(details.getByRole('alert')).toContainText('Check the address, the network and any proxy');
  await expect(details.getByRole('button', { name: 'Choose the file again' })).toBeVisible();

  // A file that the engine reads by itself.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('upload the sample');
  await page.keyboard.press('Enter');
  const notice = page.getByRole('region', { name: 'Notices' }).getByRole('alert');
  await expect(notice).toContainText(`${endpoint} does not answer`, { timeout: 60_000 });
  await expect(notice).toContainText('Check the address, the network and any proxy');
  await expect(notice.getByRole('button', { name: 'Try again' })).toBeVisible();
  expect(complaints.all).toEqual([]);
});

/** @returns a port of this machine that nobody listens on */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
