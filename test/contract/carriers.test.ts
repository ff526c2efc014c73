import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WebSocket as NodeSocket, WebSocketServer } from 'ws';
import { createCarrierServer } from '#internal/main/hosts/shared/index';
import { messagePort, webSocket } from './carriers.ts';
import { createProbe, type probe } from './probe.ts';
import { describeCarrier } from './suite.ts';

describeCarrier(messagePort);
describeCarrier(webSocket);

test('a page that stops reading its socket makes the stream wait, and loses nothing', async () => {
  const { router, seen } = createProbe();
  const carrier = createCarrierServer(router);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => carrier.serveSocket(socket));
  await once(server, 'listening');
  const page = new NodeSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(page, 'open');
  const link = new RPCLink({ websocket: page as unknown as WebSocket });
  const client = createORPCClient(link) as unknown as ContractRouterClient<typeof probe>;
  try {
    const total = 2000;
    const stream = await client.streams.count({ to: total, padding: 100_000 });
    await stream.next();
    page.pause();
    let before = -1;
    // Until the system's own buffers are full and the stream stands still.
    while (before !== seen.yielded) {
      before = seen.yielded;
      await pause(200);
    }
    expect(seen.yielded).toBeLessThan(total / 2);
    page.resume();
    let last = 1;
    for await (const { n } of stream) {
      expect(n).toBe(last + 1);
      last = n;
    }
    expect(last).toBe(total);
  } finally {
    page.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
}, 20_000);
