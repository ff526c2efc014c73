import { type BigIntStats, constants } from 'node:fs';
import { access, open, stat, type FileHandle } from 'node:fs/promises';
import type { SourceIdentity } from '#main/journal';
import { isSluiceError, sluiceError } from '#shared/errors';
import type { SmallFiles } from './small-files.ts';

/** Without waiting for the writer, should it be a pipe; where there are no such pipes, there is no such flag. */
const READ = constants.O_RDONLY | ((constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

/** An ordinary file, read by position. Whether it is still the same is asked of the file, never assumed. */
export class FileSource {
  readonly path: string;
  readonly identity: SourceIdentity;
  /** null once closed. */
  #from: FileHandle | Buffer | null;

  /** @param from the open file; or all of its bytes, read while it did not change */
  private constructor(path: string, identity: SourceIdentity, from: FileHandle | Buffer) {
    this.path = path;
    this.identity = identity;
    this.#from = from;
  }

  /** As `open`; a small file is read whole at once. */
  static async load(path: string, files: SmallFiles): Promise<FileSource> {
    const small = await files.load(path);
    return small === null ? FileSource.open(path) : new FileSource(path, small.identity, small.content);
  }

  /** @throws SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_IS_FOLDER, SOURCE_NOT_A_FILE, SOURCE_LOCKED, FILE_ERROR */
  static async open(path: string): Promise<FileSource> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, READ);
      const found = await handle.stat({ bigint: true });
      if (!found.isFile()) await assertOrdinary(path);
      return new FileSource(path, identityOf(found), handle);
    } catch (error) {
      await handle?.close();
      if (!isSluiceError(error)) await assertOrdinary(path); // what it is says more than how opening it failed
      throw sourceError(path, error);
    }
  }

  /**
   * Fills the buffer from the file.
   * @throws SOURCE_CHANGED where the file ends before it; FILE_ERROR, SOURCE_LOCKED, SOURCE_UNREADABLE
   */
  async read(buffer: Uint8Array, offset: number): Promise<void> {
    const from = this.#from;
    if (from === null) throw new TypeError('a source that was closed is read');
    let filled = Buffer.isBuffer(from) ? from.copy(buffer, 0, offset) : 0;
    while (filled < buffer.length) {
      if (Buffer.isBuffer(from)) throw sluiceError('SOURCE_CHANGED', { path: this.path });
      const { bytesRead } = await from
        .read(buffer, filled, buffer.length - filled, offset + filled)
        .catch((error: unknown) => {
          throw sourceError(this.path, error);
        });
      if (bytesRead === 0) throw sluiceError('SOURCE_CHANGED', { path: this.path });
      filled += bytesRead;
    }
  }

  /**
   * By its name: a file that was replaced under it is another file, and one that was not is the one that is open.
   * @throws SOURCE_CHANGED; SOURCE_MISSING, SOURCE_UNREADABLE and such where it is that which changed
   */
  async assertUnchanged(): Promise<void> {
    if (Buffer.isBuffer(this.#from)) return; // asked when it was read
    const fail = (error: unknown): never => {
      throw sourceError(this.path, error);
    };
    const now = await stat(this.path, { bigint: true }).then(identityOf, fail);
    if (sameIdentity(now, this.identity)) return;
    await access(this.path, constants.R_OK).catch(fail);
    throw sluiceError('SOURCE_CHANGED', { path: this.path });
  }

  async close(): Promise<void> {
    const from = this.#from;
    this.#from = null;
    if (from !== null && !Buffer.isBuffer(from)) await from.close();
  }
}

/** @returns the size; @throws as FileSource.open does */
export async function assertOrdinary(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw sluiceError('SOURCE_IS_FOLDER', { path });
    if (!found.isFile()) throw sluiceError('SOURCE_NOT_A_FILE', { path });
    return found.size;
  } catch (error) {
    throw sourceError(path, error);
  }
}

export function sameIdentity(a: SourceIdentity, b: SourceIdentity): boolean {
  return (
    a.size === b.size && a.modifiedNs === b.modifiedNs && a.changedNs === b.changedNs && a.fileId === b.fileId
  );
}

/** Whether the file at a path is, untouched, the one that was seen. */
export async function looksLike(path: string, seen: SourceIdentity): Promise<boolean> {
  const now = await stat(path, { bigint: true }).then(identityOf, () => null);
  return now !== null && sameIdentity(now, seen);
}

export function identityOf(stats: BigIntStats): SourceIdentity {
  return {
    size: Number(stats.size),
    modifiedNs: stats.mtimeNs.toString(),
    changedNs: stats.ctimeNs.toString(),
    fileId: `${stats.dev}:${stats.ino}`,
  };
}

/** What went wrong with a file that is only read. */
export function sourceError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return sluiceError('SOURCE_MISSING', { path }, error);
    case 'EACCES':
    case 'EPERM':
      return sluiceError('SOURCE_UNREADABLE', { path }, error);
    case 'EISDIR':
      return sluiceError('SOURCE_IS_FOLDER', { path }, error);
    case 'EBUSY':
    case 'ETXTBSY':
      return sluiceError('SOURCE_LOCKED', { path }, error);
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
    case 'ENOTCONN':
    case 'EMFILE':
      return sluiceError('FILE_ERROR', { path, reason: message }, error);
    default:
      return error;
  }
}
