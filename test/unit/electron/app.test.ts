import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseDataFolder, startApp, type CreateEngine } from '#internal/main/hosts/electron/app';
import type { Ports } from '#main/ports';
import { sluiceError } from '#shared/errors';
import { createProbe, type probe } from '../../contract/probe.ts';
import {
  app,
  calls,
  ipcMain,
  type MessagePortMain,
  play,
  resetDouble,
  windows,
} from '../../support/electron-double.ts';
import { temporaryFolder } from './support.ts';

const argv = process.argv;
beforeEach(resetDouble);
afterEach(() => {
  process.argv = argv;
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
});

/** An app that was built, and a folder for its data. */
async function installed() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'app', 'out', 'renderer'), { recursive: true });
  await writeFile(join(folder, 'app', 'out', 'renderer', 'index.html'), '<!doctype html>');
  play.appPath = join(folder, 'app');
  const data = join(folder, 'data');
  process.argv = ['electron', '.', `--data=${data}`];
  return { data };
}

function fakeEngine() {
  const made: { ports: Ports; options: { dataFolder: string; version: string } }[] = [];
  const close = vi.fn<() => Promise<void>>(async () => undefined);
  const { router, seen } = createProbe();
  const createEngine: CreateEngine = async (ports, options) => {
    made.push({ ports, options });
    return { router, close };
  };
  return { createEngine, made, close, seen };
}

/** Asks for a port as the preload does, and speaks through it as the page does. */
function pageClient() {
  const window = windows[0];
  ipcMain.emit('sluice:connect', { sender: window?.webContents, senderFrame: window?.webContents.mainFrame });
  const [channel, , ports] = calls('frame.postMessage').at(-1) as [string, null, MessagePortMain[]];
  const port = ports[0]?.inner;
  if (channel !== 'sluice:port' || port === undefined) throw new Error('no port came');
  const client = createORPCClient(new RPCLink({ port: port as never }));
  port.start();
  return { client: client as unknown as ContractRouterClient<typeof probe>, close: () => port.close() };
}

test('it starts in order, and the page reaches the engine', async () => {
  const { data } = await installed();
  const engine = fakeEngine();
  await startApp(engine.createEngine);
  expect(app.getPath('userData')).toBe(data);
  expect(calls('app.enableSandbox')).toHaveLength(1);
  expect(windows).toHaveLength(1);
  expect(windows[0]?.options.webPreferences).toMatchObject({
    sandbox: true,
    preload: join(play.appPath, 'out', 'preload', 'preload.cjs'),
  });
  expect(calls('window.loadURL')).toEqual([['sluice://app/']]);
  expect(engine.made[0]?.options).toMatchObject({ dataFolder: data, version: '1.2.3' });
  expect(engine.made[0]?.ports.capabilities).toEqual({
    nativePicker: true,
    hostPaths: false,
    droppedPaths: true,
    openLocally: true,
    keepsSecrets: true,
  });

  const { client, close } = pageClient();
  await expect(client.plain.echo({ text: 'hello' })).resolves.toEqual({ text: 'hello' });
  const stream = await client.streams.quiet();
  await stream.next();
  const next = stream.next();
  next.catch(() => undefined);
  close();
  await vi.waitFor(() => expect(engine.seen.ended).toBe(1));
  await expect(next).rejects.toThrow();
});

test('the window is shown when its first frame is ready', async () => {
  await installed();
  await startApp(fakeEngine().createEngine);
  expect(calls('window.show')).toEqual([]);
  windows[0]?.emit('ready-to-show');
  expect(calls('window.show')).toHaveLength(1);
});

test('a stranger gets no port', async () => {
  await installed();
  await startApp(fakeEngine().createEngine);
  const window = windows[0];
  ipcMain.emit('sluice:connect', { sender: window?.webContents, senderFrame: null });
  ipcMain.emit('sluice:connect', { sender: {}, senderFrame: window?.webContents.mainFrame });
  expect(calls('frame.postMessage')).toEqual([]);
});

test('what the page asks before the engine is ready is answered when it is', async () => {
  await installed();
  const engine = fakeEngine();
  const ready = Promise.withResolvers<void>();
  const started = startApp(async (ports, options) => {
    await ready.promise;
    return engine.createEngine(ports, options);
  });
  await vi.waitFor(() => expect(windows).toHaveLength(1));
  const { client, close } = pageClient();
  const answer = client.plain.echo({ text: 'early' });
  ready.resolve();
  await started;
  await expect(answer).resolves.toEqual({ text: 'early' });
  close();
});

test('a second Sluice on the same folder shows the first and ends', async () => {
  await installed();
  const engine = fakeEngine();
  await startApp(engine.createEngine);
  windows[0]?.emit('ready-to-show');
  app.emit('second-instance');
  expect(calls('window.focus')).toHaveLength(1);

  play.firstInstance = false;
  await startApp(engine.createEngine);
  expect(calls('app.quit')).toHaveLength(1);
  expect(windows).toHaveLength(1);
  expect(engine.made).toHaveLength(1);
});

test('quitting closes the engine first, once, and then ends', async () => {
  await installed();
  const engine = fakeEngine();
  const closed = Promise.withResolvers<void>();
  engine.close.mockReturnValue(closed.promise);
  await startApp(engine.createEngine);
  app.quit();
  app.quit();
  expect(calls('app.quitted')).toEqual([]);
  closed.resolve();
  await vi.waitFor(() => expect(calls('app.quitted')).toHaveLength(1));
  expect(engine.close).toHaveBeenCalledTimes(1);
});

test('an engine that does not close keeps nobody', async () => {
  await installed();
  const engine = fakeEngine();
  engine.close.mockReturnValue(Promise.withResolvers<void>().promise);
  await startApp(engine.createEngine);
  vi.useFakeTimers();
  try {
    app.quit();
    await vi.advanceTimersByTimeAsync(8000);
    expect(calls('app.quitted')).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('an engine that does not start is explained, and the app ends', async () => {
  const { data } = await installed();
  await startApp(async () => {
    throw sluiceError('DATA_FOLDER_BUSY', { folder: data, owner: 'process 7' });
  });
  expect(calls('dialog.showErrorBox')).toEqual([
    [`Another Sluice (process 7) is using ${data}.`, expect.stringContaining('--data')],
  ]);
  expect(calls('app.exit')).toEqual([[1]]);
  expect(await readFile(join(data, 'logs', 'sluice.log'), 'utf8')).toContain('DATA_FOLDER_BUSY');
});

test('a page that crashed is loaded again, but not in a circle', async () => {
  await installed();
  await startApp(fakeEngine().createEngine);
  const contents = windows[0]?.webContents;
  contents?.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
  contents?.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
  expect(calls('contents.reload')).toHaveLength(1);
});

test('the size of the window is remembered', async () => {
  await installed();
  await startApp(fakeEngine().createEngine);
  const window = windows[0];
  if (window === undefined) throw new Error('no window');
  window.bounds = { x: 11, y: 22, width: 1111, height: 777 };
  window.emit('close');
  window.emit('closed');
  app.emit('activate');
  expect(windows[1]?.options).toMatchObject(window.bounds);
});

test('the folder for data can be named, also relative to where one is', () => {
  expect(chooseDataFolder(['electron', '.', '--data', 'here'])).toBe(resolve('here'));
  expect(chooseDataFolder(['/opt/sluice', '--data=/x', '--no-sandbox', '--inspect=0'])).toBe(resolve('/x'));
  expect(chooseDataFolder(['/opt/sluice', '--no-sandbox'])).toBe(app.getPath('userData'));
});
