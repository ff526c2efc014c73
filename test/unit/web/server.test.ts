import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { os } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readAssets } from '#internal/main/hosts/shared/index';
import { startWebServer, type WebServer } from '#internal/main/hosts/web/server';

const TOKEN = 'f'.repeat(64);
const log = { info: () => undefined, error: () => undefined };
let folder = '';
let server: WebServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-web-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sluice</title>');
  server = await startWebServer({ port: 0, token: TOKEN, assets: await readAssets(folder), log });
  server.serve({ ping: os.handler(() => 'pong') }, () => ['http://127.0.0.1:9']);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The status line of an answer to exactly these bytes. */
async function raw(text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.end(text.replaceAll('\n', '\r\n'));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().split('\r\n')[0] ?? '';
}

const host = (): string => `127.0.0.1:${server.port}`;

test('the page comes with a policy that names the bucket, and with nothing that lets others in', async () => {
  const answer = await fetch(`http://${host()}/`);
  expect(answer.status).toBe(200);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('http://127.0.0.1:9');
  expect(policy).toContain(`ws://${host()}`);
  expect(policy).not.toContain("script-src 'unsafe");
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

describe('requests that are not ours are refused before anything is looked up', () => {
  test.each([
    ['a foreign host', 'GET / HTTP/1.1\nHost: evil.example\n\n'],
    ['a rebound name with our port', 'GET / HTTP/1.1\nHost: evil.example:PORT\n\n'],
    ['two hosts', 'GET / HTTP/1.1\nHost: 127.0.0.1:PORT\nHost: evil.example\n\n'],
    ['a page of another site', 'GET / HTTP/1.1\nHost: 127.0.0.1:PORT\nSec-Fetch-Site: cross-site\n\n'],
    ['an address in absolute form', 'GET http://127.0.0.1:PORT/ HTTP/1.1\nHost: 127.0.0.1:PORT\n\n'],
  ])('%s', async (_, text) => {
    expect(await raw(text.replaceAll('PORT', String(server.port)))).toMatch(/ 40[03] /);
  });

  test.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/index.html/..',
    '//etc/passwd',
  ])('the path %s leads nowhere', async (path) => {
    expect(await raw(`GET ${path} HTTP/1.1\nHost: ${host()}\n\n`)).toContain(' 404 ');
  });

  test('a preflight or a POST', async () => {
    expect(await raw(`OPTIONS / HTTP/1.1\nHost: ${host()}\nOrigin: http://evil.example\n\n`)).toContain(
      ' 405 ',
    );
    expect(await raw(`POST / HTTP/1.1\nHost: ${host()}\nContent-Length: 0\n\n`)).toContain(' 405 ');
  });
});

/** How a WebSocket opened so ends: `open`, an HTTP status, or a close code. */
async function dial(options: {
  readonly protocols?: string[];
  readonly origin?: string;
  readonly path?: string;
  readonly hostHeader?: string;
}): Promise<string> {
  const socket = new WebSocket(`ws://${host()}${options.path ?? '/ws'}`, options.protocols ?? [], {
    headers: {
      ...(options.origin === undefined ? {} : { Origin: options.origin }),
      ...(options.hostHeader === undefined ? {} : { Host: options.hostHeader }),
    },
  });
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, { statusCode }) => {
      resolve(String(statusCode));
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => resolve(String(code)));
    socket.on('open', () => {
      // A refused token is told by closing, which comes after the opening.
      setTimeout(() => {
        if (socket.readyState === WebSocket.OPEN) resolve('open');
        socket.terminate();
      }, 100);
    });
  });
}

test('a page of ours with the token is let in; all others are not', async () => {
  const origin = `http://${host()}`;
  const good = ['sluice.v1', `token.${TOKEN}`];
  expect(await dial({ protocols: good, origin })).toBe('open');
  expect(await dial({ protocols: ['sluice.v1'], origin })).toBe('4401');
  expect(await dial({ protocols: ['sluice.v1', `token.${'0'.repeat(64)}`], origin })).toBe('4401');
  expect(await dial({ protocols: good })).toBe('403');
  expect(await dial({ protocols: good, origin: 'null' })).toBe('403');
  expect(await dial({ protocols: good, origin: 'http://evil.example' })).toBe('403');
  expect(await dial({ protocols: good, origin: `http://evil.example:${server.port}` })).toBe('403');
  expect(await dial({ protocols: ['sluice.v1'], origin, path: `/ws?token=${TOKEN}` })).toBe('403');
  expect(await dial({ protocols: good, origin, hostHeader: `evil.example:${server.port}` })).toBe('403');
});

test('a page that comes before the engine is ready is told to come again, not that it is refused', async () => {
  const early = await startWebServer({ port: 0, token: TOKEN, assets: new Map(), log });
  try {
    const address = `127.0.0.1:${early.port}`;
    const headers = { Origin: `http://${address}` };
    const page = new WebSocket(`ws://${address}/ws`, ['sluice.v1', `token.${TOKEN}`], { headers });
    const [code] = (await once(page, 'close')) as [number];
    expect(code).toBe(1013);
  } finally {
    await early.close();
  }
});

test('a frame that is too large ends the connection, and no other', async () => {
  const origin = `http://${host()}`;
  const socket = new WebSocket(`ws://${host()}/ws`, ['sluice.v1', `token.${TOKEN}`], {
    headers: { Origin: origin },
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  socket.send(Buffer.alloc(17 * 1024 * 1024));
  const [code] = (await once(socket, 'close')) as [number];
  expect([1006, 1009]).toContain(code);
  expect(await dial({ protocols: ['sluice.v1', `token.${TOKEN}`], origin })).toBe('open');
});

test('a port in use is said with its number', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await expect(startWebServer({ port, token: TOKEN, assets: new Map(), log })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      details: { port },
    });
  } finally {
    other.close();
  }
});
