/** Receiving bytes into a new blob, hashing them on the way, in memory that does not grow with their number. */
import { digestNow, type DigestName, type Digests, type HashPool, type HashStream } from '#main/hashing';
import type { BlobFile } from './blob-file.ts';
import type { BlobFiles } from './blob-files.ts';
import { type Block, BLOCK_SIZE, giveBlock, takeBlock } from './blocks.ts';

/** Bytes that are on disk, or held to go into the index; nothing refers to them yet. */
export interface NewBlob {
  readonly id: number;
  readonly size: number;
  /** Where they are small enough for the index. */
  readonly bytes: Buffer | null;
}

export interface Received {
  readonly blob: NewBlob;
  readonly digests: Digests;
}

/** Up to this size the index holds the bytes itself: one commit instead of a file, its sync and its folder's. */
export const INLINE_SIZE = 64 * 1024;

/** Blocks of one body that may be hashed and written while the next one fills. */
const IN_FLIGHT = 2;

export class BlobWriter {
  readonly #files: BlobFiles;
  readonly #hashes: HashPool;

  constructor(files: BlobFiles, hashes: HashPool) {
    this.#files = files;
    this.#hashes = hashes;
  }

  /** Leaves nothing behind when it throws. @param length how many bytes `chunks` gives */
  async receive(
    chunks: AsyncIterable<Buffer>,
    length: number,
    names: readonly DigestName[],
  ): Promise<Received> {
    const id = this.#files.nextId();
    if (length > INLINE_SIZE) return this.#receiveFile(id, chunks, length, names);
    const bytes = await collect(chunks, length);
    return { blob: { id, size: length, bytes }, digests: digestNow(bytes, names) };
  }

  /** Forgets a blob that was received and will not be referred to. */
  async discard(blob: NewBlob): Promise<void> {
    if (blob.bytes === null) await this.#files.remove([blob.id]);
  }

  async #receiveFile(
    id: number,
    chunks: AsyncIterable<Buffer>,
    length: number,
    names: readonly DigestName[],
  ): Promise<Received> {
    const file = await this.#files.create(id, length);
    const hash = this.#hashes.open(names);
    try {
      await pump(chunks, file, hash);
      const [digests] = await Promise.all([hash.digest(), this.#files.seal(id, file, length)]);
      return { blob: { id, size: length, bytes: null }, digests };
    } catch (error) {
      hash.drop();
      await file.close();
      await this.#files.remove([id]);
      throw error;
    }
  }
}

async function collect(chunks: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  for await (const chunk of chunks) filled += chunk.copy(bytes, filled);
  return bytes;
}

async function pump(chunks: AsyncIterable<Buffer>, file: BlobFile, hash: HashStream): Promise<void> {
  const flights: Promise<void>[] = [];
  let position = 0;
  let filled = 0;
  let block: Block = takeBlock();
  const fly = (full: Block, length: number): void => {
    const at = position;
    position += length;
    const flight = Promise.all([hash.update(full.memory, length), file.write(full, length, at)]).then(() =>
      giveBlock(full),
    );
    // Awaited later; a failure meanwhile must not count as nobody's.
    flight.catch(() => undefined);
    flights.push(flight);
  };
  try {
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length;) {
        const copied = chunk.copy(block.bytes, filled, taken);
        taken += copied;
        filled += copied;
        if (filled < BLOCK_SIZE) break;
        fly(block, filled);
        filled = 0;
        if (flights.length >= IN_FLIGHT) await flights.shift();
        block = takeBlock();
      }
      freeNow(chunk);
    }
    if (filled > 0) fly(block, filled);
    else giveBlock(block);
  } finally {
    // Nothing may write to the file or read the blocks any more when this returns.
    await Promise.allSettled(flights);
  }
  await Promise.all(flights);
}

/**
 * Gives a chunk's memory back at once. Left to the collector, chunks pile up to some 60 MB before it looks at them, and
 * looking costs a tenth of the time it takes to receive.
 */
function freeNow(chunk: Buffer): void {
  const { buffer } = chunk;
  // A view of something larger is not ours to free.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === chunk.length) buffer.transfer(0);
}
