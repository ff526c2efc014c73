import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sourceError } from '#main/transfers';
import type { DirectoryEntry, SystemInfo } from '#shared/domain';
import { sluiceError } from '#shared/errors';

const LIMIT = 10_000;

export interface Listing {
  readonly path: string;
  readonly parent: string | null;
  readonly entries: DirectoryEntry[];
  readonly omitted: number;
}

/**
 * Lists a folder of this machine, folders first. Hidden entries are left out.
 * @param path null begins at home
 * @throws UNSUPPORTED_HERE, SOURCE_MISSING, SOURCE_UNREADABLE
 */
export async function browse(path: string | null, info: SystemInfo): Promise<Listing> {
  if (!info.capabilities.hostPaths) throw sluiceError('UNSUPPORTED_HERE', { what: 'Listing folders' });
  const folder = resolve(path ?? info.home);
  try {
    const names = (await readdir(await realpath(folder)))
      .filter((name) => !name.startsWith('.'))
      .sort(byName);
    const entries = await Promise.all(names.slice(0, LIMIT).map((name) => look(join(folder, name), name)));
    const rank = { folder: 0, file: 1, other: 2 } as const;
    const parent = dirname(folder);
    return {
      path: folder,
      parent: parent === folder ? null : parent,
      entries: entries.sort((a, b) => rank[a.kind] - rank[b.kind]),
      omitted: Math.max(0, names.length - LIMIT),
    };
  } catch (error) {
    throw sourceError(folder, error);
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const byName = (a: string, b: string): number => collator.compare(a, b);

async function look(path: string, name: string): Promise<DirectoryEntry> {
  const found = await stat(path).catch(() => null); // a broken link is listed, and cannot be chosen
  const readable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  return {
    name,
    path,
    kind: found?.isDirectory() === true ? 'folder' : found?.isFile() === true ? 'file' : 'other',
    size: found?.size ?? 0,
    modified: found?.mtimeMs ?? 0,
    readable,
  };
}
