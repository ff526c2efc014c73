/**
 * The process DuckDB lives in, so that a crash or a runaway query cannot touch a transfer. It runs as a child process of
 * Node and as a utility process of Electron; it holds no keys and no network.
 */
import type { Request, Response } from '../protocol.ts';
import { Server } from './server.ts';

/** What Electron gives its utility processes. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort;

function send(response: Response): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
  if (parentPort !== undefined) parentPort.postMessage(response);
  // An engine that is just gone does not hear it: `disconnect` says so by itself.
  else if (process.connected) process.send?.(response, undefined, {}, () => undefined);
}

const server = new Server(send, () => process.exit(0));

if (parentPort !== undefined) {
  parentPort.on('message', ({ data }) => server.receive(data as Request));
} else {
  process.on('message', (message) => server.receive(message as Request));
  // Nobody is left to answer to: the engine is gone, however it went.
  process.on('disconnect', () => process.exit(0));
}
