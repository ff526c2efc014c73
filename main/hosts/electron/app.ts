import { app, dialog, session } from 'electron';
import type { AnyRouter } from '@orpc/server';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Ports } from '#main/ports';
import { toSluiceError } from '#shared/errors';
import { createCarrierServer, openLog, systemClock, type FileLog } from '../shared/index.ts';
import { setupCarrier } from './carrier.ts';
import { setupDrops } from './drops.ts';
import { createHandles } from './handles.ts';
import { layout } from './layout.ts';
import { setupMenu } from './menu.ts';
import { setupNetwork } from './network.ts';
import { setupNotifier } from './notifier.ts';
import { setupOpener } from './opener.ts';
import { setupPicker } from './picker.ts';
import { setupPower } from './power.ts';
import { registerScheme, setupProtocol } from './protocol.ts';
import { setupQuit } from './quit.ts';
import { setupSecrets, whyNoSecrets } from './secrets.ts';
import { setupNavigation, setupPermissions } from './security.ts';
import { setupSettings } from './settings.ts';
import { setupTablesLauncher } from './tables-launcher.ts';
import { setupWindow } from './window.ts';

/** What the host needs of the engine. */
export interface HostedEngine {
  readonly router: AnyRouter;
  close(): Promise<void>;
}

export type CreateEngine = (
  ports: Ports,
  options: { readonly dataFolder: string; readonly version: string; readonly appPath: string },
) => Promise<HostedEngine>;

/** Starts the desktop app, in order; resolves when its window was asked for, or a first Sluice was told to show its own. */
export async function startApp(createEngine: CreateEngine): Promise<void> {
  // Until the app is ready.
  const dataFolder = chooseDataFolder(process.argv);
  useFolder('userData', dataFolder);
  useFolder('sessionData', join(dataFolder, 'browser'));
  app.enableSandbox();
  registerScheme();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const log = openLog(join(dataFolder, 'logs'));
  logWhatNobodyCaught(log);
  setupNavigation(log);
  await app.whenReady();

  const places = layout(app.getAppPath());
  setupMenu(!app.isPackaged);
  setupPermissions(session.defaultSession);
  await setupProtocol(places.page);
  const settings = setupSettings(dataFolder, log);
  const window = setupWindow({ preload: places.preload, memory: settings.windowMemory, log });
  const page = () => window.current()?.webContents ?? null;
  const handles = createHandles(
    [app.getAppPath(), app.getPath('downloads'), settings.preferences.get().downloadFolder].filter(
      (folder) => folder !== null,
    ),
  );
  setupDrops(page, handles);

  // The window opens while the engine starts; what the page asks meanwhile waits in its port.
  const engine = createEngine(
    {
      clock: systemClock,
      power: setupPower(),
      network: setupNetwork(),
      notifier: setupNotifier(window),
      secrets: setupSecrets(dataFolder, log),
      picker: setupPicker(() => window.current(), handles),
      opener: setupOpener(),
      log,
      preferences: settings.preferences,
      launchTables: setupTablesLauncher(places.tablesProcess),
      capabilities: {
        nativePicker: true,
        hostPaths: false,
        droppedPaths: true,
        openLocally: true,
        keepsSecrets: (await whyNoSecrets()) === null,
      },
    },
    { dataFolder, version: app.getVersion(), appPath: app.getAppPath() },
  );
  setupCarrier({ page, server: engine.then(({ router }) => createCarrierServer(router)), log });
  setupQuit(async () => {
    await engine.then((started) => started.close());
    log.close();
  }, log);
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  window.show();
  await engine.catch((error: unknown) => giveUp(error, log));
}

/** @returns the folder of `--data`, made absolute, else the system's place for this app */
export function chooseDataFolder(argv: readonly string[]): string {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { data: { type: 'string' } },
    strict: false,
  });
  return typeof values.data === 'string' ? resolve(values.data) : app.getPath('userData');
}

/** Electron takes only a folder that is there. */
function useFolder(name: 'userData' | 'sessionData', folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath(name, folder);
}

/** Nothing is left to do but to say why. */
function giveUp(error: unknown, log: FileLog): void {
  const { message, hint } = toSluiceError(error);
  log.error('Sluice had to stop', error);
  dialog.showErrorBox(message, hint);
  app.exit(1);
}

/**
 * After an exception nobody caught, nothing in this process can be trusted: it ends, and the next start recovers. A
 * rejection left no work half done that its own owner will not report.
 */
function logWhatNobodyCaught(log: FileLog): void {
  process.on('unhandledRejection', (error) => log.error('nobody caught a rejection', error));
  process.on('uncaughtException', (error) => giveUp(error, log));
}
