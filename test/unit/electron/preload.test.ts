import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SluiceBridge } from '#shared/contract';
import { calls, exposed, ipcRenderer, told } from '../../support/electron-double.ts';

const posted = vi.fn<(message: unknown, origin: string, ports: unknown[]) => void>();

beforeAll(async () => {
  vi.stubGlobal('window', { postMessage: posted });
  // Its own project checks its types, with a page's globals.
  const preload: string = '#internal/preload/preload';
  await import(preload);
});
beforeEach(() => told.clear());

const bridge = () => exposed.get('sluice') as SluiceBridge;

test('the page gets two functions and nothing else', () => {
  expect([...exposed.keys()]).toEqual(['sluice']);
  expect(Object.keys(bridge())).toEqual(['connect', 'registerDroppedFiles']);
});

test('a port that comes is handed to this page alone', () => {
  bridge().connect();
  expect(calls('ipcRenderer.send')).toEqual([['sluice:connect']]);
  const port = { name: 'port' };
  ipcRenderer.emit('sluice:port', { ports: [port] });
  expect(posted).toHaveBeenCalledExactlyOnceWith({ type: 'sluice:port' }, '/', [port]);
});

test('dropped files are told to main by their paths', async () => {
  await bridge().registerDroppedFiles([{ diskPath: '/data/a.csv' }, { made: 'by the page' }]);
  expect(calls('ipcRenderer.invoke')).toEqual([['sluice:dropped', ['/data/a.csv', '']]]);
});
