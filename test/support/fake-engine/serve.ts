import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { routerOf, takePart } from './router.ts';
import { type Scene, World } from './world.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** The policy of the real hosts. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const TOKEN = 'test-token';

export interface FakeEngine {
  /** The address to open, with its token. */
  readonly url: string;
  readonly world: World;
  /** How often a procedure was called, e.g. `transfers.list`. */
  readonly calls: (procedure: string) => number;
  /** Drops every page, as an engine that is killed does; they may come back. */
  readonly drop: () => void;
  /** From now on, tokens are refused. */
  readonly refuse: () => void;
  readonly close: () => Promise<void>;
}

/** @param folder the built page */
export async function serveFake(folder: string, scene: Scene, port = 0): Promise<FakeEngine> {
  const world = new World(scene);
  const counts = new Map<string, number>();
  let token = TOKEN;
  let origin = '';
  const server = createServer((request, response) => {
    void answer(folder, request, response);
  });
  const sockets = new WebSocketServer({
    server,
    path: '/ws',
    handleProtocols: (offered) => (offered.has('sluice.v1') ? 'sluice.v1' : false),
  });
  const handler = new RPCHandler(
    routerOf(world, () => origin),
    {
      rootInterceptors: [
        (options) => {
          const name = options.request.url.pathname.slice(1).replaceAll('/', '.');
          counts.set(name, (counts.get(name) ?? 0) + 1);
          return options.next();
        },
      ],
    },
  );
  sockets.on('connection', (socket: WebSocket, request) => {
    const offered = request.headers['sec-websocket-protocol'] ?? '';
    if (offered.includes(`token.${token}`)) void handler.upgrade(socket, { context: {} });
    else socket.close(4401, 'token refused');
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/#t=${TOKEN}`,
    world,
    calls: (procedure) => counts.get(procedure) ?? 0,
    drop: () => sockets.clients.forEach((client) => client.terminate()),
    refuse: () => {
      token = 'another';
    },
    close: async () => {
      sockets.clients.forEach((client) => client.terminate());
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  if (request.method === 'PUT' && path.startsWith('/put/')) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const declared = request.headers['x-amz-checksum-crc32'];
    const { status, body } = takePart(Buffer.concat(chunks), declared as string | undefined);
    response.writeHead(status, { etag: `"${path}"` }).end(body);
    return;
  }
  const file = join(folder, normalize(path === '/' ? 'index.html' : path));
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  createReadStream(file).pipe(response);
}
