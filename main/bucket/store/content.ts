/** Reading what an object is made of: stretches of blobs in order, held until the reader is done. */
import type { FileHandle } from 'node:fs/promises';
import { digestNow, type DigestName, type Digests, type HashPool } from '#main/hashing';
import { type ByteRange, S3Error } from '../wire/index.ts';
import type { BlobFiles } from './blob-files.ts';
import { type Block, BLOCK_SIZE, giveBlock, takeBlock } from './blocks.ts';
import type { Index } from './database.ts';
import type { Slice } from './records.ts';

interface Layout {
  readonly slices: readonly Slice[];
  /** Where each slice begins in the content. */
  readonly offsets: readonly number[];
}

/** Slices remembered in all, so that many ranged reads of one object look them up once. */
const CACHED_SLICES = 100_000;
const HASHED_HERE = 64 * 1024;

export class Contents {
  readonly #index: Index;
  readonly #files: BlobFiles;
  readonly #hashes: HashPool;
  /** A content never changes, so what is known of it stays true. */
  readonly #layouts = new Map<number, Layout>();
  #cached = 0;

  constructor(index: Index, files: BlobFiles, hashes: HashPool) {
    this.#index = index;
    this.#files = files;
    this.#hashes = hashes;
  }

  /** @returns the slices that hold a range of a content */
  slices(owner: number, range: ByteRange): readonly Slice[] {
    if (range.length === 0) return [];
    const { slices, offsets } = this.#layout(owner);
    const end = range.start + range.length;
    const found: Slice[] = [];
    for (let at = firstAt(offsets, range.start); at < slices.length; at += 1) {
      const slice = slices[at];
      const offset = offsets[at] ?? 0;
      if (slice === undefined || offset >= end) break;
      const from = Math.max(range.start, offset);
      const to = Math.min(end, offset + slice.length);
      found.push({ blob: slice.blob, start: slice.start + from - offset, length: to - from });
    }
    return found;
  }

  /** Holds the bytes of a range from this moment on, whatever becomes of the object. To be released. */
  open(owner: number, range: ByteRange): HeldContent {
    const slices = this.slices(owner, range);
    const inline = new Map<number, Buffer>();
    const ids = [...new Set(slices.map(({ blob }) => blob))];
    for (const id of ids) {
      const row = this.#index.get<{ bytes: Uint8Array | null }>('SELECT bytes FROM blobs WHERE id = ?', id);
      if (row === null) throw new S3Error('InternalError', undefined, {}, new Error(`Blob ${id} is missing`));
      if (row.bytes !== null) inline.set(id, Buffer.from(row.bytes));
    }
    this.#files.hold(ids);
    return new HeldContent(slices, inline, ids, this.#files);
  }

  /** @returns digests of a range, read from disk */
  async digest(owner: number, range: ByteRange, names: readonly DigestName[]): Promise<Digests> {
    const content = this.open(owner, range);
    try {
      if (range.length <= HASHED_HERE) {
        const chunks: Buffer[] = [];
        await content.read((bytes) => {
          chunks.push(Buffer.from(bytes));
          return Promise.resolve();
        });
        return digestNow(Buffer.concat(chunks), names);
      }
      const hash = this.#hashes.open(names);
      try {
        await content.read((bytes, { memory }) => hash.update(memory, bytes.length));
        return await hash.digest();
      } finally {
        hash.drop();
      }
    } finally {
      content.release();
    }
  }

  /** Forgets contents that were removed. */
  forget(owner: number): void {
    const layout = this.#layouts.get(owner);
    if (layout === undefined) return;
    this.#cached -= layout.slices.length;
    this.#layouts.delete(owner);
  }

  #layout(owner: number): Layout {
    const known = this.#layouts.get(owner);
    if (known !== undefined) return known;
    const slices = this.#index.all<Slice>(
      'SELECT blob, start, length FROM slices WHERE owner = ? ORDER BY number, position',
      owner,
    );
    let offset = 0;
    const offsets = slices.map(({ length }) => (offset += length) - length);
    const layout: Layout = { slices, offsets };
    this.#layouts.set(owner, layout);
    this.#cached += slices.length;
    for (const oldest of this.#layouts.keys()) {
      if (this.#cached <= CACHED_SLICES || oldest === owner) break;
      this.forget(oldest);
    }
    return layout;
  }
}

/** @returns the index of the slice that holds `position` */
function firstAt(offsets: readonly number[], position: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a reader does with bytes; they are its own until its promise settles. */
export type UseBytes = (bytes: Buffer, block: Block) => Promise<void>;

export class HeldContent {
  readonly #slices: readonly Slice[];
  readonly #inline: ReadonlyMap<number, Buffer>;
  readonly #ids: readonly number[];
  readonly #files: BlobFiles;
  #held = true;

  constructor(
    slices: readonly Slice[],
    inline: ReadonlyMap<number, Buffer>,
    ids: readonly number[],
    files: BlobFiles,
  ) {
    this.#slices = slices;
    this.#inline = inline;
    this.#ids = ids;
    this.#files = files;
  }

  release(): void {
    if (this.#held) this.#files.release(this.#ids);
    this.#held = false;
  }

  /** Gives the bytes in order. Reads the next block while the last one is used; there are never more than two. */
  async read(use: UseBytes): Promise<void> {
    let using: Promise<void> = Promise.resolve();
    let file = null as OpenFile | null;
    const spare: Block[] = [takeBlock(), takeBlock()];
    try {
      for (const slice of this.#slices) {
        const inline = this.#inline.get(slice.blob);
        if (inline === undefined && file?.id !== slice.blob) {
          await file?.handle.close();
          file = { id: slice.blob, handle: await this.#files.read(slice.blob) };
        }
        for (let at = 0; at < slice.length;) {
          const block = spare.shift() ?? takeBlock();
          const wanted = Math.min(BLOCK_SIZE, slice.length - at);
          const from = slice.start + at;
          let got: number;
          if (inline === undefined) got = await fill(file?.handle, block, wanted, from);
          else got = inline.copy(block.bytes, 0, from, from + wanted);
          if (got === 0) throw new Error(`Blob ${slice.blob} ends before its time`);
          at += got;
          await using;
          using = use(block.bytes.subarray(0, got), block).finally(() => spare.push(block));
          using.catch(() => undefined);
        }
      }
      await using;
    } finally {
      await Promise.allSettled([using]);
      await file?.handle.close();
      for (const block of spare) giveBlock(block);
    }
  }
}

interface OpenFile {
  readonly id: number;
  readonly handle: FileHandle;
}

async function fill(
  handle: FileHandle | undefined,
  block: Block,
  length: number,
  position: number,
): Promise<number> {
  if (handle === undefined) throw new TypeError('No file is open');
  const { bytesRead } = await handle.read(block.bytes, 0, length, position);
  return bytesRead;
}
