import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test, type App } from './support/app.ts';
import { StockClient } from './support/bucket.ts';
import { fileRow, open, watch } from './support/page.ts';

const MiB = 1024 * 1024;

/** Turns the page to files that keep their names in one folder of the bucket. */
async function keepNames(page: Page, folder: string): Promise<void> {
  await page.getByText('Names kept, in one folder').click();
  await page.getByRole('combobox', { name: 'Folder of the bucket' }).fill(folder);
  await expect(page.getByRole('region', { name: 'Where it goes' })).toContainText(`s3://sluice/${folder}`);
  await page.keyboard.press('Escape');
}

interface Chosen {
  readonly name: string;
  readonly content: string;
}

/** Files that the page holds and sends itself. */
async function chooseFiles(page: Page, files: readonly Chosen[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (
    await choosing
  ).setFiles(
    files.map(({ name, content }) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })),
  );
}

/** Opens a folder in the picker, by writing its path. */
async function goTo(picker: Locator, folder: string): Promise<void> {
  await expect(picker.getByRole('grid').or(picker.getByText('This folder is empty'))).toBeVisible();
  const field = picker.getByLabel('Folder or file path');
  await field.fill(folder);
  await field.press('Enter');
  await expect(picker.getByRole('grid', { name: `Entries of ${folder}` })).toBeVisible();
}

async function goHome(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New session' }).click();
  await expect(page.getByRole('heading', { name: 'Drop files or a folder anywhere' })).toBeVisible();
}

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Some of it is there already' });
const list = (page: Page): Locator => page.getByRole('grid', { name: 'What is there already' });

async function axe(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

async function contents(app: App): Promise<Readonly<Record<string, string>>> {
  const s3 = new StockClient(app.s3());
  try {
    const found: Record<string, string> = {};
    for (const { key } of await s3.list()) found[key] = (await s3.bytes(key)).toString();
    return found;
  } finally {
    s3.close();
  }
}

test('files keep their names, and one screen asks what becomes of those that are there', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  await open(page, app.address);
  await keepNames(page, 'reports/2026');
  await chooseFiles(page, [
    { name: 'same.csv', content: 'same' },
    { name: 'other.csv', content: 'one' },
    { name: 'third.csv', content: 'one' },
  ]);
  // Nothing is asked where there is nothing to choose.
  for (const name of ['same.csv', 'other.csv', 'third.csv'])
    await expect(fileRow(page, name)).toContainText('Proven');
  expect(await contents(app)).toEqual({
    'reports/2026/same.csv': 'same',
    'reports/2026/other.csv': 'one',
    'reports/2026/third.csv': 'one',
  });

  await goHome(page);
  const again = [
    { name: 'same.csv', content: 'same' },
    { name: 'other.csv', content: 'two' },
    { name: 'third.csv', content: 'two and a half' },
    { name: 'new.csv', content: 'new' },
  ];
  await chooseFiles(page, again);
  await expect(dialog(page)).toContainText('4 files');
  await expect(dialog(page).getByLabel('2 meet other content')).toHaveValue('rename');
  await expect(dialog(page).getByLabel('1 there already, the same')).toHaveValue('skip');
  await expect(list(page).getByRole('row', { name: /other\.csv/ })).toContainText(
    'CRC-32 of the whole differs',
  );
  await expect(list(page).getByRole('row', { name: /third\.csv/ })).toContainText('14 B here, 3 B there');
  await axe(page, 'choices');

  // By keyboard alone: the second of them is replaced.
  await list(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('third');
  await page.keyboard.press('ArrowLeft');
  await expect(list(page).getByLabel('What to do with third.csv')).toHaveValue('replace');
  await expect(dialog(page).getByRole('status')).toContainText('put in place of what is there');
  await expect(dialog(page).getByLabel('2 meet other content')).toHaveValue('mixed');
  await page.getByRole('button', { name: 'Send 3 files' }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText(
    '1 file was left out. 3 files sent.',
  );
  for (const name of ['other.csv', 'third.csv', 'new.csv'])
    await expect(fileRow(page, name)).toContainText('Proven');
  expect(await contents(app)).toEqual({
    'reports/2026/same.csv': 'same',
    'reports/2026/other.csv': 'one',
    'reports/2026/other~2.csv': 'two',
    'reports/2026/third.csv': 'two and a half',
    'reports/2026/new.csv': 'new',
  });

  // Where it goes is remembered, also by a page that is opened anew; nothing is sent where it is cancelled.
  await page.reload();
  await goHome(page);
  await expect(page.getByRole('combobox', { name: 'Folder of the bucket' })).toHaveValue('reports/2026');
  await chooseFiles(page, [{ name: 'same.csv', content: 'same' }]);
  await expect(page.getByRole('button', { name: 'Leave all of them out' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Drop files or a folder anywhere' })).toBeVisible();
  expect(Object.keys(await contents(app))).toHaveLength(5);
  expect(complaints.all).toEqual([]);
});

test('a folder of this computer is compared by the engine, and the same drop again is told to be there', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  const folder = join(app.data, 'exports');
  mkdirSync(folder);
  for (const name of ['a.csv', 'b.csv']) writeFileSync(join(folder, name), `id\n${name}\n`);
  await open(page, app.address);

  const choose = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Choose on the computer Sluice runs on' }).click();
    const picker = page.getByRole('dialog', { name: 'Choose files or a folder' });
    await goTo(picker, folder);
    await picker.getByRole('button', { name: 'Upload this whole folder' }).click();
  };
  await choose();
  for (const name of ['a.csv', 'b.csv']) await expect(fileRow(page, name)).toContainText('Proven');

  await goHome(page);
  await choose();
  await expect(dialog(page).getByLabel('2 uploaded before, proven')).toHaveValue('skip');
  await page.getByRole('button', { name: 'Leave all of them out' }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText('2 files were left out. Nothing was sent.');
  await notices.getByRole('button', { name: 'Show where' }).click();
  await expect(fileRow(page, 'a.csv')).toContainText('Proven');
  await expect(page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row')).toHaveCount(1);

  // Sent again all the same, where that is what the person wants.
  await goHome(page);
  await choose();
  await dialog(page).getByLabel('2 uploaded before, proven').selectOption('anew');
  await page.getByRole('button', { name: 'Send 2 files' }).click();
  await expect(page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row')).toHaveCount(2);
  for (const name of ['a.csv', 'b.csv']) await expect(fileRow(page, name)).toContainText('Proven');
  expect(complaints.all).toEqual([]);
});

test('what another program left is shown, gone on with by its file, or deleted', async ({ app, page }) => {
  const complaints = watch(page);
  const content = randomBytes(12 * MiB);
  await begin(app, 'in/big.bin', content.subarray(0, 5 * MiB));
  await begin(app, 'in/lost.bin', Buffer.from('lost'));
  writeFileSync(join(app.data, 'big.bin'), content);
  await open(page, app.address);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('unfinished uploads');
  await page.keyboard.press('Enter');
  const leftovers = page.getByRole('dialog', { name: 'Unfinished uploads in the bucket' });
  const grid = leftovers.getByRole('grid', { name: /Unfinished uploads/ });
  await expect(leftovers).toContainText(
    '2 uploads were begun and never finished. 5.2 MB of them are stored.',
  );
  await expect(grid.getByRole('row', { name: /lost\.bin/ })).toContainText(
    'another program may be sending it',
  );
  await axe(page, 'leftovers');

  // By its file: its first part is kept.
  await grid.getByRole('row', { name: /big\.bin/ }).click();
  await leftovers.getByRole('button', { name: 'Go on with a file…' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose the file it was begun with' });
  await goTo(picker, app.data);
  await picker.getByRole('grid').getByText('big.bin', { exact: true }).dblclick();
  await expect(fileRow(page, 'big.bin')).toContainText('Proven');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('unfinished uploads');
  await page.keyboard.press('Enter');
  await expect(leftovers).toContainText('1 upload was begun and never finished.');
  await grid.focus();
  await page.keyboard.press('Space');
  await expect(leftovers).toContainText('1 upload marked');
  await leftovers.getByRole('button', { name: 'Delete…' }).click();
  await expect(leftovers).toContainText('another program may be sending it');
  await expect(leftovers).toContainText('This cannot be undone.');
  await leftovers.getByRole('button', { name: 'Delete them' }).click();
  await expect(leftovers).toContainText('Nothing was left behind');
  expect(complaints.all).toEqual([]);
});

/** As a program would that died after its first part. */
async function begin(app: App, key: string, part: Buffer): Promise<void> {
  const { endpoint, bucket: Bucket, region, accessKeyId, secretAccessKey } = app.s3();
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key: key,
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
      }),
    );
    await client.send(new UploadPartCommand({ Bucket, Key: key, UploadId, PartNumber: 1, Body: part }));
  } finally {
    client.destroy();
  }
}
