import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { fileRow, open, watch } from './support/page.ts';

const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** Uploads a file by its path, with what is said in the dialog before. */
async function uploadByPath(
  page: Page,
  path: string,
  say: (dialog: Locator) => Promise<void>,
): Promise<void> {
  await button(page, 'Choose on the computer Sluice runs on').click();
  const dialog = page.getByRole('dialog', { name: 'Choose files or a folder' });
  const folder = join(path, '..');
  // The field is made anew with the folder that is listed first.
  await expect(dialog.getByRole('grid').or(dialog.getByText('This folder is empty'))).toBeVisible();
  await dialog.getByLabel('Folder or file path').fill(folder);
  await dialog.getByLabel('Folder or file path').press('Enter');
  await expect(dialog.getByRole('grid', { name: `Entries of ${folder}` })).toBeVisible();
  await say(dialog);
  await dialog.getByText(path.slice(folder.length + 1), { exact: true }).dblclick();
}

test('what is said of an upload before it starts is what it is sent with, and only it', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  await open(page, app.address);
  const path = join(app.data, 'readings.csv');
  writeFileSync(path, 'a,b\n1,2\n'.repeat(5000));
  await uploadByPath(page, path, async (dialog) => {
    await button(dialog, /^Options of the next upload/).click();
    await button(dialog, /^File/).click();
    await dialog.getByLabel('Compress before it is sent').selectOption('zstd');
    await button(dialog, /^Metadata and tags/).click();
    await button(dialog, 'Add a metadata entry').click();
    await dialog.getByLabel('Name of metadata entry 1').fill('Größe');
    await expect(dialog.getByRole('alert')).toContainText('small letters, digits, hyphens');
    await dialog.getByLabel('Name of metadata entry 1').fill('project');
    await dialog.getByLabel('Value of metadata entry 1').fill('kelp');
    await expect(dialog.getByRole('alert')).toBeHidden();
    await expect(button(dialog, /^Options of the next upload/)).toContainText('metadata: project · zstd');
  });
  await expect(fileRow(page, 'readings.csv')).toContainText('Proven');
  await fileRow(page, 'readings.csv').click();
  const details = page.getByRole('complementary', { name: 'Details of readings.csv' });
  await expect(details).toContainText('from 40.0 kB by zstd');
  await expect(details).toContainText('readings.csv.zst');

  await button(page, 'New session').click();
  await expect(button(page, /^Options of the next upload/)).toContainText('as the connection has it');
  expect(complaints.all).toEqual([]);
});

test('a file that is put off waits for its time, and starts when it is told to', async ({ app, page }) => {
  await open(page, app.address);
  const path = join(app.data, 'later.csv');
  writeFileSync(path, 'a,b\n1,2\n');
  await uploadByPath(page, path, async (dialog) => {
    await button(dialog, /^Options of the next upload/).click();
    await dialog.getByLabel('Start', { exact: true }).selectOption('after');
    // Tomorrow at the latest, and never now.
    await dialog.getByLabel('Not before').fill(anHourFromNow());
  });
  await expect(fileRow(page, 'later.csv')).toContainText('Starts at');
  await app.restart();
  await page.goto(app.address);
  await page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row').first().click();
  await expect(fileRow(page, 'later.csv')).toContainText('Starts at');
  await fileRow(page, 'later.csv').click();
  const details = page.getByRole('complementary', { name: 'Details of later.csv' });
  await button(details, 'Before all others').click();
  await expect(details).toContainText('Before others (1)');
  await button(details, /^Start now/).click();
  await expect(fileRow(page, 'later.csv')).toContainText('Proven');
});

function anHourFromNow(): string {
  const at = new Date(Date.now() + 3_600_000);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}

for (const scheme of ['light', 'dark'] as const) {
  test(`limits and settings of a connection are kept, said in words, and axe finds nothing, ${scheme}`, async ({
    app,
    page,
  }) => {
    const complaints = watch(page);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1024, height: 700 });
    await open(page, app.address);
    const found: string[] = [];
    const look = async (where: string, rules: readonly string[] = []): Promise<void> => {
      const axe = new AxeBuilder({ page }).setLegacyMode(true);
      const { violations } = await (rules.length === 0 ? axe : axe.withRules([...rules])).analyze();
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
    const bar = page.getByRole('contentinfo', { name: 'Transfers' });
    await button(bar, 'Full speed').click();
    await expect(page.getByRole('menuitemradio', { name: 'Full speed' })).toHaveAttribute(
      'aria-checked',
      'true',
    );
    // How a menu is built is Mantine's; its colours are ours.
    await look('the menu of speeds', ['color-contrast', 'aria-allowed-attr', 'aria-valid-attr-value']);
    await page.getByRole('menuitemradio', { name: '5 MB/s', exact: true }).click();
    await button(bar, 'Limited to 5 MB/s').click();
    await page.getByRole('menuitemcheckbox', { name: 'Only until tomorrow' }).click();
    await button(bar, 'Limited to 5 MB/s until midnight').click();
    await page.getByRole('menuitem', { name: 'Another speed, timetable…' }).click();

    const form = page.getByRole('form', { name: 'Limits of transfers' });
    await expect(form.getByRole('status')).toContainText('set by hand');
    await button(form, 'Add a line').click();
    await form.getByRole('group', { name: 'Line 1' }).getByLabel('Speed').selectOption('still');
    await form.getByLabel('Sat').check();
    await form.getByLabel('From').fill('22:00');
    await form.getByLabel('To').fill('06:00');
    await form.getByLabel('Speed').first().selectOption('limit');
    await form.getByLabel('MB/s').fill('much');
    await button(form, 'Save').click();
    await expect(form.getByRole('alert')).toContainText('a number of megabytes');
    await look('limits');
    await form.getByLabel('MB/s').fill('2,5');
    await button(form, 'Save').click();
    await expect(form).toBeHidden();
    await button(bar, 'Limited to 5 MB/s until midnight').click();
    await page.getByRole('menuitem', { name: 'As it is set' }).click();
    await expect(button(bar, /^(Limited to 2.5 MB\/s|Stands still) until/)).toBeVisible();

    await button(page, 'Connections…').first().click();
    const dialog = page.getByRole('dialog', { name: 'Connections' });
    await button(dialog, 'Settings').click();
    await button(dialog, /^Encryption and storage class/).click();
    await dialog.getByLabel('Storage class').selectOption('STANDARD_IA');
    await button(dialog, /^Metadata and tags/).click();
    await button(dialog, 'Add a tag').click();
    await dialog.getByLabel('Name of tag 1').fill('team');
    await dialog.getByLabel('Value of tag 1').fill('tides');
    await button(dialog, /^File/).click();
    await button(dialog, /^Limits/).click();
    await dialog.getByLabel('Speed, MB/s').fill('1.5');
    await look('settings of a connection');
    await button(dialog, 'Save').click();
    await expect(dialog).toContainText('Standard, seldom read · 1 tag');
    await page.keyboard.press('Escape');
    await expect(button(page, /^Options of the next upload/)).toContainText('Standard, seldom read · 1 tag');
    await button(page, /^Options of the next upload/).click();
    await look('options of the next upload');

    await app.restart();
    await page.goto(app.address);
    await expect(button(page, /^Options of the next upload/)).toContainText('Standard, seldom read · 1 tag');
    await expect(button(bar, /^(Limited to 2.5 MB\/s|Stands still) until/)).toBeVisible();
    expect(found).toEqual([]);
    expect(complaints.all.filter((text) => !text.includes('WebSocket') && !text.includes('ERR_'))).toEqual(
      [],
    );
  });
}
