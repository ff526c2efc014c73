import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { StockClient } from './support/bucket.ts';
import { drop, fileDetails, fileRow, open, parts, watch, type Complaints } from './support/page.ts';

let folder = '';
let complaints: Complaints = { all: [] };
let client: StockClient;

test.beforeEach(async ({ app, page }) => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-page-upload-'));
  complaints = watch(page);
  client = new StockClient(app.s3());
  await open(page, app.address);
});

test.afterEach(() => {
  client.close();
  rmSync(folder, { recursive: true, force: true });
  expect(complaints.all).toEqual([]);
});

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** @returns a file of random bytes: no two parts of it are alike */
function makeFile(name: string, size: number): { readonly path: string; readonly sha256: string } {
  const bytes = randomBytes(size);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, sha256: hashOf(bytes) };
}

async function choose(page: Page, paths: string | readonly string[], button = 'Choose files'): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button, exact: true }).click();
  await (await choosing).setFiles(typeof paths === 'string' ? paths : [...paths]);
}

/** Parts leave the browser so slowly that one can act on an upload under way. */
async function throttle(page: Page, bytesPerSecond: number): Promise<() => Promise<void>> {
  const network = await page.context().newCDPSession(page);
  const set = (uploadThroughput: number): Promise<unknown> =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await network.send('Network.enable');
  await set(bytesPerSecond);
  return async () => {
    await set(-1);
    await network.detach();
  };
}

const proven = (page: Page, name: string): Promise<void> =>
  expect(fileRow(page, name)).toContainText('Proven', { timeout: 30_000 });

test('a chosen file goes up in parts from the browser, and is the same in the bucket', async ({ page }) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PUT') sent.push(request.url());
  });
  const { path, sha256 } = makeFile('readings.bin', 20_000_000);
  await choose(page, path);
  await proven(page, 'readings.bin');
  expect(await parts(fileRow(page, 'readings.bin'))).toEqual({ verified: 3 });
  expect(sent).toHaveLength(3);
  expect(sent.every((url) => url.includes('X-Amz-Signature='))).toBe(true);
  expect(await client.sha256(await client.only((key) => key.endsWith('_readings.bin')))).toBe(sha256);

  const details = await fileDetails(page, 'readings.bin');
  await expect(details.getByText('this browser')).toBeVisible();
  await expect(details.getByText(/CRC-32 of the whole object/i).first()).toBeVisible();
});

test('a file dropped on the page goes to the bucket', async ({ page }) => {
  const size = 20_000_000;
  await drop(page, [{ name: 'dropped.bin', content: size }]);
  await proven(page, 'dropped.bin');
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + (at >> 8) + (at >> 16) * 7) & 255;
  expect(await client.sha256(await client.only((key) => key.endsWith('_dropped.bin')))).toBe(hashOf(bytes));
});

test('a folder keeps its tree', async ({ page }) => {
  mkdirSync(join(folder, 'march', 'week 1'), { recursive: true });
  const one = makeFile('march/one.csv', 1000);
  const two = makeFile('march/week 1/two.csv', 2000);
  await choose(page, join(folder, 'march'), 'Choose a folder');
  await proven(page, 'one.csv');
  await proven(page, 'two.csv');
  expect(await client.sha256(await client.only((key) => /original\/march\/[^/]*_one\.csv$/.test(key)))).toBe(
    one.sha256,
  );
  expect(
    await client.sha256(await client.only((key) => /original\/march\/week 1\/[^/]*_two\.csv$/.test(key))),
  ).toBe(two.sha256);
});

test('names with emoji, spaces and dots, and one of 300 signs, arrive; what is dangerous in them does not', async ({
  page,
}) => {
  const names = ['..  my 📦 file ..csv', `${'long '.repeat(59)}.csv`, '..%2f..%2fetc.csv'];
  expect(names[1]).toHaveLength(299);
  await drop(
    page,
    names.map((name) => ({ name, content: `a,b\n${name},2\n` })),
  );
  const rows = page.getByRole('grid', { name: 'Files of this session' }).getByRole('row', { name: /Proven/ });
  await expect(rows).toHaveCount(3);
  const keys = (await client.list()).map(({ key }) => key);
  expect(keys).toHaveLength(3);
  for (const key of keys) {
    expect(key.split('/')).not.toContain('..');
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
  }
  const contents = await Promise.all(keys.map(async (key) => (await client.bytes(key)).toString('utf8')));
  expect(contents.toSorted()).toEqual(names.map((name) => `a,b\n${name},2\n`).toSorted());
});

test('an empty file is refused with a sentence and a hint, and the others go', async ({ page }) => {
  writeFileSync(join(folder, 'empty.csv'), '');
  const { path } = makeFile('full.csv', 100);
  await choose(page, [join(folder, 'empty.csv'), path]);
  const dialog = page.getByRole('dialog', { name: 'One file was not taken' });
  await expect(dialog).toContainText('empty.csv is empty.');
  await expect(dialog).toContainText('check that the export that wrote it has finished');
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toBeHidden();
  await proven(page, 'full.csv');
  expect(await client.list()).toHaveLength(1);
});

test('an upload is paused, resumed and proven; another is cancelled and leaves nothing', async ({ page }) => {
  const release = await throttle(page, 4_000_000);
  const kept = makeFile('kept.bin', 40_000_000);
  await choose(page, kept.path);
  const row = fileRow(page, 'kept.bin');
  await expect(row).toContainText('Sending');
  await page.getByRole('button', { name: 'Pause: kept.bin' }).click();
  await expect(row).toContainText('Paused');
  await expect.poll(() => parts(row)).not.toHaveProperty('on its way');
  await page.getByRole('button', { name: 'Resume: kept.bin' }).click();
  await expect(row).toContainText('Sending');
  await release();
  await proven(page, 'kept.bin');
  expect(await client.sha256(await client.only((key) => key.endsWith('_kept.bin')))).toBe(kept.sha256);

  const again = await throttle(page, 4_000_000);
  const gone = makeFile('gone.bin', 40_000_000);
  await page.getByRole('button', { name: 'Add files' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Choose files…' }).click();
  await (await choosing).setFiles(gone.path);
  const second = fileRow(page, 'gone.bin');
  await expect(second).toContainText('Sending');
  await second.getByRole('button', { name: 'Cancel: gone.bin' }).click();
  await expect(page.getByText('gone.bin is cancelled')).toBeVisible();
  await expect(second).toContainText('Cancelled', { timeout: 20_000 });
  await again();
  expect((await client.list()).map(({ key }) => key).filter((key) => key.endsWith('gone.bin'))).toEqual([]);
});

test('a page that was reloaded goes on with the same file, and keeps the parts that arrived', async ({
  page,
}) => {
  const file = makeFile('halfway.bin', 60_000_000);
  const release = await throttle(page, 12_000_000);
  await choose(page, file.path);
  const row = fileRow(page, 'halfway.bin');
  await expect.poll(async () => (await parts(row))['sent'] ?? 0, { timeout: 30_000 }).toBeGreaterThan(1);
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(row).toBeVisible();
  await release();
  const choosing = page.waitForEvent('filechooser');
  await row.getByRole('button', { name: 'Choose the file again: halfway.bin' }).click();
  await (await choosing).setFiles(file.path);
  await proven(page, 'halfway.bin');
  await expect(fileRow(page, 'halfway.bin')).toHaveCount(1);
  expect(await keptOf(page, 'halfway.bin')).toBeGreaterThan(1);
  expect(await client.sha256(await client.only((key) => key.endsWith('_halfway.bin')))).toBe(file.sha256);
});

/** How many parts the receipt says were there from before. */
async function keptOf(page: Page, name: string): Promise<number> {
  const details = await fileDetails(page, name);
  const said = await details.getByText(/^\d+, \d+ kept/).textContent();
  return Number(/(\d+) kept/.exec(said ?? '')?.[1] ?? 0);
}
