import { sluiceError } from '#shared/errors';
import { type HashReply, type HashRequest } from './hash-messages.ts';

type Waiting = PromiseWithResolvers<string> & { readonly file: File };

/** Reads and sums parts off the page's own thread. */
export class Hasher {
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  /** @returns the CRC-32 of the bytes from `start` up to `end`; fails with SOURCE_GONE where they cannot be read */
  readonly hash = (file: File, start: number, end: number): Promise<string> => {
    const id = this.#next;
    this.#next += 1;
    const waiting = { ...Promise.withResolvers<string>(), file };
    this.#waiting.set(id, waiting);
    // A worker is of this page; it has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#open().postMessage({ id, file, start, end } satisfies HashRequest);
    return waiting.promise;
  };

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<HashReply>) => this.#settle(data));
    worker.addEventListener('error', (event) => {
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message));
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #settle(reply: HashReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    if ('crc32' in reply) waiting.resolve(reply.crc32);
    else waiting.reject(sluiceError('SOURCE_GONE', { name: waiting.file.name }, reply.unreadable));
  }
}
