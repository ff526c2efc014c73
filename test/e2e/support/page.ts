import { expect, type Locator, type Page } from '@playwright/test';

/** What a page complains of, in its console or by its policy. */
export interface Complaints {
  readonly all: readonly string[];
}

/** @param mayLose whether the engine goes away in this test, which the browser itself reports */
export function watch(page: Page, { mayLose = false } = {}): Complaints {
  const all: string[] = [];
  const lost = /WebSocket connection to|ERR_CONNECTION|ERR_EMPTY_RESPONSE/;
  page.on('pageerror', (error) => all.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !(mayLose && lost.test(text))) all.push(text);
  });
  return { all };
}

export const home = (page: Page): Locator =>
  page.getByRole('heading', { name: 'Drop files or a folder anywhere' });

export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(home(page)).toBeVisible();
}

export const filesGrid = (page: Page): Locator => page.getByRole('grid', { name: 'Files of this session' });

/** The row of a file in the Files view, by what its name begins with. */
export const fileRow = (page: Page, name: string | RegExp): Locator =>
  filesGrid(page).getByRole('row').filter({ hasText: name });

/** The details of a file, which are opened by choosing its row. */
export async function fileDetails(page: Page, name: string): Promise<Locator> {
  await fileRow(page, name).click();
  const details = page.getByRole('complementary', { name: `Details of ${name}` });
  await expect(details).toBeVisible();
  return details;
}

/** What the strip of a file says of its parts, e.g. `{ waiting: 3, sent: 2 }`. */
export async function parts(row: Locator): Promise<Readonly<Record<string, number>>> {
  const said = (await row.getByRole('img', { name: /parts?:/ }).getAttribute('aria-label')) ?? '';
  const [, list = ''] = said.split(': ');
  return Object.fromEntries(
    list.split(', ').map((entry) => {
      const [count = '0', ...words] = entry.split(' ');
      return [words.join(' '), Number(count.replaceAll(',', ''))];
    }),
  );
}

export async function tab(page: Page, name: 'Files' | 'Data' | 'Process' | 'Results'): Promise<void> {
  const found = page.getByRole('tab', { name });
  await found.click();
  await expect(found).toHaveAttribute('aria-selected', 'true');
}

/** A file of the page itself, for a drop: its text, or so many bytes that no two parts are alike. */
export interface DroppedFile {
  readonly name: string;
  readonly content: string | number;
}

/** The byte at a place of a dropped file that is given by its size. */
export const BYTE_AT = '(at * 31 + (at >> 8) + (at >> 16) * 7) & 255';

/** Drags files over the page and lets them go on the target that starts a new session. */
export async function drop(page: Page, files: readonly DroppedFile[]): Promise<void> {
  // As text: these names are the page's, and not known to Node's own types.
  const dropped = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    for (const { name, content } of ${JSON.stringify(files)}) {
      const bytes = typeof content === 'string' ? content : new Uint8Array(content);
      if (typeof content !== 'string') for (let at = 0; at < content; at += 1) bytes[at] = ${BYTE_AT};
      data.items.add(new File([bytes], name));
    }
    return data;
  })()`);
  await page.locator('#main').dispatchEvent('dragenter', { dataTransfer: dropped });
  const target = page.getByTestId('drop-target').filter({ hasText: 'Start a new session' });
  await expect(target).toContainText('s3://');
  await target.dispatchEvent('drop', { dataTransfer: dropped });
}
