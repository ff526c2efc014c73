/// <reference lib="webworker" />
import { crc32, encodeCrc32 } from '#shared/lib';
import { type HashReply, type HashRequest } from './hash-messages.ts';

/** Read a part in pieces: what is held does not grow with it. */
const PIECE = 4 * 1024 * 1024;

self.addEventListener('message', (event: MessageEvent<HashRequest>) => {
  const { id } = event.data;
  hash(event.data).then(
    (sum) => reply({ id, crc32: sum }),
    (error: unknown) => reply({ id, unreadable: String(error) }),
  );
});

function reply(message: HashReply): void {
  // To the page that made the worker; there is no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  self.postMessage(message);
}

async function hash({ file, start, end }: HashRequest): Promise<string> {
  let sum = 0;
  for (let at = start; at < end; at += PIECE) {
    const piece = await file.slice(at, Math.min(end, at + PIECE)).arrayBuffer();
    sum = crc32(new Uint8Array(piece), sum);
  }
  return encodeCrc32(sum);
}
