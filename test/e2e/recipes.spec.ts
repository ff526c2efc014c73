import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Download, Locator, Page } from '@playwright/test';
import { readWorkbook } from './support/workbook.ts';
import { expect, test } from './support/app.ts';
import { drop, fileRow, open, tab, watch } from './support/page.ts';

const NAME = 'orders.csv';
const CITIES = ['Koeln', 'Paris', 'PARIS', 'Rome'] as const;

interface Order {
  readonly id: number;
  readonly city: string;
  readonly amount: number | null;
  readonly paid: string;
}

/** Sixty orders; every seventh without an amount, and three that come twice. */
const ORDERS: readonly Order[] = Array.from({ length: 60 }, (_, at) => ({
  id: 1000 + at,
  city: CITIES[at % 4] ?? '',
  amount: at % 7 === 0 ? null : at * 2.5,
  paid: (at * 7) % 5 < 2 ? 'yes' : 'no',
}));
const line = ({ id, city, amount, paid }: Order): string =>
  `${id},${city},${amount === null ? '' : amount.toFixed(2)},EUR,${paid}`;
const FILE = [
  'id,City name,amount,currency,paid',
  ...ORDERS.map(line),
  ...ORDERS.slice(0, 3).map(line),
  '',
].join('\n');

const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const step = (page: Page, title: string | RegExp): Locator =>
  page.getByRole('list', { name: 'Steps' }).getByRole('button', { name: title });
const changed = (page: Page, name: string): Locator =>
  page
    .locator('.change-counts dt', { hasText: new RegExp(`^${name}$`) })
    .locator('xpath=following-sibling::dd[1]');
const fact = (details: Locator, name: string): Locator =>
  details.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');

async function begin(page: Page, address: string): Promise<void> {
  await open(page, address);
  await drop(page, [{ name: NAME, content: FILE }]);
  await expect(fileRow(page, NAME)).toContainText('Proven');
  await tab(page, 'Process');
  await expect(step(page, /^Step 4: Leave out rows equal/)).toContainText('− 3 rows');
}

async function add(page: Page, search: string, title: string | RegExp): Promise<void> {
  await button(page, 'Add step').click();
  await page.getByRole('textbox', { name: 'Find a step' }).fill(search);
  await page.getByRole('option', { name: title }).click();
}

/** Chooses a column in the form of the step that is open. */
async function choose(page: Page, label: string, name: string, nth = 0): Promise<void> {
  const form = page.locator('.step[data-open]');
  await form.getByRole('combobox', { name: label }).nth(nth).click();
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
  // The list of several stays open until it is left.
  await page.keyboard.press('Escape');
}

async function axe(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function fetchOutput(page: Page, row: RegExp): Promise<Download> {
  await page.getByRole('grid', { name: 'Results of this session' }).getByRole('row', { name: row }).click();
  const downloading = page.waitForEvent('download');
  await button(page, 'Download').click();
  return downloading;
}

test('a recipe is made by clicking, tried while it is made, undone, reordered, run, and its outputs are right', async ({
  app,
  page,
}) => {
  const complaints = watch(page);
  await begin(page, app.address);

  await test.step('rename a column: the next step knows the new name', async () => {
    await add(page, 'rename', /^Rename columns/);
    await choose(page, 'Column', 'City name');
    await page.getByRole('textbox', { name: 'New name' }).fill('city');
    await expect(step(page, /^Step 5: Rename City name to city/)).toContainText('± 1 column');
  });

  await test.step('lower case of the city: fifteen cells, with what they were and become', async () => {
    await add(page, 'lowercase', /^Change case/);
    await choose(page, 'Columns', 'city');
    await expect(changed(page, 'Cells changed')).toHaveText('60');
    const examples = page.getByRole('group', { name: 'Examples of what it changes' });
    await expect(examples.getByRole('row', { name: /city\s*PARIS\s*paris/ })).toHaveCount(1);
  });

  await test.step('fill what is missing with 0', async () => {
    await add(page, 'impute', /^Fill what is missing/);
    await choose(page, 'Columns', 'amount');
    await page.getByRole('textbox', { name: 'Value' }).fill('0');
    await expect(changed(page, 'Cells changed')).toHaveText('9');
  });

  await test.step('keep amounts of 30 and more: a question that fits numbers', async () => {
    await add(page, 'filter', /^Keep rows where/);
    await choose(page, 'Column', 'amount');
    await page.getByRole('combobox', { name: 'Question' }).click();
    await expect(page.getByRole('option', { name: 'contains' })).toHaveCount(0);
    await page.getByRole('option', { name: 'is at least' }).click();
    await page.getByRole('textbox', { name: 'Value' }).last().fill('30');
    const kept = ORDERS.filter(({ amount }) => (amount ?? 0) >= 30).length;
    await expect(changed(page, 'Rows out')).toHaveText(`${kept} (− ${60 - kept})`);
  });

  await test.step('compute a column, and leave one out', async () => {
    await add(page, 'compute', /^Compute a column/);
    await page.getByRole('textbox', { name: 'Name of the new column' }).fill('cents');
    await page.getByRole('textbox', { name: 'Expression' }).fill('CAST("amount" * 100 AS INTEGER)');
    await expect(step(page, /^Step 9: Compute cents/)).toContainText('+ 1 column');
    await add(page, 'leave out columns', /^Leave out columns/);
    await choose(page, 'Columns', 'currency');
    await expect(step(page, /^Step 10: Leave out currency/)).toContainText('− 1 column');
  });

  await test.step('undo and redo, one change at a time', async () => {
    await page.keyboard.press('Control+z');
    await expect(step(page, /^Step 10: Leave out columns/)).toContainText('Choose at least one column');
    await expect(button(page, 'Run Clean')).toBeDisabled();
    await page.keyboard.press('Control+z');
    await expect(step(page, /^Step 10/)).toHaveCount(0);
    await button(page, 'Redo').click();
    await button(page, 'Redo').click();
    await expect(step(page, /^Step 10: Leave out currency/)).toBeVisible();
  });

  await test.step('a step that is moved before what it needs says why it cannot be done; moved back, it can', async () => {
    await step(page, /^Step 6: Write city/).press('Alt+ArrowUp');
    const moved = step(page, /^Step 5: Write city/);
    await expect(moved).toBeFocused();
    await expect(page.getByRole('alert').filter({ hasText: 'STEP_COLUMN_MISSING' })).toContainText(
      'not there: city',
    );
    expect(await axe(page)).toEqual([]);
    await moved.press('Alt+ArrowDown');
    await expect(page.getByRole('alert').filter({ hasText: 'STEP_COLUMN_MISSING' })).toHaveCount(0);
  });

  await test.step('the draft is there again after the page was loaded anew; the SQL can be seen', async () => {
    await page.reload();
    await expect(step(page, /^Step 10: Leave out currency/)).toContainText('− 1 column');
    await page.getByRole('radiogroup', { name: 'What to show of the recipe' }).getByText('SQL').click();
    await expect(page.getByRole('group', { name: 'SQL' })).toContainText('"cents"');
    await page.getByRole('radiogroup', { name: 'What to show of the recipe' }).getByText('Rows').click();
    await expect(page.getByRole('group', { name: 'First rows that come out' })).toContainText('cents');
    expect(await axe(page)).toEqual([]);
  });

  const truth = ORDERS.filter(({ amount }) => (amount ?? 0) >= 30).map(({ id, city, amount, paid }) => [
    String(id),
    city.toLowerCase(),
    (amount ?? 0).toFixed(2),
    paid === 'yes' ? 'true' : 'false',
    String(Math.round((amount ?? 0) * 100)),
  ]);
  const header = ['id', 'city', 'amount', 'paid', 'cents'];

  await test.step('run to CSV and a workbook: what was counted is what was foreseen', async () => {
    const form = page.getByRole('form', { name: 'Recipe' });
    await form.getByRole('checkbox', { name: 'Parquet' }).uncheck();
    await form.getByRole('checkbox', { name: 'Excel workbook' }).check();
    await button(form, 'Run Clean').click();
    const run = page.getByRole('complementary', { name: `Run of Clean on ${NAME}` });
    await expect(fact(run, 'State')).toHaveText('Done');
    await expect(fact(run, 'Rows in')).toHaveText('63');
    await expect(fact(run, 'Rows out')).toHaveText(String(truth.length));
    const table = run.getByRole('group', { name: 'What every step changed' });
    for (const words of ['− 3 rows', '60 cells', '9 cells', `− ${60 - truth.length} rows`])
      await expect(table.getByRole('cell', { name: words, exact: true })).toHaveCount(2);
    await button(run, 'Results').click();
  });

  await test.step('cell by cell', async () => {
    const csv = await fetchOutput(page, /CSV.*Proven/);
    const lines = readFileSync(await csv.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((text) => text.split(','))).toEqual([header, ...truth]);
    const xlsx = await fetchOutput(page, /Excel.*Proven/);
    const rows = await readWorkbook(await xlsx.path());
    expect(rows[0]).toEqual(header);
    expect(rows.slice(1)).toEqual(
      truth.map(([id, city, amount, paid, cents]) => [
        Number(id),
        city,
        Number(amount),
        paid === 'true',
        Number(cents),
      ]),
    );
  });
  expect(complaints.all).toEqual([]);
});

test('prepare for modelling, by keyboard alone from the steps to the run', async ({ app, page }) => {
  const complaints = watch(page);
  await begin(page, app.address);
  await button(page, 'More for this recipe').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Prepare for modelling…' }).press('Enter');
  const target = page.getByRole('combobox', { name: 'Column to predict' });
  await expect(target).toBeFocused();
  await page.keyboard.type('paid');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const suggested = page.getByRole('list', { name: 'Suggested steps' });
  await expect(suggested).toContainText('A row without paid teaches nothing.');
  await expect(suggested.locator('[data-flagged]').filter({ hasText: 'currency' })).toContainText(
    'the same value everywhere',
  );
  expect(await axe(page)).toEqual([]);
  await button(page, /^Use these \d+ steps$/).press('Enter');

  const split = step(page, /Mark 20 % of the rows as test/);
  await expect(split).toContainText('+ 1 column');
  await split.press('Enter');
  const share = page.getByRole('textbox', { name: 'For the test, %' });
  await share.fill('30');
  await expect(step(page, /Mark 30 % of the rows as test/)).toBeVisible();
  const rows = page.getByRole('radiogroup', { name: 'What to show of the recipe' });
  await rows.getByRole('radio', { name: 'Rows' }).press('Space');
  await expect(page.getByRole('group', { name: 'First rows that come out' })).toContainText('split');
  await button(page, 'Run Prepare for modelling').press('Enter');
  const run = page.getByRole('complementary', { name: `Run of Prepare for modelling on ${NAME}` });
  await expect(fact(run, 'State')).toHaveText('Done');
  await expect(fact(run, 'Target column')).toHaveText('paid');
  expect(complaints.all).toEqual([]);
});

test('a recipe is saved, called otherwise, removed and brought back; a file of it opens, a bad one says why', async ({
  app,
  page,
}) => {
  await begin(page, app.address);
  const menu = async (item: string) => {
    await button(page, 'More for this recipe').click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await menu('Saved recipes…');
  const dialog = page.getByRole('dialog', { name: 'Saved recipes' });
  await button(dialog, 'Save “Clean”').click();
  await button(dialog, 'Rename Clean').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Mine');
  await page.keyboard.press('Enter');
  await expect(button(dialog, 'Remove Mine')).toBeVisible();
  await button(dialog, 'Remove Mine').click();
  await expect(button(dialog, 'Remove Mine')).toHaveCount(0);
  await button(dialog, 'Undo').click();
  await expect(button(dialog, 'Remove Mine')).toBeVisible();
  await page.keyboard.press('Escape');

  const downloading = page.waitForEvent('download');
  await menu('Save as a file');
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('Clean.recipe.json');
  const text = readFileSync(await file.path(), 'utf8');
  await menu('Open a recipe from a file or text…');
  const importing = page.getByRole('dialog', { name: 'Open a recipe' });
  await importing.getByRole('textbox').fill(text.replace('"trim"', '"polish"'));
  await button(importing, 'Use it').click();
  await expect(importing.getByRole('alert')).toContainText('RECIPE_INVALID');
  await expect(importing.getByRole('alert')).toContainText('steps 1 kind');
  await importing.getByRole('textbox').fill(text.replace('"Clean"', '"Shared"'));
  await button(importing, 'Use it').click();
  await expect(page.getByRole('textbox', { name: 'Name of the recipe' })).toHaveValue('Shared');
});

test('what is done by itself is done with the next upload like it', async ({ app, page }) => {
  await begin(page, app.address);
  await page.getByRole('switch', { name: /^Do this by itself/ }).click();
  await expect(page.getByText(/^Every upload with exactly the columns id, City name/)).toBeVisible();
  await button(page, 'New session').click();
  await drop(page, [{ name: 'later.csv', content: FILE }]);
  await expect(fileRow(page, 'later.csv')).toContainText('Proven');
  await tab(page, 'Results');
  await expect(page.getByRole('row', { name: /later.*CSV.*Proven/ })).toHaveCount(1);
});

test('a column of the grid becomes a step of the recipe; a step that is off takes no part', async ({
  app,
  page,
}) => {
  await begin(page, app.address);
  await tab(page, 'Data');
  await page.getByRole('columnheader', { name: /currency/ }).hover();
  await button(page, 'Menu of currency').click();
  await page.getByRole('menuitem', { name: 'Leave it out' }).click();
  await expect(page.getByRole('tab', { name: 'Process' })).toHaveAttribute('aria-selected', 'true');
  const added = step(page, /^Step 5: Leave out currency/);
  await expect(added).toContainText('− 1 column');
  await expect(added).toHaveAttribute('aria-expanded', 'true');
  await page
    .getByRole('switch', { name: 'Takes part: Leave out rows equal to an earlier one.' })
    .press('Space');
  await expect(step(page, /^Switched off: Leave out rows equal/)).toContainText('off');
  await expect(step(page, /^Step 4: Leave out currency/)).toContainText('− 1 column');
  await button(page, 'Run Clean').click();
  const run = page.getByRole('complementary', { name: `Run of Clean on ${NAME}` });
  await expect(fact(run, 'Rows out')).toHaveText('63');
});
