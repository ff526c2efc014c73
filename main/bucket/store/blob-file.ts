/**
 * The file of one blob while it is received. A blob is acknowledged only once it is on disk, so on its way it gains
 * nothing from the page cache: where the system can, it is written past it, which spares a copy and the memory.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { type Block, BLOCK_SIZE } from './blocks.ts';

/** What direct writes must begin at and be multiples of, on every disk we know. */
const SECTOR = 4096;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

export class BlobFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #direct: boolean;
  /** Opened where a direct write was refused after all. */
  #buffered: Promise<FileHandle> | null = null;
  #padded = false;

  private constructor(path: string, file: FileHandle, direct: boolean) {
    this.#path = path;
    this.#file = file;
    this.#direct = direct;
  }

  /** @param length of the blob, in bytes. Throws EEXIST where the file is there. */
  static async create(path: string, length: number): Promise<BlobFile> {
    // Neither macOS nor Windows has the flag, whatever the types say.
    const flag = (constants as { readonly O_DIRECT?: number }).O_DIRECT;
    if (flag === undefined || length < BLOCK_SIZE) return new BlobFile(path, await open(path, NEW), false);
    try {
      return new BlobFile(path, await open(path, NEW | flag), true);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // A file system without direct writes may have made the file before it refused them.
      return new BlobFile(path, await open(path, NEW & ~constants.O_EXCL), false);
    }
  }

  /** Writes the first bytes of a block. The block must rest until this resolves; behind `length` it may change. */
  async write(block: Block, length: number, position: number): Promise<void> {
    if (!this.#direct || position % SECTOR !== 0) return writeAll(this.#file, block, length, position);
    const padded = Math.ceil(length / SECTOR) * SECTOR;
    if (padded > length) {
      block.bytes.fill(0, length, padded);
      this.#padded = true;
    }
    try {
      await writeAll(this.#file, block, padded, position);
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.#buffered ??= open(this.#path, 'r+');
      await writeAll(await this.#buffered, block, length, position);
    }
  }

  /** Resolves when the bytes are on disk, and closes the file. */
  async seal(size: number): Promise<void> {
    if (this.#padded) await this.#file.truncate(size);
    await this.#file.sync();
    await this.close();
  }

  async close(): Promise<void> {
    await (await this.#buffered)?.close();
    await this.#file.close();
  }
}

/** Of direct writes: the file system has none, or wants another alignment. */
const isRefused = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EINVAL' || code === 'ENOTSUP' || code === 'EOPNOTSUPP';
};

async function writeAll(file: FileHandle, block: Block, length: number, position: number): Promise<void> {
  for (let written = 0; written < length;) {
    const { bytesWritten } = await file.write(block.bytes, written, length - written, position + written);
    written += bytesWritten;
  }
}
