import { app, BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import type { Log } from '#main/ports';
import { PAGE_URL } from './origin.ts';
import { reachableBounds, windowOptions } from './window-options.ts';

export interface WindowMemory {
  load(): Rectangle | null;
  save(bounds: Rectangle): void;
}

export interface MainWindow {
  /** Opens it, or brings it to the front. */
  show(): void;
  /** The window, while there is one. */
  current(): BrowserWindow | null;
}

/** The page may crash; the engine lives on, so the page is loaded again, but not in a circle. */
const RELOAD_PAUSE_MS = 10_000;

export function setupWindow(deps: {
  readonly preload: string;
  readonly memory: WindowMemory;
  readonly log: Log;
}): MainWindow {
  let window: BrowserWindow | null = null;

  function open(): BrowserWindow {
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const opened = new BrowserWindow(
      windowOptions({
        platform: process.platform,
        preload: deps.preload,
        dark: nativeTheme.shouldUseDarkColors,
        bounds: reachableBounds(deps.memory.load(), screens),
        devTools: !app.isPackaged,
      }),
    );
    opened.once('ready-to-show', () => opened.show());
    opened.on('close', () => deps.memory.save(opened.getNormalBounds()));
    opened.on('closed', () => {
      window = null;
    });
    reloadAfterCrash(opened, deps.log);
    opened.loadURL(PAGE_URL).catch((error: unknown) => {
      // Shown all the same: an empty window that can be closed is better than none.
      deps.log.error('the page did not load', error);
      if (!opened.isDestroyed()) opened.show();
    });
    return opened;
  }

  return {
    show() {
      if (window === null) {
        window = open();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
  };
}

function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, details) => {
    log.error('the page is gone', new Error(`${details.reason} (${details.exitCode})`));
    if (details.reason === 'clean-exit' || Date.now() - last < RELOAD_PAUSE_MS) return;
    last = Date.now();
    if (!window.isDestroyed()) window.webContents.reload();
  });
}
