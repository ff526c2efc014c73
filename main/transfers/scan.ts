import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sluiceError, toSluiceError, type ErrorReport } from '#shared/errors';
import { sourceError } from './source.ts';

export interface FoundFile {
  readonly path: string;
  readonly name: string;
  /** Below the folder that was given, its own name included; forward slashes. */
  readonly relativePath: string;
  readonly size: number;
}

export interface Refused {
  readonly name: string;
  readonly error: ErrorReport;
}

/**
 * Turns files and folders into files. Links are not followed inside folders; what cannot be uploaded is listed with its
 * reason and the rest goes on.
 */
export async function scan(
  paths: readonly string[],
): Promise<{ readonly files: readonly FoundFile[]; readonly refused: readonly Refused[] }> {
  const files: FoundFile[] = [];
  const refused: Refused[] = [];
  const refuse = (name: string, error: unknown): void => {
    refused.push({ name, error: toSluiceError(error).report() });
  };
  for (const path of paths) {
    try {
      const found = await stat(path).catch((error: unknown) => {
        throw sourceError(path, error);
      });
      if (found.isDirectory()) {
        const before = files.length + refused.length;
        await scanFolder(path, basename(path), files, refuse);
        if (files.length + refused.length === before) throw sluiceError('FOLDER_EMPTY', { path });
      } else {
        files.push(await lookAt(path, basename(path)));
      }
    } catch (error) {
      refuse(path, error);
    }
  }
  return { files, refused };
}

async function scanFolder(
  folder: string,
  relativePath: string,
  files: FoundFile[],
  refuse: (name: string, error: unknown) => void,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    refuse(folder, sourceError(folder, error));
    return [];
  });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const below = `${relativePath}/${entry.name}`;
    if (entry.isDirectory()) await scanFolder(path, below, files, refuse);
    else if (entry.isSymbolicLink()) continue;
    else
      await lookAt(path, below).then(
        (file) => files.push(file),
        (error: unknown) => refuse(path, error),
      );
  }
}

/** @throws SOURCE_* */
async function lookAt(path: string, relativePath: string): Promise<FoundFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw sluiceError('SOURCE_NOT_A_FILE', { path });
    if (found.size === 0) throw sluiceError('SOURCE_EMPTY', { path });
    await access(path, constants.R_OK);
    return { path, name: basename(path), relativePath, size: found.size };
  } catch (error) {
    throw sourceError(path, error);
  }
}
