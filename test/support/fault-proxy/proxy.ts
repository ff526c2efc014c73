import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { carryOut } from './carry-out.ts';
import type { Fate } from './fates.ts';
import { operationOf, type Operation } from './operation.ts';

export interface ProxiedRequest {
  /** From 0, in the order they came. */
  readonly index: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly operation: Operation;
  readonly headers: IncomingHttpHeaders;
  /** Whether its client has gone away meanwhile. */
  readonly gone: () => boolean;
}

export interface FaultProxy {
  readonly origin: string;
  /** Every request that came, in order. */
  readonly seen: readonly ProxiedRequest[];
  /** What became of the requests from an index on, one a line: for the message of a failure. */
  story(from?: number): string;
  /** Breaks every connection with a client, as the end of its process would. */
  cut(): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** What the store is said to take for the time; ms since the epoch. */
  readonly now?: () => number;
}

/** Stands between a client and a store on loopback, and does to each request what `decide` says, once it has said it. */
export async function startFaultProxy(
  target: string,
  decide: (request: ProxiedRequest) => Fate | Promise<Fate>,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const seen: ProxiedRequest[] = [];
  const fates: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const asked: ProxiedRequest = {
      index: seen.length,
      method,
      url,
      operation: operationOf(method, url),
      headers,
      gone: () => request.socket.destroyed,
    };
    seen.push(asked);
    fates.push('held');
    request.on('error', () => undefined); // a client that gave up; its absence is noticed where it matters
    void (async () => {
      const fate = await decide(asked);
      fates[asked.index] = wordsOf(fate);
      if (!asked.gone()) {
        carryOut(fate, request, response, { host: hostname, port: Number(port), now: options.now ?? null });
      }
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    story: (from = 0) =>
      seen
        .slice(from)
        .map(({ index, operation, url }) => `#${index - from} ${operation} ${partOf(url)}${fates[index]}`)
        .join('\n'),
    cut: () => server.closeAllConnections(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const partOf = (url: string): string => {
  const part = /[?&]partNumber=(\d+)/.exec(url)?.[1];
  return part === undefined ? '' : `part ${part} `;
};

function wordsOf({ kind, ...rest }: Fate): string {
  const facts = Object.entries(rest).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [`${name}=${value}`]
      : [],
  );
  return [kind, ...facts].join(' ');
}
