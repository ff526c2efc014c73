import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Output, Run, SystemInfo, TablePreview, Transfer } from '#shared/domain';
import { expect, leftOut, openDesktop, test, type Desktop } from './desktop.ts';

if (leftOut !== null) console.warn(`\n  LEFT OUT: every test of the desktop window. ${leftOut}.\n`);
test.skip(leftOut !== null, leftOut ?? '');

/** Asks until the answer is what is wanted. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await pause(100);
  }
  throw new Error(`it never came: ${JSON.stringify(await ask())}`);
}

const chooses = (desktop: Desktop, paths: readonly string[]) =>
  desktop.app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [...filePaths] });
  }, paths);

/** Uploads a file through its handle. @returns the finished transfer */
async function upload(desktop: Desktop, file: unknown): Promise<Transfer> {
  const { session, refused } = await desktop.ask<{ session: { id: string }; refused: unknown[] }>(
    'transfers.add',
    { sessionId: null, connectionId: null, files: [file] },
  );
  expect(refused).toEqual([]);
  const list = { sessionId: session.id, offset: 0, limit: 10 };
  const { transfers } = await until(
    () => desktop.ask<{ transfers: Transfer[] }>('transfers.list', list),
    ({ transfers: [first] }) => first?.state.kind === 'done' || first?.state.kind === 'failed',
  );
  expect(transfers[0]?.state.kind).toBe('done');
  return transfers[0] as Transfer;
}

test('the window opens on our page, sandboxed, and says what it can do', async ({ desktop }) => {
  expect(await desktop.page.title()).toContain('Sluice');
  expect(desktop.page.url()).toBe('sluice://app/');
  expect(await desktop.page.evaluate('window.origin')).toBe('sluice://app');
  const info = await desktop.ask<SystemInfo>('system.info');
  expect(info.capabilities).toMatchObject({ nativePicker: true, droppedPaths: true, openLocally: true });
  expect(info.dataFolder).toBe(desktop.data);
});

test('the page is under its policy', async ({ desktop }) => {
  const policy = await desktop.page.evaluate<string>(
    "fetch('./index.html').then((response) => response.headers.get('content-security-policy'))",
  );
  expect(policy).toContain("default-src 'none'");
  const inline = await desktop.page.evaluate(`new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
    const script = document.createElement('script');
    script.textContent = 'window.broken = true';
    document.head.append(script);
  })`);
  expect(inline).toBe('script-src-elem');
  expect(await desktop.page.evaluate('window.broken')).toBeUndefined();
});

test('the page has no Node, two functions of ours, and no way out', async ({ desktop }) => {
  const { page } = desktop;
  expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]')).toEqual(
    Array.from({ length: 4 }, () => 'undefined'),
  );
  expect(await page.evaluate('Object.keys(window.sluice).sort()')).toEqual([
    'connect',
    'registerDroppedFiles',
  ]);
  expect(await page.evaluate("window.open('https://example.com/') === null")).toBe(true);
  await page.evaluate("void (location.href = 'https://example.com/')");
  await pause(300);
  expect(page.url()).toBe('sluice://app/');
  expect(desktop.app.windows()).toHaveLength(1);
  const gone = await page.evaluate("fetch('./..%2f..%2fpackage.json').then(({ status }) => status)");
  expect(gone).toBe(404);
  const camera = await page.evaluate(
    'navigator.mediaDevices.getUserMedia({ video: true }).then(() => "given", (error) => error.name)',
  );
  expect(camera).not.toBe('given');
});

test('SQLite in the main process keeps what it was told to: WAL, synced', async ({ desktop }) => {
  const file = join(desktop.data, 'smoke.db');
  const found = await desktop.app.evaluate((_electron, path) => {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const open = () => {
      const database = new DatabaseSync(path);
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (n)');
      return database;
    };
    const first = open();
    first.exec('INSERT INTO t VALUES (7)');
    first.close();
    const second = open();
    const answer = {
      mode: second.prepare('PRAGMA journal_mode').get(),
      synchronous: second.prepare('PRAGMA synchronous').get(),
      row: second.prepare('SELECT n FROM t').get(),
    };
    second.close();
    return JSON.parse(JSON.stringify(answer)) as unknown;
  }, file);
  expect(found).toEqual({ mode: { journal_mode: 'wal' }, synchronous: { synchronous: 2 }, row: { n: 7 } });
});

test('the sample file goes all the way', async ({ desktop }) => {
  const { file } = await desktop.ask<{ file: unknown }>('system.sample');
  const transfer = await upload(desktop, file);
  const { id: runId } = await desktop.ask<Run>('runs.start', {
    transferId: transfer.id,
    recipe: { version: 1, name: 'Trim', target: null, steps: [{ kind: 'trim' }] },
    formats: ['csv'],
  });
  const session = { sessionId: transfer.sessionId };
  const runs = await until(
    () => desktop.ask<Run[]>('runs.list', session),
    (all) => ['done', 'failed'].includes(all.find(({ id }) => id === runId)?.state.kind ?? ''),
  );
  expect(runs.find(({ id }) => id === runId)?.state.kind).toBe('done');
  const outputs = await desktop.ask<Output[]>('outputs.list', session);
  expect(outputs[0]).toMatchObject({ runId, stored: true });

  const folder = await mkdtemp(join(tmpdir(), 'sluice-saved-'));
  await chooses(desktop, [folder]);
  const [chosen] = await desktop.ask<{ file: unknown }[]>('files.pick', { what: 'save-folder' });
  await desktop.ask('outputs.download', { id: outputs[0]?.id, folder: chosen?.file });
  const [name] = await readdir(folder);
  expect((await readFile(join(folder, name ?? ''))).length).toBe(outputs[0]?.size);
  await rm(folder, { recursive: true });
});

test('a file chosen in a dialog is read by the tables process', async ({ desktop }) => {
  const file = join(desktop.data, 'chosen häß.csv');
  await writeFile(file, 'name;amount\nAnna;1.234,50\nBert;2\n');
  await chooses(desktop, [file]);
  const [picked] = await desktop.ask<{ name: string; file: unknown }[]>('files.pick', { what: 'files' });
  expect(picked?.name).toBe('chosen häß.csv');
  const transfer = await upload(desktop, picked?.file);
  const preview = await desktop.ask<TablePreview>('tables.preview', { transferId: transfer.id });
  expect(preview.columns.map(({ name }) => name)).toEqual(['name', 'amount']);
  expect(preview.rows[0]).toEqual(['Anna', '1.234,50']);
});

test('a reload gives the page a new port, and the engine lives on', async ({ desktop }) => {
  await desktop.ask('system.setPreferences', { theme: 'dark' });
  await desktop.page.reload();
  await desktop.page.waitForLoadState('domcontentloaded');
  const dark = await desktop.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  expect(dark).toBe('dark');
  await expect.poll(() => desktop.page.evaluate('typeof window.sluice')).toBe('object');
});

test('quitting leaves no process and no lock', async () => {
  const data = await mkdtemp(join(tmpdir(), 'sluice-quit-'));
  const first = await openDesktop(data);
  const pids = await first.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  expect(pids.length).toBeGreaterThan(1);
  await first.app.close();
  const alive = () => pids.filter((pid) => isAlive(pid));
  await expect.poll(alive).toEqual([]);
  expect(existsSync(join(data, 'logs', 'sluice.log'))).toBe(true);
  // The same folder opens again at once.
  const second = await openDesktop(data);
  await second.ask('system.info');
  await second.app.close();
  await rm(data, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
