import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sluiceError } from '#shared/errors';
import { formatBytes } from '#shared/lib';

/** Bytes that are still to be written below a path. */
export interface Need {
  readonly path: string;
  readonly bytes: number;
}

interface Disk {
  readonly device: number;
  /** Bytes this user may still write. */
  readonly free: number;
}

/** Of the nearest folder above the path that is there. */
async function diskOf(path: string): Promise<Disk> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      const { dev } = await stat(folder);
      const { bavail, bsize } = await statfs(folder);
      return { device: dev, free: bavail * bsize };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if ((code !== 'ENOENT' && code !== 'ENOTDIR') || folder === dirname(folder)) throw error;
    }
  }
}

/**
 * Sizes are known, so a disk that is too small is foreseen: what is wanted must fit beside what others are writing
 * or will write there.
 * @throws DISK_SHORT
 */
export async function assertRoom(wanted: readonly Need[], others: readonly Need[]): Promise<void> {
  const known = new Map<string, Promise<Disk>>();
  const lookAt = (path: string): Promise<Disk> => {
    const folder = dirname(path);
    const disk = known.get(folder) ?? diskOf(path);
    known.set(folder, disk);
    return disk;
  };
  const needs = new Map<number, { readonly path: string; readonly free: number; bytes: number }>();
  for (const { path, bytes } of wanted) {
    const { device, free } = await lookAt(path);
    const sum = needs.get(device) ?? { path, free, bytes: 0 };
    sum.bytes += bytes;
    needs.set(device, sum);
  }
  for (const { path, bytes } of others) {
    const sum = needs.get((await lookAt(path)).device);
    if (sum !== undefined) sum.bytes += bytes;
  }
  for (const { path, free, bytes } of needs.values()) {
    if (bytes > free) {
      throw sluiceError('DISK_SHORT', { path, needed: formatBytes(bytes), free: formatBytes(free) });
    }
  }
}

/** Who writes to which disk. One at a time is let in, so that two do not both take the last of the room. */
export class Room {
  readonly #inside = new Map<string, { readonly path: string; readonly left: () => number }>();
  #turn: Promise<void> = Promise.resolve();

  /**
   * @param left bytes it still has to write, asked anew for each who comes after
   * @throws DISK_SHORT
   */
  enter(id: string, path: string, left: () => number): Promise<void> {
    const entering = this.#turn.then(async () => {
      const others = [...this.#inside].filter(([other]) => other !== id);
      await assertRoom(
        [{ path, bytes: left() }],
        others.map(([, other]) => ({ path: other.path, bytes: other.left() })),
      );
      this.#inside.set(id, { path, left });
    });
    this.#turn = entering.catch(() => undefined); // who came before was told; the next has its turn all the same
    return entering;
  }

  leave(id: string): void {
    this.#inside.delete(id);
  }
}
