import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';

export const SMALLEST = { width: 720, height: 480 } as const;
const USUAL = { width: 1280, height: 832 } as const;

export interface WindowSettings {
  readonly platform: NodeJS.Platform;
  readonly preload: string;
  readonly dark: boolean;
  /** Where it was last time, already known to lie on a screen; null the first time. */
  readonly bounds: Rectangle | null;
  /** Tools for developers, in builds that are not packaged. */
  readonly devTools: boolean;
}

/** Every security default is said aloud, so that a test can hold it. */
export function windowOptions(settings: WindowSettings): BrowserWindowConstructorOptions {
  return {
    ...(settings.bounds ?? USUAL),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    // Shown when the first frame is drawn, on the page's own ground, so that nothing flashes.
    show: false,
    backgroundColor: settings.dark ? '#16181d' : '#ffffff',
    title: 'Sluice',
    // On macOS the menu is the system's; elsewhere it comes with Alt.
    ...(settings.platform === 'darwin' ? {} : { autoHideMenuBar: true }),
    webPreferences: {
      preload: settings.preload,
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
      devTools: settings.devTools,
    },
  };
}

/**
 * @param saved what was remembered, possibly of a screen that is gone
 * @param screens work areas of the screens there are
 * @returns bounds of which enough lies on a screen to be grasped; else null
 */
export function reachableBounds(saved: Rectangle | null, screens: readonly Rectangle[]): Rectangle | null {
  if (saved === null) return null;
  const reachable = screens.some((screen) => {
    const wide = Math.min(saved.x + saved.width, screen.x + screen.width) - Math.max(saved.x, screen.x);
    const below = saved.y - screen.y;
    return wide >= 100 && below >= 0 && below <= screen.height - 50;
  });
  if (!reachable) return null;
  return {
    ...saved,
    width: Math.max(saved.width, SMALLEST.width),
    height: Math.max(saved.height, SMALLEST.height),
  };
}
