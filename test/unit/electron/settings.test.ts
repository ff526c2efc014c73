import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { setupSettings } from '#internal/main/hosts/electron/settings';
import { DEFAULT_PREFERENCES, openLog, redact } from '#internal/main/hosts/shared/index';
import { nativeTheme, resetDouble } from '../../support/electron-double.ts';
import { memoryLog, temporaryFolder } from './support.ts';

beforeEach(resetDouble);

test('preferences and the window are remembered, in one file', async () => {
  const folder = await temporaryFolder();
  const first = setupSettings(folder, memoryLog());
  expect(first.preferences.get()).toEqual(DEFAULT_PREFERENCES);
  expect(first.windowMemory.load()).toBeNull();
  first.preferences.set({ theme: 'dark' });
  first.windowMemory.save({ x: 1, y: 2, width: 800, height: 600 });
  first.preferences.set({ browseFolder: '/data' });

  const second = setupSettings(folder, memoryLog());
  expect(second.preferences.get()).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', browseFolder: '/data' });
  expect(second.windowMemory.load()).toEqual({ x: 1, y: 2, width: 800, height: 600 });
  expect(JSON.parse(await readFile(join(folder, 'preferences.json'), 'utf8'))).toMatchObject({
    theme: 'dark',
  });
});

test('the theme of the system follows', async () => {
  const folder = await temporaryFolder();
  setupSettings(folder, memoryLog()).preferences.set({ theme: 'light' });
  expect(nativeTheme.themeSource).toBe('light');
  nativeTheme.themeSource = 'system';
  setupSettings(folder, memoryLog());
  expect(nativeTheme.themeSource).toBe('light');
});

test.each([
  ['cut off', '{"theme":"dark","downl'],
  ['empty', ''],
  ['zeros', '\0\0\0\0'],
  ['another thing', '[1,2,3]'],
  ['nothing', 'null'],
])('a file that is %s gives the defaults, and works again', async (_name, content) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'preferences.json'), content);
  const { preferences, windowMemory } = setupSettings(folder, memoryLog());
  expect(preferences.get()).toEqual(DEFAULT_PREFERENCES);
  expect(windowMemory.load()).toBeNull();
  preferences.set({ theme: 'dark' });
  expect(setupSettings(folder, memoryLog()).preferences.get().theme).toBe('dark');
});

test('one value that does not fit costs only itself', async () => {
  const folder = await temporaryFolder();
  const stored = { theme: 'pink', downloadFolder: '/data', window: { x: 'left' } };
  await writeFile(join(folder, 'preferences.json'), JSON.stringify(stored));
  const { preferences, windowMemory } = setupSettings(folder, memoryLog());
  expect(preferences.get()).toEqual({ ...DEFAULT_PREFERENCES, downloadFolder: '/data' });
  expect(windowMemory.load()).toBeNull();
});

test('a file that cannot be used costs only what is remembered', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'preferences.json'));
  const log = memoryLog();
  const { preferences } = setupSettings(folder, log);
  expect(preferences.set({ theme: 'dark' }).theme).toBe('dark');
  expect(preferences.get().theme).toBe('dark');
  expect(log.errors.length).toBeGreaterThan(0);
});

test('the log says what went wrong and why, without what gives access', async () => {
  const folder = join(await temporaryFolder(), 'logs');
  const log = openLog(folder);
  const cause = new TypeError('https://b.example/k?X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=abc123&x=1');
  log.error('a part failed', new Error('gone', { cause }));
  log.info('started', { version: '1' });
  log.close();
  log.info('after the end');
  const lines = (await readFile(log.file, 'utf8')).trim().split('\n');
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(2);
  expect(first).toMatchObject({ level: 'error', message: 'a part failed', error: { message: 'gone' } });
  expect(JSON.stringify(first)).not.toMatch(/AKIA|abc123/);
  expect(second).toMatchObject({ level: 'info', version: '1' });
});

test('a large log is set aside', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'sluice.log'), Buffer.alloc(5_000_001));
  openLog(folder).close();
  expect(await readFile(join(folder, 'sluice.log'), 'utf8')).toBe('');
  expect((await readFile(join(folder, 'sluice.log.1'))).length).toBe(5_000_001);
});

test('addresses lose their signature and keep the rest', () => {
  expect(redact('GET https://h/k?partNumber=1&X-Amz-Security-Token=abc%2F&uploadId=u')).toBe(
    'GET https://h/k?partNumber=1&X-Amz-Security-Token=[removed]&uploadId=u',
  );
});
