import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { addressOf } from '#internal/main/storage/wire/address';
import { Pace } from '#internal/main/storage/wire/body';
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
