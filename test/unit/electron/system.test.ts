import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHandles } from '#internal/main/hosts/electron/handles';
import { menuTemplate } from '#internal/main/hosts/electron/menu';
import { setupNetwork } from '#internal/main/hosts/electron/network';
import { setupNotifier } from '#internal/main/hosts/electron/notifier';
import { setupOpener } from '#internal/main/hosts/electron/opener';
import { dialogOptions, setupPicker } from '#internal/main/hosts/electron/picker';
import { setupPower } from '#internal/main/hosts/electron/power';
import { calls, notifications, play, powerMonitor, resetDouble } from '../../support/electron-double.ts';
import { temporaryFolder } from './support.ts';

beforeEach(resetDouble);
afterEach(() => vi.useRealTimers());

describe('dialogs', () => {
  test.each([
    ['files', ['openFile', 'multiSelections']],
    ['folder', ['openDirectory']],
    ['save-folder', ['openDirectory', 'createDirectory']],
    ['csv-file', ['openFile']],
  ] as const)('%s asks for the right thing', (what, properties) => {
    expect(dialogOptions(what).properties).toEqual(expect.arrayContaining([...properties]));
  });

  test('what was chosen comes with handles, names and paths', async () => {
    const paths = [join(process.cwd(), 'a.csv'), join(process.cwd(), 'b c.csv')];
    play.openDialog = { canceled: false, filePaths: paths };
    const picker = setupPicker(() => null, createHandles([]));
    const picked = await picker.pick('files');
    expect(picked.map(({ name, path }) => [name, path])).toEqual([
      ['a.csv', paths[0]],
      ['b c.csv', paths[1]],
    ]);
    expect(picked.map(({ file }) => picker.resolve(file))).toEqual(paths);
  });

  test('belong to the window', async () => {
    const window = { name: 'the window' };
    await setupPicker(() => window as never, createHandles([])).pick('folder');
    expect(calls('dialog.showOpenDialog')[0]?.[0]).toBe(window);
  });

  test('a dismissed one gives nothing', async () => {
    await expect(setupPicker(() => null, createHandles([])).pick('files')).resolves.toEqual([]);
  });
});

describe('power', () => {
  test('the machine stays awake exactly while somebody needs it', () => {
    const power = setupPower();
    const release = [power.keepAwake('upload'), power.keepAwake('run')];
    expect(calls('powerSaveBlocker.start')).toEqual([['prevent-app-suspension']]);
    release[0]?.();
    release[0]?.();
    expect(calls('powerSaveBlocker.stop')).toEqual([]);
    release[1]?.();
    expect(calls('powerSaveBlocker.stop')).toEqual([[1]]);
    power.keepAwake('again')();
    expect(calls('powerSaveBlocker.stop')).toEqual([[1], [2]]);
  });

  test('waking up is told until nobody asks', () => {
    const woke = vi.fn<() => void>();
    const stop = setupPower().onWake(woke);
    powerMonitor.emit('resume');
    stop();
    powerMonitor.emit('resume');
    expect(woke).toHaveBeenCalledTimes(1);
  });
});

test('coming online is told once, and only while somebody listens', () => {
  vi.useFakeTimers();
  play.online = false;
  const network = setupNetwork();
  const online = vi.fn<() => void>();
  const stop = network.onOnline(online);
  vi.advanceTimersByTime(10_000);
  expect(online).not.toHaveBeenCalled();
  play.online = true;
  vi.advanceTimersByTime(10_000);
  expect(online).toHaveBeenCalledTimes(1);
  expect(network.online()).toBe(true);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

describe('notifications', () => {
  const window = { show: vi.fn<() => void>(), current: () => ({ isFocused: () => play.focused }) as never };

  test('come when the person is elsewhere, and bring the window', () => {
    setupNotifier(window).notify('Uploaded', 'a.csv', null);
    expect(calls('notification.show')).toEqual([['Uploaded']]);
    notifications[0]?.emit('click');
    expect(window.show).toHaveBeenCalledTimes(1);
  });

  test('do not repeat what is on the screen', () => {
    play.focused = true;
    setupNotifier(window).notify('Uploaded', 'a.csv', null);
    expect(calls('notification.show')).toEqual([]);
  });
});

describe('opening', () => {
  test('a file that is there is opened and shown', async () => {
    const file = join(await temporaryFolder(), 'a b 😀.csv');
    await writeFile(file, 'a\n');
    await setupOpener().open(file);
    await setupOpener().reveal(file);
    expect(calls('shell.openPath')).toEqual([[file]]);
    expect(calls('shell.showItemInFolder')).toEqual([[file]]);
  });

  test.each([['/tmp/a.csv\0.exe'], ['relative/a.csv'], ['']])('%j never reaches the system', async (path) => {
    await expect(setupOpener().open(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(setupOpener().reveal(path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(calls('shell.openPath')).toEqual([]);
    expect(calls('shell.showItemInFolder')).toEqual([]);
  });

  test('what is gone, or has no program, is said', async () => {
    const folder = await temporaryFolder();
    await expect(setupOpener().open(join(folder, 'gone.csv'))).rejects.toMatchObject({
      code: 'SOURCE_MISSING',
    });
    await mkdir(join(folder, 'there'));
    play.openPathRefusal = 'no application is registered';
    await expect(setupOpener().open(join(folder, 'there'))).rejects.toMatchObject({ code: 'FILE_ERROR' });
  });
});

describe('the menu', () => {
  const roles = (platform: NodeJS.Platform, developer = false) =>
    JSON.stringify(menuTemplate(platform, developer));

  test('has what each system expects', () => {
    expect(roles('darwin')).toContain('"appMenu"');
    expect(roles('darwin')).not.toContain('"quit"');
    for (const platform of ['linux', 'win32'] as const) {
      expect(roles(platform)).not.toContain('"appMenu"');
      expect(roles(platform)).toContain('"quit"');
    }
  });

  test('shows developer tools to developers only', () => {
    expect(roles('linux')).not.toContain('toggleDevTools');
    expect(roles('linux', true)).toContain('toggleDevTools');
  });
});
