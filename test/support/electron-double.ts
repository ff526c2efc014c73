/**
 * Electron's API as far as Sluice touches it, without Electron: tests of the desktop host run anywhere. Each part
 * satisfies Electron's own types, so that the double cannot promise what Electron does not. It keeps what it was told
 * in `told`, and does what `play` says.
 */
import type * as Electron from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

type Args = readonly unknown[];

function freshPlay() {
  return {
    firstInstance: true,
    packaged: false,
    appPath: tmpdir(),
    dark: false,
    online: true,
    focused: false,
    openDialog: { canceled: true, filePaths: [] as string[] },
    openPathRefusal: '',
    keyring: 'gnome_libsecret' as ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>,
    encryption: true,
    keychainLocked: false,
    shouldReEncrypt: false,
    displays: [{ x: 0, y: 0, width: 1920, height: 1080 }],
  };
}

/** What the double answers. */
export const play = freshPlay();

/** Calls it received, by name, oldest first. */
export const told = new Map<string, Args[]>();

export function calls(name: string): readonly Args[] {
  return told.get(name) ?? [];
}

function tell(name: string, ...args: Args): void {
  const list = told.get(name);
  if (list === undefined) told.set(name, [args]);
  else list.push(args);
}

/** A clean desktop, before each test. */
export function resetDouble(): void {
  Object.assign(play, freshPlay());
  told.clear();
  for (const emitter of [app, ipcMain, ipcRenderer, powerMonitor]) emitter.removeAllListeners();
  handlers.clear();
  paths.clear();
  windows.splice(0);
  notifications.splice(0);
  children.splice(0);
  nativeTheme.themeSource = 'system';
}

const paths = new Map<string, string>();

export const app = Object.assign(new EventEmitter(), {
  get isPackaged() {
    return play.packaged;
  },
  enableSandbox: () => tell('app.enableSandbox'),
  requestSingleInstanceLock: () => play.firstInstance,
  whenReady: async () => tell('app.whenReady'),
  getAppPath: () => play.appPath,
  getVersion: () => '1.2.3',
  getPath: (name: string) => paths.get(name) ?? `${tmpdir()}/double-${name}`,
  setPath(name: string, path: string) {
    if (!existsSync(path)) throw new Error(`${path} does not exist`);
    tell('app.setPath', name, path);
    paths.set(name, path);
  },
  quit() {
    tell('app.quit');
    const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
    app.emit('before-quit', event);
    if (!event.defaultPrevented) tell('app.quitted');
  },
  exit: (code?: number) => tell('app.exit', code),
}) satisfies Pick<
  Electron.App,
  | 'enableSandbox'
  | 'requestSingleInstanceLock'
  | 'whenReady'
  | 'getAppPath'
  | 'getVersion'
  | 'getPath'
  | 'setPath'
  | 'quit'
  | 'exit'
  | 'isPackaged'
>;

export const windows: BrowserWindow[] = [];

/** The contents of a window: what host code listens to, and what a test sends. */
export class WebContentsDouble extends EventEmitter {
  url = '';
  opener: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  readonly mainFrame = { url: '', postMessage: (...args: Args) => tell('frame.postMessage', ...args) };
  getURL = () => this.url;
  reload = () => tell('contents.reload');
  setWindowOpenHandler = (handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]) => {
    this.opener = handler;
  };
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContentsDouble();
  bounds: Electron.Rectangle = { x: 10, y: 20, width: 1000, height: 700 };
  minimized = false;
  readonly options: Electron.BrowserWindowConstructorOptions;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string) {
    this.webContents.url = url;
    this.webContents.mainFrame.url = url;
    tell('window.loadURL', url);
  }
  show = () => tell('window.show');
  focus = () => tell('window.focus');
  restore = () => tell('window.restore');
  isMinimized = () => this.minimized;
  isFocused = () => play.focused;
  isDestroyed = () => false;
  getNormalBounds = () => this.bounds;
}

export const nativeTheme = {
  themeSource: 'system' as 'system' | 'light' | 'dark',
  get shouldUseDarkColors() {
    return play.dark;
  },
} satisfies Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'>;

export const screen = {
  getAllDisplays: () => play.displays.map((workArea) => ({ workArea }) as Electron.Display),
} satisfies Pick<Electron.Screen, 'getAllDisplays'>;

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => tell('protocol.registerSchemesAsPrivileged', schemes),
  handle: (scheme, handler) => tell('protocol.handle', scheme, handler),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

export const shell = {
  async openPath(path) {
    tell('shell.openPath', path);
    return play.openPathRefusal;
  },
  showItemInFolder: (path) => tell('shell.showItemInFolder', path),
  openExternal: async (url) => tell('shell.openExternal', url),
} satisfies Pick<Electron.Shell, 'openPath' | 'showItemInFolder' | 'openExternal'>;

type InvokeHandler = Parameters<Electron.IpcMain['handle']>[1];
const handlers = new Map<string, InvokeHandler>();

export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: InvokeHandler) => void handlers.set(channel, handler),
}) satisfies Pick<Electron.IpcMain, 'handle'>;

/** What a call from a page would do; arguments and answer are cloned as on their real way. */
export async function invoke(channel: string, event: unknown, ...args: Args): Promise<unknown> {
  const handler = handlers.get(channel);
  if (handler === undefined) throw new Error(`nobody handles ${channel}`);
  const answer: unknown = await handler(event as never, ...structuredClone([...args]));
  return structuredClone(answer);
}

/** A port of the main process over Node's own, with its real structured clone. */
export class MessagePortMain extends EventEmitter {
  readonly inner: MessagePort;
  constructor(inner: MessagePort) {
    super();
    this.inner = inner;
    inner.on('close', () => this.emit('close'));
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
  postMessage = (message: unknown) => this.inner.postMessage(message);
  start = () => void this.inner.on('message', (data) => this.emit('message', { data, ports: [] }));
  close = () => this.inner.close();
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}

export const dialog = {
  async showOpenDialog(...args: Args) {
    tell('dialog.showOpenDialog', ...args);
    return { ...play.openDialog };
  },
  showErrorBox: (title: string, content: string) => tell('dialog.showErrorBox', title, content),
} satisfies Pick<Electron.Dialog, 'showOpenDialog' | 'showErrorBox'>;

export const powerMonitor = new EventEmitter();

export const powerSaveBlocker = {
  start(type) {
    tell('powerSaveBlocker.start', type);
    return calls('powerSaveBlocker.start').length;
  },
  stop(id) {
    tell('powerSaveBlocker.stop', id);
    return true;
  },
} satisfies Pick<Electron.PowerSaveBlocker, 'start' | 'stop'>;

export const net = { isOnline: () => play.online } satisfies Pick<Electron.Net, 'isOnline'>;

export const notifications: Notification[] = [];

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly options: Electron.NotificationConstructorOptions;
  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
    notifications.push(this);
  }
  show = () => tell('notification.show', this.options.title);
}

export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) =>
    ({ template }) as unknown as Electron.Menu,
  setApplicationMenu: (menu: Electron.Menu | null) => tell('Menu.setApplicationMenu', menu),
} satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>;

export const children: UtilityProcessDouble[] = [];

export class UtilityProcessDouble extends EventEmitter {
  pid: number | undefined = undefined;
  postMessage = (message: unknown) => tell('child.postMessage', message);
  kill = () => {
    tell('child.kill');
    return true;
  };
}

export const utilityProcess = {
  fork(modulePath, args, options) {
    tell('utilityProcess.fork', modulePath, args, options);
    const child = new UtilityProcessDouble();
    children.push(child);
    return child as unknown as Electron.UtilityProcess;
  },
} satisfies Pick<typeof Electron.utilityProcess, 'fork'>;

const locked = () => {
  if (play.keychainLocked) throw new Error('the keychain is locked');
};
/** Reversible, and not the text itself: enough to see that it was used. */
const scramble = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));

export const safeStorage = {
  getSelectedStorageBackend: () => play.keyring,
  isAsyncEncryptionAvailable: async () => play.encryption,
  async encryptStringAsync(text) {
    locked();
    tell('safeStorage.encryptStringAsync');
    return scramble(Buffer.from(text));
  },
  async decryptStringAsync(blob) {
    locked();
    return { result: scramble(blob).toString(), shouldReEncrypt: play.shouldReEncrypt };
  },
} satisfies Pick<
  Electron.SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export class SessionDouble extends EventEmitter {
  request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
  setPermissionRequestHandler: Electron.Session['setPermissionRequestHandler'] = (handler) => {
    this.request = handler;
  };
  setPermissionCheckHandler: Electron.Session['setPermissionCheckHandler'] = (handler) => {
    this.check = handler;
  };
  setDevicePermissionHandler: Electron.Session['setDevicePermissionHandler'] = (handler) => {
    this.device = handler;
  };
}

export const session = { defaultSession: new SessionDouble() };

// ---- what a sandboxed preload has

export const exposed = new Map<string, unknown>();

export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown) => void exposed.set(name, api),
} satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>;

export const ipcRenderer = Object.assign(new EventEmitter(), {
  send: (channel: string, ...args: Args) => tell('ipcRenderer.send', channel, ...args),
  async invoke(channel: string, ...args: Args): Promise<unknown> {
    tell('ipcRenderer.invoke', channel, ...args);
    return [];
  },
}) satisfies Pick<Electron.IpcRenderer, 'send' | 'invoke'>;

export const webUtils = {
  getPathForFile: (file) => (file as unknown as { diskPath?: string }).diskPath ?? '',
} satisfies Pick<Electron.WebUtils, 'getPathForFile'>;

/** How packages that still import the whole of it see it. */
export default { app, ipcMain, shell };
