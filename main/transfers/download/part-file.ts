import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { sluiceError } from '#shared/errors';
import type { PartRange } from '../plan.ts';
import { targetError } from '../publish.ts';

/** Links are not followed: what is written must be the file of that name. Windows has no such flag. */
const NO_FOLLOW = (constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

/**
 * The unfinished file beside its place. It has its full length from the start, without taking up the room, so that
 * ranges land in any order.
 */
export class PartFile {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @throws DISK_FULL, TARGET_UNWRITABLE, FILE_ERROR; TARGET_EXISTS where something of that name is there */
  static async create(path: string, size: number): Promise<PartFile> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, 0o600);
      await handle.truncate(size);
      return new PartFile(path, handle);
    } catch (error) {
      await handle?.close();
      if (handle !== null) await rm(path, { force: true });
      throw targetError(path, error);
    }
  }

  /** @returns null where there is none, or it is not one of that length */
  static async reopen(path: string, size: number): Promise<PartFile | null> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, constants.O_RDWR | NO_FOLLOW);
      const found = await handle.stat();
      if (found.isFile() && found.size === size) return new PartFile(path, handle);
      await handle.close();
      return null;
    } catch (error) {
      await handle?.close();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ELOOP') return null;
      throw targetError(path, error);
    }
  }

  /** @throws DISK_FULL, ... */
  async write(chunks: readonly Uint8Array[], at: number): Promise<void> {
    try {
      let rest = chunks;
      for (let position = at; rest.length > 0;) {
        const { bytesWritten } = await this.#handle.writev([...rest], position);
        position += bytesWritten;
        rest = after(rest, bytesWritten);
      }
    } catch (error) {
      throw targetError(this.path, error);
    }
  }

  /** @param buffer to read through; @returns the CRC-32 of what stands in the file */
  async crc32(range: PartRange, buffer: Buffer, signal: AbortSignal): Promise<number> {
    let crc = 0;
    for (let done = 0; done < range.length;) {
      signal.throwIfAborted();
      const length = Math.min(buffer.length, range.length - done);
      const { bytesRead } = await this.#handle
        .read(buffer, 0, length, range.offset + done)
        .catch((error: unknown) => {
          throw targetError(this.path, error);
        });
      if (bytesRead === 0) throw sluiceError('FILE_ERROR', { path: this.path, reason: 'it became shorter' });
      crc = crc32(buffer.subarray(0, bytesRead), crc);
      done += bytesRead;
    }
    return crc;
  }

  /** To the disk, readable as files are that other programs write. A failed sync is final: it may have lost bytes. */
  async seal(): Promise<void> {
    try {
      await this.#handle.chmod(0o644);
      await this.#handle.sync();
    } catch (error) {
      throw targetError(this.path, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** What is left of them once so many bytes are written. */
function after(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written;
  return chunks.flatMap((chunk) => {
    const gone = Math.min(skip, chunk.length);
    skip -= gone;
    return gone === chunk.length ? [] : [chunk.subarray(gone)];
  });
}
