import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { isSluiceError, sluiceError } from '#shared/errors';
import { makeFolder, targetError } from '../publish.ts';

/** Where one file goes. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  /** What of it lies below the folder that was chosen, with forward slashes. */
  readonly relativePath: string;
}

/** @returns the folder that was chosen */
export function rootOf({ path, relativePath }: Place): string {
  return resolve(path, ...relativePath.split('/').map(() => '..'));
}

/**
 * Makes the folders down to a file. The folder that was chosen may be reached by any way; below it, links that lead
 * out of it are refused before anything is made behind them.
 * @throws TARGET_OUTSIDE, TARGET_EXISTS where a file stands in the way, TARGET_UNWRITABLE, DISK_FULL
 */
export async function makeFolders(place: Place): Promise<void> {
  await makeFoldersBelow(rootOf(place), place.relativePath.split('/').slice(0, -1));
}

/** The same for folders alone. @param steps names, one below the other */
export async function makeFoldersBelow(root: string, steps: readonly string[]): Promise<void> {
  await makeFolder(root);
  try {
    const inside = `${await realpath(root)}${sep}`;
    let folder = root;
    for (const step of steps) {
      folder = join(folder, step);
      await mkdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
      const found = await lstat(folder);
      if (found.isSymbolicLink() && !`${await realpath(folder)}${sep}`.startsWith(inside)) {
        throw sluiceError('TARGET_OUTSIDE', { path: folder });
      }
      if (found.isFile()) throw sluiceError('TARGET_EXISTS', { path: folder });
    }
  } catch (error) {
    throw isSluiceError(error) ? error : targetError(join(root, ...steps), error);
  }
}
