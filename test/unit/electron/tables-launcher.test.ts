import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { setupTablesLauncher } from '#internal/main/hosts/electron/tables-launcher';
import { calls, children, resetDouble } from '../../support/electron-double.ts';

beforeEach(resetDouble);

function launch() {
  const channel = setupTablesLauncher('/app/tables-process.js')();
  const child = children[0];
  if (child === undefined) throw new Error('no process was started');
  return { channel, child };
}

test('messages go both ways', () => {
  const { channel, child } = launch();
  expect(calls('utilityProcess.fork')[0]?.[0]).toBe('/app/tables-process.js');
  const heard = vi.fn<(message: unknown) => void>();
  channel.onMessage(heard);
  channel.send({ ask: 1 });
  child.emit('message', { answer: 2 });
  expect(calls('child.postMessage')).toEqual([[{ ask: 1 }]]);
  expect(heard).toHaveBeenCalledExactlyOnceWith({ answer: 2 });
});

test('its end is told, also to those who ask late, and nothing is sent after it', () => {
  const { channel, child } = launch();
  const early = vi.fn<(how: string) => void>();
  channel.onExit(early);
  child.emit('exit', 137);
  expect(early).toHaveBeenCalledExactlyOnceWith('code 137');
  const late = vi.fn<(how: string) => void>();
  channel.onExit(late);
  expect(late).toHaveBeenCalledExactlyOnceWith('code 137');
  channel.send({});
  expect(calls('child.postMessage')).toEqual([]);
});

test('a fatal error says what it was', () => {
  const { channel, child } = launch();
  const heard = vi.fn<(how: string) => void>();
  channel.onExit(heard);
  child.emit('error', 'FatalError', 'v8::OOM', '');
  child.emit('exit', 5);
  expect(heard).toHaveBeenCalledExactlyOnceWith('FatalError at v8::OOM');
});

test.skipIf(process.platform === 'win32')('killing ends a process that hears nothing', async () => {
  const { channel, child } = launch();
  const deaf = spawn(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => {}); console.log(1); setInterval(() => {}, 1000)",
  ]);
  await once(deaf.stdout, 'data');
  child.pid = deaf.pid;
  const ended = once(deaf, 'exit');
  channel.kill();
  expect(await ended).toEqual([null, 'SIGKILL']);
  // The process is gone while its exit has not been told yet.
  channel.kill();
  expect(channel.pid).toBe(deaf.pid);
});
