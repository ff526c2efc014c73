import { RPCHandler } from '@orpc/server/ws';
import type { AnyRouter } from '@orpc/server';
import type { CallContext } from '#main/api';

/**
 * The two ways a page and the engine talk, as one: a MessagePort in the desktop window, a WebSocket in a browser. Both
 * carry the same frames, are read by the same code, and pass the same suite of tests.
 */

type Frame = string | ArrayBufferLike | ArrayBufferView;
type Handler = Parameters<RPCHandler<CallContext>['upgrade']>[0];

/** The part of Electron's MessagePortMain, and of Node's MessagePort, that is used. */
export interface PortLike {
  postMessage(frame: unknown): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** The part of a `ws` WebSocket that is used. */
export interface SocketLike {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(frame: Frame, done: (error?: Error | null) => void): void;
  addEventListener(event: 'message', listener: (message: { data: unknown }) => void): void;
  addEventListener(event: 'close', listener: () => void): void;
}

export interface CarrierServer {
  /** Serves a page at the other end of a port until either side closes it. */
  servePort(port: PortLike): void;
  /** Serves a page at the other end of a socket; a page that stops reading makes its streams wait. */
  serveSocket(socket: SocketLike): void;
}

/** @param router what `implement(contract)` made */
export function createCarrierServer(router: AnyRouter): CarrierServer {
  const handler = new RPCHandler<CallContext>(router);
  const serve = (carrier: ReturnType<typeof portCarrier | typeof socketCarrier>) => {
    const gone = new AbortController();
    carrier.addEventListener('close', () => gone.abort());
    void handler.upgrade(carrier as Handler, { context: { gone: gone.signal } });
  };
  return {
    servePort(port) {
      serve(portCarrier(port));
      port.start();
    },
    serveSocket(socket) {
      serve(socketCarrier(socket));
    },
  };
}

function portCarrier(port: PortLike) {
  return {
    send: (frame: Frame) => {
      port.postMessage(frame);
    },
    addEventListener(event: 'message' | 'close', listener: (message: { data: unknown }) => void) {
      if (event === 'close') port.on('close', () => listener({ data: undefined }));
      else port.on('message', ({ data }) => listener({ data: isFrame(data) ? data : '' }));
    },
  };
}

const isFrame = (data: unknown): data is Frame =>
  typeof data === 'string' || data instanceof ArrayBuffer || ArrayBuffer.isView(data);

/** Bytes that may wait in a socket before its streams do. */
const HIGH_WATER = 1 << 20;
const OPEN = 1;

function socketCarrier(socket: SocketLike) {
  return {
    /** Resolves at once while the other side keeps up, else when this frame has left the process. */
    send: (frame: Frame) =>
      new Promise<void>((resolve) => {
        if (socket.readyState !== OPEN) return resolve();
        const wait = socket.bufferedAmount > HIGH_WATER;
        // A frame that could not be sent needs no telling: the close event that follows ends every call.
        socket.send(frame, () => resolve());
        if (!wait) resolve();
      }),
    addEventListener(event: 'message' | 'close', listener: (message: { data: unknown }) => void) {
      if (event === 'close') socket.addEventListener('close', () => listener({ data: undefined }));
      else socket.addEventListener('message', ({ data }) => listener({ data }));
    },
  };
}
