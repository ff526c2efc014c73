/** SHA-256 of bytes that come in order. */
import { createHash } from 'node:crypto';
import type { HashPool, HashStream } from './pool.ts';
import { digestOf } from './algorithms.ts';

export interface OrderedHash {
  /** The bytes may be used for something else once this resolves. One call at a time. */
  update(bytes: Uint8Array): Promise<void>;
  /** @returns it in hex */
  digest(): Promise<string>;
  /** Instead of `digest`, where the bytes will not come to their end. */
  drop(): void;
}

/** Up to here a message to a thread costs about what hashing does. */
const INLINE_LIMIT = 256 * 1024;
const BLOCK = 1024 * 1024;

/**
 * Hashing costs four times what a CRC-32 does, so more than a little is left to a thread: this one only copies.
 * @param size of all the bytes to come
 */
export function openSha256(pool: HashPool, size: number): OrderedHash {
  return size <= INLINE_LIMIT ? inline() : new ThreadedSha256(pool.open(['sha256']));
}

function inline(): OrderedHash {
  const hash = createHash('sha256');
  return {
    update: async (bytes) => {
      hash.update(bytes);
    },
    digest: async () => hash.digest('hex'),
    drop: () => undefined,
  };
}

interface Block {
  readonly memory: SharedArrayBuffer;
  readonly hashed: Promise<void>;
}

const newBlock = (): Block => ({ memory: new SharedArrayBuffer(BLOCK), hashed: Promise.resolve() });

/** Two blocks of memory shared with the thread: one is filled while it hashes the other. */
class ThreadedSha256 implements OrderedHash {
  readonly #stream: HashStream;
  /** Oldest first: its memory, and when the thread is done with it. */
  #blocks: readonly [Block, Block] = [newBlock(), newBlock()];

  constructor(stream: HashStream) {
    this.#stream = stream;
  }

  async update(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const piece = bytes.subarray(at, at + BLOCK);
      const [{ memory, hashed }, newer] = this.#blocks;
      await hashed;
      new Uint8Array(memory).set(piece);
      const hashing = this.#stream.update(memory, piece.length);
      hashing.catch(() => undefined); // whoever waits for it next hears of it
      this.#blocks = [newer, { memory, hashed: hashing }];
    }
  }

  async digest(): Promise<string> {
    await Promise.all(this.#blocks.map(({ hashed }) => hashed));
    return digestOf(await this.#stream.digest(), 'sha256').toString('hex');
  }

  drop(): void {
    this.#stream.drop();
  }
}
