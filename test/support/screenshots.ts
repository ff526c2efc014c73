/** Takes the pictures of the README from the app as it is: an engine and a browser of its own. */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from '@playwright/test';
import { dataFolder, startEngine } from '../e2e/support/engine.ts';

const ROOT = join(import.meta.dirname, '../..');
const IMAGES = join(ROOT, 'docs', 'images');
const SCHEMES = ['light', 'dark'] as const;
const UPLOAD_BYTES_PER_SECOND = 12e6;
const SAMPLE_NAME = 'shop-orders.csv';

const scratch = dataFolder();
const engine = await startEngine({ data: scratch.path });
const browser = await chromium.launch({
  ...(process.env['SLUICE_CHROMIUM'] === undefined ? {} : { executablePath: process.env['SLUICE_CHROMIUM'] }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const files = await analystsFiles(join(scratch.path, 'files'));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(60_000);
  await page.goto(engine.address);
  await takeAll(page, files);
} catch (error) {
  console.error(engine.log());
  throw error;
} finally {
  await browser.close();
  await engine.stop();
  engine.sweep();
  scratch.remove();
}

async function takeAll(page: Page, files: readonly string[]): Promise<void> {
  await page.getByRole('heading', { name: 'Drop files or a folder anywhere' }).waitFor();
  await shoot(page, 'home');

  await page.getByRole('button', { name: 'Upload the sample' }).click();
  await row(page, SAMPLE_NAME).filter({ hasText: 'Proven' }).waitFor();

  await slowDown(page);
  await page.getByRole('button', { name: 'New session' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await choosing).setFiles([...files]);
  const biggest = row(page, 'meter-readings-2026.csv');
  await biggest.filter({ hasText: /[2-9]\d %/ }).waitFor();
  await biggest.click();
  await page.getByRole('complementary', { name: /^Details of meter/ }).waitFor();
  await shoot(page, 'files');

  await page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row').last().click();
  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByRole('gridcell', { name: '00010000' }).waitFor();
  await shoot(page, 'data');
  await page.getByRole('radiogroup', { name: 'What to show of the file' }).getByText('Columns').click();
  await page.getByRole('group', { name: 'Profile of every column' }).waitFor();
  await shoot(page, 'profile');

  await page.getByRole('tab', { name: 'Process' }).click();
  await page.getByRole('button', { name: 'Run Clean' }).click();
  await page
    .getByRole('complementary', { name: /^Run of Clean/ })
    .getByText('Rows out')
    .waitFor();
  await shoot(page, 'process');

  await page.getByRole('tab', { name: 'Results' }).click();
  const output = page.getByRole('row', { name: /CSV.*Proven/ });
  await output.click();
  await page.getByRole('button', { name: 'Show the first rows' }).click();
  await page.getByRole('region', { name: /^First rows of/ }).waitFor();
  await shoot(page, 'results');
}

function row(page: Page, name: string): Locator {
  return page.getByRole('grid', { name: 'Files of this session' }).getByRole('row').filter({ hasText: name });
}

/** So that an upload can be seen on its way. */
async function slowDown(page: Page): Promise<void> {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: UPLOAD_BYTES_PER_SECOND,
  });
}

/** The same moment in both schemes: what is on its way moves on only a little between them. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
    // What is painted by script is painted in the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await page.screenshot({ path: join(IMAGES, `${name}-${scheme}.png`), animations: 'disabled' });
  }
}

/** Files whose uploads take a while. */
async function analystsFiles(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await mkdir(IMAGES, { recursive: true });
  const sizes = { 'meter-readings-2026.csv': 320e6, 'web-visits-march.csv': 140e6, 'returns.csv': 9e6 };
  return Promise.all(Object.entries(sizes).map(([name, bytes]) => writeReadings(join(folder, name), bytes)));
}

async function writeReadings(path: string, bytes: number): Promise<string> {
  const file = await open(path, 'w');
  const lines = Array.from({ length: 20_000 }, (_, row) => {
    const minute = String(row % 60).padStart(2, '0');
    return `2026-03-01 08:${minute},${String(row % 977).padStart(6, '0')},${(row * 7919) % 100_000},ok\n`;
  });
  const block = Buffer.from(lines.join(''));
  try {
    await file.write('time,meter,value,state\n');
    for (let done = 0; done < bytes; done += block.length) await file.write(block);
  } finally {
    await file.close();
  }
  return path;
}
