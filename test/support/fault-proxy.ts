import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request. */
export type Fate =
  | { readonly kind: 'pass' }
  /** The connection breaks before the store hears of it. */
  | { readonly kind: 'drop-before' }
  /** The store acts, and its answer is lost. */
  | { readonly kind: 'drop-after' }
  /** The store is said to have answered so; it never hears of it. */
  | { readonly kind: 'answer'; readonly status: number; readonly code: string };

export interface ProxiedRequest {
  /** From 0, in the order they came. */
  readonly index: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

export interface FaultProxy {
  readonly origin: string;
  /** Every request that came, in order. */
  readonly seen: readonly ProxiedRequest[];
  close(): Promise<void>;
}

/** Stands between a client and a store on loopback, and does to each request what `decide` says. */
export async function startFaultProxy(
  target: string,
  decide: (request: ProxiedRequest) => Fate,
): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const seen: ProxiedRequest[] = [];
  const server = createServer((request, response) => {
    const asked = { index: seen.length, method: request.method ?? '', url: request.url ?? '' };
    seen.push(asked);
    const fate = decide(asked);
    switch (fate.kind) {
      case 'drop-before':
        request.socket.destroy();
        return;
      case 'answer':
        request.resume();
        request.on('end', () => {
          response.writeHead(fate.status, { 'Content-Type': 'application/xml', Connection: 'close' });
          response.end(
            `<?xml version="1.0"?><Error><Code>${fate.code}</Code><Message>said the proxy</Message></Error>`,
          );
        });
        return;
      case 'pass':
      case 'drop-after':
        pass(request, response, hostname, Number(port), fate.kind === 'drop-after');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The Host header goes through as it came, since it is signed. */
function pass(
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  port: number,
  lose: boolean,
): void {
  const { method, url, headers } = request;
  const onward = forward({ host, port, method, path: url, headers, agent: false }, (answer) => {
    if (lose) {
      answer.resume();
      answer.on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => request.socket.destroy());
  request.on('error', () => onward.destroy());
  request.pipe(onward);
}
