/** Takes the pictures of the README from the app as it is: an engine and a browser of its own, on the sample. */
import { copyFile, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { dataFolder, startEngine } from '../e2e/support/engine.ts';

const ROOT = join(import.meta.dirname, '../..');
const IMAGES = join(ROOT, 'docs', 'images');
const SAMPLE = join(ROOT, 'assets', 'sample', 'shop-orders.csv');
const SCHEMES = ['light', 'dark'] as const;
/** Slow enough that an upload can be seen on its way. */
const UPLOAD_BYTES_PER_SECOND = 24e6;

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
  await page.getByRole('heading', { name: /drop files/i }).waitFor();
  await shoot(page, 'home');

  const network = await page.context().newCDPSession(page);
  const throttle = (uploadThroughput: number): Promise<unknown> =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  await throttle(UPLOAD_BYTES_PER_SECOND);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).first().click();
  await (await choosing).setFiles([...files]);
  await page.getByRole('tab', { name: /files/i }).waitFor();
  await page.waitForTimeout(4000);
  await shoot(page, 'files');
  await throttle(-1);

  await page.getByRole('tab', { name: /data/i }).click();
  await chooseSample(page);
  await page.getByText('00010000').first().waitFor();
  await shoot(page, 'data');

  await page.getByRole('tab', { name: /process/i }).click();
  await page.getByRole('button', { name: /^run /i }).click();
  await page.getByRole('button', { name: 'Results', exact: true }).first().waitFor();
  await shoot(page, 'process');

  await page.getByRole('tab', { name: /results/i }).click();
  const output = page.getByRole('grid').getByRole('row').filter({ hasText: 'Parquet' }).first();
  await output.click();
  await page.waitForTimeout(1000);
  await shoot(page, 'results');
}

/** The views that look into one file start with the first; the pictures show the sample. */
async function chooseSample(page: Page): Promise<void> {
  const chooser = page
    .getByRole('combobox', { name: 'File to look at' })
    .or(page.getByLabel('File to look at'));
  if ((await chooser.first().inputValue()).includes('shop-orders')) return;
  await chooser.first().click();
  await page.getByRole('option', { name: /shop-orders/ }).click();
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const scheme of SCHEMES) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(IMAGES, `${name}-${scheme}.png`), animations: 'disabled' });
  }
}

/** The sample, and bigger files whose uploads take a while. */
async function analystsFiles(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await mkdir(IMAGES, { recursive: true });
  const sample = join(folder, 'shop-orders.csv');
  await copyFile(SAMPLE, sample);
  const sizes = { 'meter-readings-2026.csv': 320e6, 'web-visits-march.csv': 140e6, 'returns.csv': 9e6 };
  const bigger = Object.entries(sizes).map(([name, bytes]) => writeReadings(join(folder, name), bytes));
  return [sample, ...(await Promise.all(bigger))];
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
