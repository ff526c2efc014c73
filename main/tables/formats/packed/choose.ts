import { basename } from 'node:path/posix';
import { sluiceError } from '#shared/errors';
import type { Packing } from './packing.ts';
import { entryHead, openEntry, type ZipEntry } from './zip.ts';

/** So many of the largest files are looked into. */
const LOOKED_AT = 200;
const HEAD = 4096;

/**
 * The file in a zip archive that holds the table: the one that was asked for, else the largest that can be one. Throws
 * ENTRY_MISSING, ARCHIVE_UNFIT where there is none.
 *
 * @param whyNot why something that begins so can be no table, or null
 */
export async function chooseEntry(
  path: string,
  name: string,
  entries: readonly ZipEntry[],
  asked: string | null,
  whyNot: (head: Buffer) => string | null,
): Promise<Packing> {
  const files = entries.filter(isFile);
  const largest = files.toSorted((a, b) => b.size - a.size).slice(0, LOOKED_AT);
  const fit: ZipEntry[] = [];
  let reason = 'it is empty';
  for (const entry of largest) {
    if (entry.encrypted) reason = 'what is in it is locked with a password';
    else if (!entry.readable) reason = 'it is packed in a way that is not known here';
    else {
      const why = whyNot(await entryHead(path, name, entry, HEAD));
      if (why === null) fit.push(entry);
      else reason = why;
    }
  }
  const chosen = asked === null ? fit[0] : fit.find((entry) => entry.name === asked);
  if (chosen === undefined) {
    if (asked !== null) throw sluiceError('ENTRY_MISSING', { name, entry: asked });
    throw sluiceError('ARCHIVE_UNFIT', { name, reason });
  }
  // In the order of the archive, which is the one its maker gave it.
  const listed = files.filter((entry) => fit.includes(entry));
  return {
    container: {
      kind: 'zip',
      entries: listed.map((entry) => ({ name: entry.name, size: entry.size })),
      entry: chosen.name,
    },
    name: basename(chosen.name),
    packed: chosen.packed,
    claimed: chosen.size,
    crc: chosen.crc,
    what: 'zip',
    open: () => openEntry(path, name, chosen),
  };
}

/** Folders, what systems put beside files, and hidden files hold no table. */
function isFile({ name, size }: ZipEntry): boolean {
  if (name.endsWith('/') || size === 0) return false;
  return !name
    .split('/')
    .some((part) => part === '__MACOSX' || (part.startsWith('.') && part !== '.' && part !== '..'));
}
