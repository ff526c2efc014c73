import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { addressOf } from '#internal/main/storage/wire/address';
import { Pace } from '#internal/main/storage/wire/body';
import type { Gate } from '#internal/main/storage/wire/exchange';
import { AnswerLate } from '#internal/main/storage/wire/failures';
import { REMOTE_TERMS, Sockets } from '#internal/main/storage/wire/sockets';

test('an answer later than others are is given up, counted from the last byte that was sent', async () => {
  const heard = new EventEmitter();
  const server = createServer((request) => {
    request.resume();
    request.on('end', () => heard.emit('body'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const sockets = new Sockets(addressOf(base, 'b'), { ...REMOTE_TERMS, lookMs: 5 });
  const whole = once(heard, 'body');
  const { answer, exchange } = sockets.begin({
    method: 'PUT',
    path: '/b/k',
    headers: { host: base.host, 'content-length': '3' },
    body: Buffer.from('abc'),
    signal: undefined,
    onSent: undefined,
    gate: undefined,
    firstByteMs: 100,
    streams: false,
  });
  await expect(answer).rejects.toBeInstanceOf(AnswerLate);
  await whole;
  expect(exchange.isOver).toBe(true);
  sockets.drop();
  server.close();
  server.closeAllConnections();
});

test('a fast line gets larger pieces, a slow one smaller, within bounds', () => {
  const pace = new Pace();
  for (let count = 0; count < 20; count += 1) pace.took(1);
  expect(pace.size).toBe(1024 * 1024);
  pace.took(500);
  expect(pace.size).toBe(1024 * 1024);
  for (let count = 0; count < 20; count += 1) pace.took(5000);
  expect(pace.size).toBe(16 * 1024);
});

/** A server that takes bodies and says how long each was. */
async function takingServer(): Promise<{
  readonly sockets: Sockets;
  readonly host: string;
  readonly close: () => void;
}> {
  const server = createServer((request, response) => {
    let length = 0;
    request.on('data', (chunk: Buffer) => (length += chunk.length));
    request.on('end', () => response.end(String(length)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const sockets = new Sockets(addressOf(base, 'b'), { ...REMOTE_TERMS, lookMs: 5, stallMs: 40 });
  const close = (): void => {
    sockets.drop();
    server.close();
    server.closeAllConnections();
  };
  return { sockets, host: base.host, close };
}

const put = (host: string, body: Buffer, gate: Gate) => ({
  method: 'PUT',
  path: '/b/k',
  headers: { host, 'content-length': String(body.length) },
  body,
  signal: undefined,
  onSent: undefined,
  gate,
  firstByteMs: null,
  streams: false,
});

test('past a gate that holds back, a body goes in slices, and waiting there is no stall', async () => {
  const { sockets, host, close } = await takingServer();
  const taken: number[] = [];
  const gate: Gate = {
    isOpen: false,
    async take(bytes) {
      taken.push(bytes);
      // Longer than a line may stand still, once.
      if (taken.length === 3) await new Promise((resolve) => setTimeout(resolve, 120));
    },
  };
  const body = Buffer.alloc(1_000_000, 1);
  const { answer } = sockets.begin(put(host, body, gate));
  expect((await answer).body.toString()).toBe('1000000');
  expect(taken.reduce((sum, bytes) => sum + bytes, 0)).toBe(body.length);
  expect(Math.max(...taken)).toBeLessThanOrEqual(128 * 1024);
  close();
});

test('what a gate refuses ends the exchange with its own error; an open one is not asked', async () => {
  const { sockets, host, close } = await takingServer();
  const refused = new Error('stands still');
  const shut: Gate = { isOpen: false, take: () => Promise.reject(refused) };
  await expect(sockets.begin(put(host, Buffer.alloc(10), shut)).answer).rejects.toBe(refused);
  const open: Gate = { isOpen: true, take: () => Promise.reject(refused) };
  const { answer } = sockets.begin(put(host, Buffer.alloc(300_000), open));
  expect((await answer).body.toString()).toBe('300000');
  close();
});
