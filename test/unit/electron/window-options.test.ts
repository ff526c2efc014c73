import { describe, expect, test } from 'vitest';
import { reachableBounds, SMALLEST, windowOptions } from '#internal/main/hosts/electron/window-options';

const settings = { preload: '/app/preload.cjs', dark: false, bounds: null, devTools: false } as const;
const PLATFORMS = ['linux', 'darwin', 'win32'] as const;

describe.each(PLATFORMS)('on %s', (platform) => {
  const options = windowOptions({ ...settings, platform });

  test('the page is shut in', () => {
    expect(options.webPreferences).toEqual({
      preload: '/app/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  test('nothing flashes', () => {
    expect(options.show).toBe(false);
    expect(options.backgroundColor).toBe('#ffffff');
    expect(windowOptions({ ...settings, platform, dark: true }).backgroundColor).toBe('#16181d');
  });

  test('the menu is where this system has it', () => {
    expect(options.autoHideMenuBar).toBe(platform === 'darwin' ? undefined : true);
  });

  test('it comes back where it was', () => {
    const bounds = { x: 5, y: 6, width: 900, height: 600 };
    expect(windowOptions({ ...settings, platform, bounds })).toMatchObject(bounds);
  });
});

describe('remembered bounds', () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ];

  test('are kept on any screen there is', () => {
    const saved = { x: 2000, y: 100, width: 900, height: 600 };
    expect(reachableBounds(saved, screens)).toEqual(saved);
  });

  test.each([
    ['a screen that is gone', { x: 4000, y: 100, width: 900, height: 600 }],
    ['a title bar above the screen', { x: 100, y: -400, width: 900, height: 600 }],
    ['a title bar below the screen', { x: 100, y: 1060, width: 900, height: 600 }],
    ['a sliver', { x: -850, y: 100, width: 900, height: 600 }],
  ])('are forgotten for %s', (_name, saved) => {
    expect(reachableBounds(saved, screens)).toBeNull();
  });

  test('are never too small to use', () => {
    expect(reachableBounds({ x: 0, y: 0, width: 300, height: 10 }, screens)).toMatchObject(SMALLEST);
  });

  test('are nothing the first time', () => {
    expect(reachableBounds(null, screens)).toBeNull();
  });
});
