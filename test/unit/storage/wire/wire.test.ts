import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { KeysSource, type Keys } from '#internal/main/storage/credentials';
import { ServerClock } from '#internal/main/storage/server-clock';
import { addressOf, mayLeaveBodyUnsigned } from '#internal/main/storage/wire/address';
import { REMOTE_TERMS, type SocketTerms } from '#internal/main/storage/wire/sockets';
import { Wire, type WireRequest } from '#internal/main/storage/wire/wire';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer();
});

const errorBody = (code: string): string => `<Error><Code>${code}</Code><Message>m</Message></Error>`;

async function serve(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Made {
  readonly wire: Wire;
  readonly clock: ServerClock;
}

function wireTo(
  origin: string,
  options: { sockets?: Partial<SocketTerms>; find?: () => Promise<Keys>; now?: () => number } = {},
): Made {
  const base = new URL(origin);
  const now = options.now ?? ((): number => Date.now());
  const clock = new ServerClock(now);
  const find = options.find ?? (async () => ({ accessKeyId: 'a', secretAccessKey: 's' }));
  const wire = new Wire({
    address: addressOf(base, 'bucket'),
    signing: { region: 'us-east-1', service: 's3' },
    keys: new KeysSource(find, now),
    clock,
    sockets: { ...REMOTE_TERMS, lookMs: 5, ...options.sockets },
    signsBodies: !mayLeaveBodyUnsigned(base),
    hurries: true,
  });
  closers.push(() => wire.dropSockets());
  return { wire, clock };
}

const put = (body: Buffer, more: Partial<WireRequest> = {}): WireRequest => ({
  method: 'PUT',
  key: 'a key',
  headers: {},
  body,
  ...more,
});
const HEAD: WireRequest = { method: 'HEAD', key: 'k', headers: {} };

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('a body goes as it is, with its length, on a socket that is kept', async () => {
  const seen: { url: string | undefined; headers: IncomingMessage['headers']; body: Buffer }[] = [];
  const sockets = new Set<Socket>();
  const { origin } = await serve((request, response) => {
    sockets.add(request.socket);
    void bytesOf(request).then((body) => {
      seen.push({ url: request.url, headers: request.headers, body });
      response.end();
    });
  });
  const { wire } = wireTo(origin);
  const small = Buffer.from('small');
  const large = Buffer.alloc(3_000_001, 'large');
  const told: number[] = [];
  await wire.send(put(small));
  await wire.send(put(large, { query: [['partNumber', '1']], onSent: (bytes) => told.push(bytes) }));
  expect(seen.map(({ url }) => url)).toEqual(['/bucket/a%20key', '/bucket/a%20key?partNumber=1']);
  expect(seen[0]?.body.equals(small)).toBe(true);
  expect(seen[1]?.body.equals(large)).toBe(true);
  for (const { headers, body } of seen) {
    expect(headers['content-length']).toBe(String(body.length));
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(headers).not.toHaveProperty('expect');
  }
  expect(sockets.size).toBe(1);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.length).toBeGreaterThan(3);
  expect(told.at(-1)).toBe(large.length);
});

test('a body that no memory holds is taken piece by piece, and gone through again for another try', async () => {
  let calls = 0;
  const { origin } = await serve((request, response) => {
    void bytesOf(request).then((body) => {
      calls += 1;
      response.writeHead(calls === 1 ? 400 : 200, { etag: `"${body.length}"` });
      response.end(calls === 1 ? errorBody('ExpiredToken') : '');
    });
  });
  let found = 0;
  const { wire } = wireTo(origin, {
    find: async () => ({ accessKeyId: `a${(found += 1)}`, secretAccessKey: 's' }),
  });
  const shared = Buffer.alloc(100_000); // reused by whoever gives the pieces
  const body = {
    length: 1_000_000,
    async *chunks() {
      for (let index = 0; index < 10; index += 1) yield shared.fill(index);
    },
  };
  const { headers } = await wire.send({ method: 'PUT', key: 'k', headers: {}, body });
  expect(headers.etag).toBe('"1000000"');
  expect(found).toBe(2);
});

test.each([999_999, 1_000_001])(
  'a body of another length than was said (%d) is no answer',
  async (length) => {
    const { origin } = await serve((request, response) => {
      void bytesOf(request).then(
        () => response.end(),
        () => undefined,
      );
    });
    const { wire } = wireTo(origin);
    const body = {
      length,
      async *chunks() {
        for (let index = 0; index < 10; index += 1) yield Buffer.alloc(100_000);
      },
    };
    await expect(wire.send({ method: 'PUT', key: 'k', headers: {}, body })).rejects.toThrow(RangeError);
  },
);

test('keys that have expired are looked for anew once, and what still is refused is said', async () => {
  const { origin } = await serve((request, response) => {
    request.resume();
    response.writeHead(400).end(errorBody('ExpiredToken'));
  });
  let found = 0;
  const { wire } = wireTo(origin, {
    find: async () => ({ accessKeyId: `a${(found += 1)}`, secretAccessKey: 's' }),
  });
  await expect(wire.send(put(Buffer.from('x')))).rejects.toMatchObject({ name: 'ExpiredToken' });
  expect(found).toBe(2);
});

test('an answer to HEAD has no reason: it is asked for, and acted upon', async () => {
  let valid = 'a2';
  const { origin } = await serve((request, response) => {
    const good = request.headers.authorization?.includes(`Credential=${valid}/`) === true;
    response.writeHead(good ? 200 : 400, good ? { etag: '"e"' } : {});
    response.end(good ? '' : errorBody('ExpiredToken'));
  });
  let found = 0;
  const { wire } = wireTo(origin, {
    find: async () => ({ accessKeyId: `a${(found += 1)}`, secretAccessKey: 's' }),
  });
  expect((await wire.send(HEAD)).headers.etag).toBe('"e"');
  valid = 'nobody';
  await expect(wire.send(HEAD)).rejects.toMatchObject({ name: 'ExpiredToken' });
});

test('a wrong clock is put right by the first refusal, for all requests that were under way too', async () => {
  const server = Date.UTC(2026, 10, 20, 12);
  const wrong = server - 3_600_000;
  let refused = 0;
  const { origin } = await serve((request, response) => {
    request.resume();
    const [, hour] = /T(\d\d)/.exec(String(request.headers['x-amz-date'])) ?? [];
    response.setHeader('date', new Date(server).toUTCString());
    if (hour === '12') return response.end();
    refused += 1;
    return response.writeHead(403).end(errorBody('RequestTimeTooSkewed'));
  });
  const { wire, clock } = wireTo(origin, { now: () => wrong });
  await Promise.all([1, 2, 3].map(() => wire.send(put(Buffer.from('x')))));
  expect(refused).toBe(3);
  await wire.send(put(Buffer.from('x')));
  expect(refused).toBe(3);
  expect(clock.now()).toBe(server);
});

test('a redirect is a refusal, and nothing goes to where it points', async () => {
  let visited = false;
  const other = await serve((_, response) => {
    visited = true;
    response.end();
  });
  const { origin } = await serve((request, response) => {
    request.resume();
    response.writeHead(307, { location: other.origin, 'x-amz-bucket-region': 'eu-west-1' });
    response.end(errorBody('TemporaryRedirect'));
  });
  const { wire } = wireTo(origin);
  await expect(wire.send(put(Buffer.from('x')))).rejects.toMatchObject({
    name: 'TemporaryRedirect',
    region: 'eu-west-1',
  });
  expect(visited).toBe(false);
});

test('an answer that comes before the body was sent is heard', async () => {
  const { origin } = await serve((request, response) => {
    response.writeHead(503, { connection: 'close' });
    response.end(errorBody('SlowDown'));
    request.resume();
  });
  const { wire } = wireTo(origin);
  await expect(wire.send(put(Buffer.alloc(200_000)))).rejects.toMatchObject({ name: 'SlowDown' });
});

/** Answers the first request of a connection and closes it without a word when a second one comes. */
async function serveOnce(): Promise<{ origin: string; connections: () => number }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    let answered = false;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (answered) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      answered = true;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => void server.close());
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

test('a kept socket that was dead is no failure', async () => {
  const { origin, connections } = await serveOnce();
  const { wire } = wireTo(origin);
  await wire.send(put(Buffer.from('one')));
  await wire.send(put(Buffer.from('two')));
  expect(connections()).toBe(2);
});

test('what must not be done twice is not', async () => {
  const { origin, connections } = await serveOnce();
  const { wire } = wireTo(origin);
  await wire.send(put(Buffer.from('one')));
  await expect(wire.send(put(Buffer.from('two'), { repeatable: false }))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  expect(connections()).toBe(1);
});

test('a new connection that is reset is a failure', async () => {
  const { origin } = await serve((request) => request.socket.resetAndDestroy());
  const { wire } = wireTo(origin);
  await expect(wire.send(put(Buffer.from('x')))).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a store that takes the body and says nothing is given up', async () => {
  const { origin } = await serve((request) => request.resume());
  const { wire } = wireTo(origin, { sockets: { stallMs: 100 } });
  await expect(wire.send(put(Buffer.from('x')))).rejects.toMatchObject({
    name: 'NoAnswer',
    reason: 'it did not answer for 0.1 s',
  });
});

test('a store that takes no more is given up', async () => {
  const { origin } = await serve((request) => request.pause());
  const { wire } = wireTo(origin, { sockets: { stallMs: 100 } });
  await expect(wire.send(put(Buffer.alloc(64 * 1024 * 1024)))).rejects.toMatchObject({
    reason: 'no byte moved for 0.1 s',
  });
});

test('a line that moves little at a time is not dead', async () => {
  const { origin } = await serve((request, response) => {
    let left = 30;
    const timer = setInterval(() => {
      response.write('.');
      left -= 1;
      if (left > 0) return;
      clearInterval(timer);
      response.end();
    }, 20);
    request.resume();
  });
  const { wire } = wireTo(origin, { sockets: { stallMs: 400 } }); // 600 ms in all
  expect((await wire.send({ method: 'GET', key: 'k', headers: {} })).status).toBe(200);
});

test('who reads slowly is not taken for a dead line', async () => {
  const { origin } = await serve((_, response) => {
    response.end(Buffer.alloc(4 * 1024 * 1024));
  });
  const { wire } = wireTo(origin, { sockets: { stallMs: 50 } });
  const { stream } = await wire.send({ method: 'GET', key: 'k', headers: {}, streams: true });
  let size = 0;
  let waited = false;
  for await (const chunk of stream ?? []) {
    if (!waited) await new Promise((resolve) => setTimeout(resolve, 150));
    waited = true;
    size += (chunk as Buffer).length;
  }
  expect(size).toBe(4 * 1024 * 1024);
});

test('an answer that stops half way fails its reader', async () => {
  const { origin } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
  });
  const { wire } = wireTo(origin, { sockets: { stallMs: 50 } });
  const { stream } = await wire.send({ method: 'GET', key: 'k', headers: {}, streams: true });
  await expect(stream?.toArray()).rejects.toMatchObject({ reason: 'no byte moved for 0.1 s' });
});

test('an answer cut short is no answer', async () => {
  const { origin } = await serve((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
    setImmediate(() => request.socket.destroy());
  });
  const { wire } = wireTo(origin);
  await expect(wire.send({ method: 'GET', key: 'k', headers: {} })).rejects.toThrow();
});

test('sockets dropped, idle and busy: what was under way fails, what comes next works', async () => {
  const sockets = new Set<Socket>();
  let silent = true;
  const { origin } = await serve((request, response) => {
    sockets.add(request.socket);
    request.resume();
    if (!silent || request.method === 'HEAD') response.end();
  });
  const { wire } = wireTo(origin);
  await wire.send(HEAD);
  const busy = wire.send(put(Buffer.from('x')));
  const failed = expect(busy).rejects.toMatchObject({ name: 'NoAnswer', reason: 'the network changed' });
  await expect.poll(() => sockets.size).toBe(1);
  wire.dropSockets();
  await failed;
  silent = false;
  await wire.send(put(Buffer.from('x')));
  expect(sockets.size).toBe(2);
});

test('an abort ends a request, before it began or while it is under way', async () => {
  let seen = 0;
  const { origin } = await serve((request) => {
    seen += 1;
    request.resume();
  });
  const { wire } = wireTo(origin);
  await expect(wire.send(put(Buffer.from('x'), { signal: AbortSignal.abort() }))).rejects.toMatchObject({
    name: 'AbortError',
  });
  const controller = new AbortController();
  const busy = wire.send(put(Buffer.from('x'), { signal: controller.signal }));
  const failed = expect(busy).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => seen).toBe(1);
  controller.abort();
  await failed;
});

test('a store that nobody listens at is told by the system', async () => {
  const { wire } = wireTo('http://127.0.0.1:1');
  await expect(wire.send(HEAD)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('over plain http to another machine the hash of a body is signed', () => {
  expect(mayLeaveBodyUnsigned(new URL('http://192.168.1.2:9000'))).toBe(false);
  expect(mayLeaveBodyUnsigned(new URL('http://127.0.0.1:9000'))).toBe(true);
  expect(mayLeaveBodyUnsigned(new URL('https://192.168.1.2:9000'))).toBe(true);
});
