import { beforeEach, describe, expect, test } from 'vitest';
import { setupNavigation, setupPermissions } from '#internal/main/hosts/electron/security';
import { BrowserWindow, calls, resetDouble, SessionDouble } from '../../support/electron-double.ts';
import { memoryLog } from './support.ts';

beforeEach(resetDouble);

describe('permissions', () => {
  const session = new SessionDouble();
  setupPermissions(session as never);
  const request = (permission: string, url = 'sluice://app/') => {
    let decided: boolean | null = null;
    session.request?.(
      { getURL: () => url } as never,
      permission as never,
      (granted) => {
        decided = granted;
      },
      {} as never,
    );
    return decided;
  };

  test.each([
    'media',
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'storage-access',
    'idle-detection',
    'unknown',
  ])('%s is denied', (permission) => {
    expect(request(permission)).toBe(false);
    expect(session.check?.(null, permission as never, 'sluice://app/', {} as never)).toBe(false);
  });

  test('our page may copy text, and no other may', () => {
    expect(request('clipboard-sanitized-write')).toBe(true);
    expect(request('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(session.check?.(null, 'clipboard-sanitized-write', 'sluice://app/', {} as never)).toBe(true);
  });

  test('no device', () => {
    expect(session.device?.({} as never)).toBe(false);
  });

  test.each([
    ['blob:sluice://app/0b8e2c1e', true],
    ['blob:https://evil.example/0b8e2c1e', false],
    ['blob:sluice://app.evil.example/0b8e2c1e', false],
    ['data:text/html,hello', false],
    ['https://evil.example/a.exe', false],
    ['sluice://app/index.html', false],
  ])('only what our page wrote is saved: %s', (url, may) => {
    let prevented = false;
    const item = { getURL: () => url };
    session.emit('will-download', { preventDefault: () => (prevented = true) }, item);
    expect(prevented).toBe(!may);
  });
});

describe('navigation', () => {
  const navigate = (event: string, url: string) => {
    setupNavigation(memoryLog());
    const { webContents } = new BrowserWindow();
    let prevented = false;
    webContents.emit(event, { url, preventDefault: () => (prevented = true) });
    return prevented;
  };

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s stays on our page', (event) => {
    expect(navigate(event, 'sluice://app/index.html')).toBe(false);
    expect(navigate(event, 'https://evil.example/')).toBe(true);
    expect(navigate(event, 'file:///home/someone/dropped.html')).toBe(true);
    expect(navigate(event, 'sluice://app.evil.example/')).toBe(true);
  });

  test('no web page is embedded', () => {
    expect(navigate('will-attach-webview', '')).toBe(true);
  });

  test('no window opens; a known place opens in the browser of the system', () => {
    setupNavigation(memoryLog());
    const { webContents } = new BrowserWindow();
    const open = (url: string) => webContents.opener?.({ url } as never);
    expect(open('https://evil.example/')).toEqual({ action: 'deny' });
    expect(open('sluice://app/')).toEqual({ action: 'deny' });
    expect(calls('shell.openExternal')).toEqual([]);
    expect(open('https://docs.aws.amazon.com/AmazonS3/')).toEqual({ action: 'deny' });
    expect(calls('shell.openExternal')).toEqual([['https://docs.aws.amazon.com/AmazonS3/']]);
  });
});
