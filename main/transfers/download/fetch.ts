import { crc32 } from 'node:zlib';
import type { ObjectStore } from '#main/storage';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import type { PartRange } from '../plan.ts';
import type { PartFile } from './part-file.ts';

/** What is gathered before it is written: few writes, and little memory for each stream. */
const GATHER = 1024 * 1024;

export interface RangeSource {
  readonly store: ObjectStore;
  readonly key: string;
  /** The only version that is wanted. */
  readonly etag: string;
}

export interface FetchTools {
  /** Resolves once these bytes may be taken from the line. */
  readonly take: (bytes: number) => Promise<void>;
  /** Without a byte for so long, a connection is taken for dead. */
  readonly stallMs: number;
}

/**
 * Brings one range of one version into the file.
 * @returns its CRC-32
 * @throws OBJECT_CHANGED; STORE_UNREACHABLE where the body ends early, is too long, breaks or stalls; DISK_FULL, ...
 */
export async function fetchRange(
  source: RangeSource,
  range: PartRange,
  part: PartFile,
  tools: FetchTools,
  signal: AbortSignal,
): Promise<number> {
  const { store, key, etag } = source;
  const unreachable = (reason: string, cause?: unknown): SluiceError =>
    sluiceError('STORE_UNREACHABLE', { endpoint: store.endpoint, reason }, cause);
  const watch = new Watch(tools.stallMs);
  const either = AbortSignal.any([signal, watch.signal]);
  const orUnreachable = <T>(waiting: Promise<T>): Promise<T> =>
    watch.during(waiting).catch((error: unknown) => {
      signal.throwIfAborted();
      if (watch.signal.aborted) throw unreachable('nothing came for too long', error);
      throw isSluiceError(error) ? error : unreachable('the connection broke', error);
    });
  const first = range.offset;
  const last = range.offset + range.length - 1;
  const body = await orUnreachable(store.read(key, { first, last }, etag, either));
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let gathered: Buffer[] = [];
  let waiting = 0;
  let received = 0;
  let written = 0;
  let crc = 0;
  const flush = async (): Promise<void> => {
    if (waiting === 0) return;
    await tools.take(waiting);
    await part.write(gathered, range.offset + written);
    written += waiting;
    gathered = [];
    waiting = 0;
  };
  const stop = (): void => void body.destroy(either.reason as Error);
  either.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const chunk = await orUnreachable(chunks.next());
      if (chunk.done === true) break;
      received += chunk.value.length;
      if (received > range.length) throw unreachable('it sent more than was asked for');
      crc = crc32(chunk.value, crc);
      gathered.push(chunk.value);
      waiting += chunk.value.length;
      if (waiting >= GATHER) await flush();
    }
    if (received !== range.length) throw unreachable('the answer ended early');
    await flush();
    return crc;
  } finally {
    either.removeEventListener('abort', stop);
    body.destroy();
  }
}

/** Gives up on a connection that stands still. What is done with the bytes does not count. */
class Watch {
  readonly #limitMs: number;
  readonly #controller = new AbortController();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async during<T>(waiting: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(), this.#limitMs);
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
    }
  }
}
