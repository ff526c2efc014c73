/**
 * The program of a hash thread. It is handed to the thread as text, made of functions that stand on their own, so that
 * no bundler has to know of a second entry and no path has to hold inside a package.
 */
import type { DigestName } from './algorithms.ts';
import { createCrc32c, createCrc64Nvme } from './crc-tables.ts';
import { createHasher, type Primitives, type SyncHasher } from './hasher.ts';

export type ThreadRequest =
  | { readonly kind: 'open'; readonly stream: number; readonly names: readonly DigestName[] }
  | {
      readonly kind: 'update';
      readonly stream: number;
      readonly memory: SharedArrayBuffer;
      readonly length: number;
    }
  | { readonly kind: 'digest'; readonly stream: number }
  | { readonly kind: 'drop'; readonly stream: number };

/** One for each `update` and `digest`, in the order they were asked. */
export type ThreadAnswer = readonly [DigestName, Uint8Array][] | null;

interface Port {
  on(event: 'message', listener: (request: ThreadRequest) => void): void;
  postMessage(answer: ThreadAnswer): void;
}

function serve(
  port: Port,
  create: (names: readonly DigestName[], primitives: Primitives) => SyncHasher,
  primitives: Primitives,
): void {
  const streams = new Map<number, SyncHasher>();
  port.on('message', (request) => {
    switch (request.kind) {
      case 'open':
        streams.set(request.stream, create(request.names, primitives));
        return;
      case 'update':
        streams.get(request.stream)?.update(new Uint8Array(request.memory, 0, request.length));
        port.postMessage(null);
        return;
      case 'digest':
        port.postMessage(streams.get(request.stream)?.digest() ?? null);
        streams.delete(request.stream);
        return;
      case 'drop':
        streams.delete(request.stream);
    }
  });
}

export const threadProgram = `
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { crc32 } = require('node:zlib');
const crc32c = (${createCrc32c.toString()})();
const crc64nvme = (${createCrc64Nvme.toString()})();
(${serve.toString()})(parentPort, (${createHasher.toString()}), { createHash, crc32, crc32c, crc64nvme });
`;
