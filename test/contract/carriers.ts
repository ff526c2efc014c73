import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { AnyRouter } from '@orpc/server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { createCarrierServer, type PortLike } from '#internal/main/hosts/shared/index';

/** A page and an engine joined by a real carrier. */
export interface Joined<C extends AnyContractRouter> {
  readonly client: ContractRouterClient<C>;
  /** The page goes away. */
  closePage(): void;
  /** The engine goes away. */
  closeEngine(): void;
  /** A frame that no client of ours would send. */
  sendRaw(frame: unknown): void;
  dispose(): Promise<void>;
}

export interface CarrierKind {
  readonly name: 'MessagePort' | 'WebSocket';
  join<C extends AnyContractRouter>(router: AnyRouter, contract: C): Promise<Joined<C>>;
}

/** Node's ports tell listeners the data itself; Electron's, like a page's, wrap it in an event. */
function likeElectron(port: NodePort): PortLike {
  return {
    postMessage: (frame) => port.postMessage(frame),
    on(event: 'message' | 'close', listener: (message: { readonly data: unknown }) => void) {
      if (event === 'close') return port.on('close', () => listener({ data: undefined }));
      return port.on('message', (data: unknown) => listener({ data }));
    },
    start: () => port.start(),
  };
}

export const messagePort: CarrierKind = {
  name: 'MessagePort',
  async join(router) {
    const { port1, port2 } = new MessageChannel();
    createCarrierServer(router).servePort(likeElectron(port1));
    const client = createORPCClient(new PortLink({ port: port2 as never }));
    port2.start();
    return {
      client: client as never,
      closePage: () => port2.close(),
      closeEngine: () => port1.close(),
      sendRaw: (frame) => port2.postMessage(frame),
      dispose: async () => port2.close(),
    };
  },
};

export const webSocket: CarrierKind = {
  name: 'WebSocket',
  async join(router) {
    const carrier = createCarrierServer(router);
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => carrier.serveSocket(socket));
    await once(server, 'listening');
    const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await new Promise((resolve) => page.addEventListener('open', resolve, { once: true }));
    const client = createORPCClient(new SocketLink({ websocket: page }));
    return {
      client: client as never,
      closePage: () => page.close(),
      closeEngine: () => server.clients.forEach((socket) => socket.terminate()),
      sendRaw: (frame) => page.send(frame as string),
      async dispose() {
        server.clients.forEach((socket) => socket.terminate());
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};
