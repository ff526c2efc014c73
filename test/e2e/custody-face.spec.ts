import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Download, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { fileDetails, fileRow, open, watch } from './support/page.ts';

const SAMPLE = 'shop-orders.csv';

async function menu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'More for this session' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function saved(
  page: Page,
  act: () => Promise<void>,
): Promise<{ readonly name: string; readonly text: string }> {
  const starting = page.waitForEvent('download');
  await act();
  const download: Download = await starting;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

async function expectNoFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test('a case is noted, receipts and the manifest are saved, and what was deleted since is found', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  await open(page, app.address);
  await page.getByRole('button', { name: 'Upload the sample' }).click();
  await expect(fileRow(page, SAMPLE)).toContainText('Proven');

  await menu(page, 'Case and examiner…');
  const form = page.getByRole('dialog', { name: 'Case and examiner' });
  await expect(form.getByLabel('Case number')).toBeFocused();
  await form.getByLabel('Case number').fill('2026-114');
  await form.getByLabel('Examiner').fill('A. Example');
  await form.getByLabel('Note').fill('Taken from the shop on 1 July.');
  await expectNoFaults(page);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Case 2026-114, A. Example')).toBeVisible();

  const manifest = await saved(page, () => menu(page, 'Save the manifest'));
  expect(manifest.name).toBe(`${SAMPLE}.manifest.json`);
  const { custody, files, digest } = JSON.parse(manifest.text) as {
    readonly custody: unknown;
    readonly files: readonly { readonly key: string }[];
    readonly digest: string;
  };
  expect(custody).toEqual({
    caseNumber: '2026-114',
    examiner: 'A. Example',
    note: 'Taken from the shop on 1 July.',
  });
  expect(files).toHaveLength(1);

  const details = await fileDetails(page, SAMPLE);
  const html = await saved(page, () => details.getByRole('button', { name: 'Save as a page' }).click());
  expect(html.name).toBe(`${SAMPLE}.receipt.html`);
  expect(html.text).toContain('2026-114');
  const json = await saved(page, () => details.getByRole('button', { name: 'Save as JSON' }).click());
  expect(JSON.parse(json.text)).toMatchObject({ object: { key: files[0]?.key } });

  await menu(page, 'Check again…');
  const check = page.getByRole('dialog', { name: 'Check again' });
  await expect(check).toContainText('The file is there as it was proven.');
  await expectNoFaults(page);
  await check.getByRole('button', { name: 'Close', exact: true }).last().click();

  const { endpoint, bucket: Bucket, region, accessKeyId, secretAccessKey } = app.s3();
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: files[0]?.key }));
  s3.destroy();
  await menu(page, 'Check again…');
  await expect(check).toContainText('The file is not as it was proven.');
  await expect(check.getByRole('list', { name: 'Files that do not agree' })).toContainText(
    'not there any more',
  );
  await expectNoFaults(page);
  await check.getByRole('button', { name: 'Close', exact: true }).last().click();

  await page.getByRole('button', { name: 'Activity' }).click();
  const activity = page.getByRole('complementary', { name: 'Activity of this session' });
  for (const line of ['case 2026-114, examiner A. Example', `digest ${digest}`, '0 of 1 agree, 1 differ']) {
    await expect(activity).toContainText(line);
  }
  expect(complaints.all).toEqual([]);
});
