import { lstat, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OnExisting } from '#main/journal';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { numbered } from './names.ts';
import type { Place } from './place.ts';
import { crc32OfFile, judge, type Measure } from './proof.ts';

/** What is done about the name a download goes to, before a byte is fetched. */
export type Opening =
  | { readonly kind: 'fetch'; readonly place: Place }
  /** What is there is the object already. */
  | { readonly kind: 'identical'; readonly crc32: number; readonly proven: string };

/**
 * @param name the one that was wished for
 * @throws TARGET_EXISTS where a file stands there and must stay: `protect` says so of every file, `skip` of one that
 * is not the same; a folder is never replaced
 */
export async function openingFor(
  place: Place,
  name: string,
  existing: OnExisting,
  measure: Measure,
  signal: AbortSignal,
): Promise<Opening> {
  const found = await lookAt(place.path);
  if (found === null) return { kind: 'fetch', place };
  const { path } = place;
  switch (existing) {
    case 'protect':
      throw sluiceError('TARGET_EXISTS', { path });
    case 'replace':
      if (found === 'folder') throw sluiceError('TARGET_EXISTS', { path });
      return { kind: 'fetch', place };
    case 'rename':
      for (let attempt = 2; ; attempt += 1) {
        const other = renamed(place, name, attempt);
        if ((await lookAt(other.path)) === null) return { kind: 'fetch', place: other };
      }
    case 'skip':
      return identical(path, measure, signal);
    default:
      return assertNever(existing);
  }
}

/** @returns null where nothing is, not even a link that leads nowhere */
async function lookAt(path: string): Promise<'file' | 'folder' | null> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return null;
  return found.isDirectory() ? 'folder' : 'file';
}

/** The same folder, under another name: `a (2).csv`. @param name the one that was wished for */
export function renamed({ path, relativePath }: Place, name: string, attempt: number): Place {
  const other = numbered(name, attempt);
  return {
    path: join(dirname(path), other),
    relativePath: `${relativePath.slice(0, relativePath.lastIndexOf('/') + 1)}${other}`,
  };
}

async function identical(path: string, measure: Measure, signal: AbortSignal): Promise<Opening> {
  const found = await stat(path).catch(() => null);
  // A size alone does not tell one file from another.
  if (found?.isFile() !== true || found.size !== measure.size || measure.kind === 'size') {
    throw sluiceError('TARGET_EXISTS', { path });
  }
  const crc = await crc32OfFile(path, signal);
  const verdict = await judge(path, measure, crc, signal);
  if (verdict.kind !== 'same') throw sluiceError('TARGET_EXISTS', { path });
  return { kind: 'identical', crc32: crc, proven: verdict.proven };
}
