import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { HashPool } from '#main/hashing';
import type { Clock } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import { lonely, sourceError, withRetry } from '#main/transfers';
import type { Difference, FileCheck, Manifest, ManifestFile, Verification } from '#shared/domain';
import { sluiceError, toSluiceError } from '#shared/errors';
import { compareBytes, compareObject, ownBytes, storedBytes } from './check.ts';
import { sumFile, sumObject, sumPacked, type ObjectToRead } from './sums.ts';

/** Where the files of a manifest are looked for. */
export type Place =
  /** What the store says of them; with `deep`, all their bytes too. */
  | { readonly kind: 'store'; readonly store: ObjectStore; readonly deep: boolean }
  /** Copies in a folder: all their bytes. */
  | { readonly kind: 'folder'; readonly path: string };

export interface VerifyOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In no particular order. */
  readonly onChecked: (check: FileCheck) => void;
}

const QUESTIONS_AT_ONCE = 16;
const READERS_AT_ONCE = 2;
const ATTEMPTS = 6;

interface Found {
  readonly differences: readonly Difference[];
  readonly bytesRead: number;
}

/** Asks of every file that arrived whether it is still what the manifest says. @throws CANCELLED */
export async function verify(manifest: Manifest, options: VerifyOptions): Promise<Verification> {
  const { place, signal } = options;
  const arrived = manifest.files.filter(({ state }) => state === 'done');
  const counts = { agrees: 0, differs: 0, unchecked: 0 };
  let bytesRead = 0;
  const pool = new HashPool();
  const one = async (file: ManifestFile): Promise<void> => {
    const { path, key } = file;
    let check: FileCheck;
    try {
      const found =
        place.kind === 'store'
          ? await askStore(file, place, pool, options)
          : await readCopy(file, place.path, pool, signal);
      bytesRead += found.bytesRead;
      check =
        found.differences.length === 0
          ? { outcome: 'agrees', path, key }
          : { outcome: 'differs', path, key, differences: [...found.differences] };
    } catch (error) {
      signal.throwIfAborted();
      check = { outcome: 'unchecked', path, key, error: toSluiceError(error).report() };
    }
    counts[check.outcome] += 1;
    options.onChecked(check);
  };
  try {
    const waiting = arrived.values();
    const worker = async (): Promise<void> => {
      for (const file of waiting) {
        signal.throwIfAborted();
        await one(file);
      }
    };
    const workers = place.kind === 'store' && !place.deep ? QUESTIONS_AT_ONCE : READERS_AT_ONCE;
    const ends = await Promise.allSettled(Array.from({ length: workers }, worker)); // none is under way any more
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  } finally {
    await pool.close();
  }
  return {
    files: arrived.length,
    agree: counts.agrees,
    differ: counts.differs,
    unchecked: counts.unchecked,
    neverArrived: manifest.files.length - arrived.length,
    bytesRead,
  };
}

async function askStore(
  file: ManifestFile,
  { store, deep }: Extract<Place, { kind: 'store' }>,
  pool: HashPool,
  { clock, signal }: VerifyOptions,
): Promise<Found> {
  const stored = await withRetry(() => store.head(file.key, signal), {
    line: lonely(clock),
    signal,
    patience: () => ({ attempts: ATTEMPTS }),
  });
  const said = compareObject(file, stored);
  if (!deep || stored === null) return { differences: said, bytesRead: 0 };
  const object = { store, key: file.key, stored, pool, clock, signal };
  const { differences, bytesRead } = await readObject(file, object);
  const unsaid = differences.filter(
    (difference) => !said.some(({ what, found }) => what === difference.what && found === difference.found),
  );
  return { differences: [...said, ...unsaid], bytesRead };
}

async function readObject(file: ManifestFile, object: ObjectToRead): Promise<Found> {
  if (file.original === null) {
    const sums = await sumObject(object);
    return { differences: compareBytes(storedBytes(file), sums), bytesRead: sums.size };
  }
  const { compressedBy } = file.original;
  const { stored, own } = await sumPacked(object, compressedBy);
  const within: readonly Difference[] =
    own === null
      ? [{ what: 'file', expected: `a file compressed by ${compressedBy}`, found: 'damaged' }]
      : compareBytes(ownBytes(file), own);
  return { differences: [...compareBytes(storedBytes(file), stored), ...within], bytesRead: stored.size };
}

async function readCopy(
  file: ManifestFile,
  folder: string,
  pool: HashPool,
  signal: AbortSignal,
): Promise<Found> {
  const path = await copyOf(file, folder);
  if (path === null) {
    return {
      differences: [{ what: 'file', expected: 'there', found: 'missing' }],
      bytesRead: 0,
    };
  }
  const sums = await sumFile(path, pool, signal);
  return { differences: compareBytes(ownBytes(file), sums), bytesRead: sums.size };
}

/** In the folder that was dropped, or in the one it lies in. */
async function copyOf({ path }: ManifestFile, folder: string): Promise<string | null> {
  const below = path.split('/');
  for (const steps of [below, below.slice(1)]) {
    if (steps.length === 0) continue;
    const candidate = inside(folder, steps);
    if (await exists(candidate)) return candidate;
  }
  return null;
}

/** @throws INPUT_INVALID for a name that leads out of the folder */
function inside(folder: string, steps: readonly string[]): string {
  const root = resolve(folder);
  const candidate = join(root, ...steps);
  const from = relative(root, candidate);
  if (
    from === '' ||
    from === '..' ||
    from.startsWith(`..${sep}`) ||
    isAbsolute(from) ||
    candidate.includes('\0')
  ) {
    throw sluiceError('INPUT_INVALID', { what: `${steps.join('/')} is not a name below ${folder}` });
  }
  return candidate;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false;
    throw sourceError(path, error);
  }
}
