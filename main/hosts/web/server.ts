import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AnyRouter } from '@orpc/server';
import { WebSocketServer } from 'ws';
import type { Log } from '#main/ports';
import { sluiceError } from '#shared/errors';
import { assetHeaders, contentSecurityPolicy, createCarrierServer, type Assets } from '../shared/index.ts';
import { allowedOrigins, isForUs, isFromOurPage, sameToken, tokenOf } from './guard.ts';

/** Said to a page whose token is not that of this data folder. */
const REFUSED = 4401;
/** Said to a page that is too early: the engine is still starting, and the page tries again by itself. */
const NOT_YET = 1013;
const SUBPROTOCOL = 'sluice.v1';
const MAX_FRAME = 16 * 1024 * 1024;

export interface WebServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: string;
  readonly assets: Assets;
  readonly log: Log;
}

export interface WebServer {
  readonly port: number;
  /** Origins its pages have. */
  readonly origins: readonly string[];
  /** What pages talk to, once it is there. @param connect origins a page may send parts to, asked for at each load */
  serve(router: AnyRouter, connect: () => readonly string[]): void;
  close(): Promise<void>;
}

/** The page and its carrier, on loopback only. @throws PORT_IN_USE */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  let connect: () => readonly string[] = () => [];
  let carrier: ReturnType<typeof createCarrierServer> | null = null;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });

  const server = createServer((request, response) => {
    void answer(request, response, options, portOf(server), connect()).catch((error: unknown) => {
      options.log.error('a page was cut off', error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const port = portOf(server);
    if (request.url !== '/ws' || !isForUs(request, port) || !isFromOurPage(request, port))
      return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (page) => {
      // Without a listener, a frame that breaks the protocol would end the process.
      page.on('error', (error) => options.log.error('a page broke the protocol', error));
      const token = tokenOf(request);
      if (token === null || !sameToken(token, options.token)) page.close(REFUSED, 'token');
      else if (carrier === null) page.close(NOT_YET, 'starting');
      else carrier.serveSocket(page);
    });
  });

  await listen(server, options.port);
  const port = portOf(server);
  return {
    port,
    origins: allowedOrigins(port),
    serve(router, connectTo) {
      connect = connectTo;
      carrier = createCarrierServer(router);
    },
    async close() {
      for (const page of sockets.clients) page.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') throw sluiceError('PORT_IN_USE', { port }, error);
    throw error;
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

/** Files of the page need no token: they are public code. They are looked up, never joined to a folder. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { assets }: WebServerOptions,
  port: number,
  connect: readonly string[],
): Promise<void> {
  if (!isForUs(request, port)) return plain(response, 403, 'Forbidden');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return plain(response, 405, 'Method not allowed');
  const asset = assets.get((request.url ?? '').split('?')[0] ?? '');
  if (asset === undefined) return plain(response, 404, 'Not found');
  const own = allowedOrigins(port).map((origin) => origin.replace(/^http/, 'ws'));
  response.writeHead(200, assetHeaders(asset, contentSecurityPolicy({ connect: [...own, ...connect] })));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(asset.file), response);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(`${text}\n`);
}
