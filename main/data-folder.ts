import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sluiceError } from '#shared/errors';

/** The rooms of a data folder. */
export interface DataFolder {
  readonly path: string;
  /** Objects of the built-in bucket. */
  readonly bucket: string;
  /** Copies of objects and outputs: can be made anew. */
  readonly copies: string;
  /** Where the table engine spills. */
  readonly work: string;
  /** What files are compressed to before they are sent. */
  readonly spool: string;
  /** What is being appended to spreadsheets. */
  readonly deliveries: string;
}

/** Makes the folder, readable by its owner only. @throws DATA_FOLDER_UNUSABLE */
export function openDataFolder(path: string): DataFolder {
  const folder = {
    path,
    bucket: join(path, 'bucket'),
    copies: join(path, 'copies'),
    work: join(path, 'work'),
    spool: join(path, 'work', 'spool'),
    deliveries: join(path, 'deliveries'),
  };
  try {
    for (const each of Object.values(folder)) mkdirSync(each, { recursive: true, mode: 0o700 });
    return folder;
  } catch (error) {
    throw sluiceError('DATA_FOLDER_UNUSABLE', { folder: path, reason: (error as Error).message }, error);
  }
}

/**
 * A random secret that outlives the process, in a file only its owner can read.
 * @param bytes how many random bytes, written as twice as many hex digits
 */
export function persistentSecret(folder: DataFolder, name: string, bytes: number): string {
  const path = join(folder.path, name);
  const known = readIfThere(path);
  if (known !== null && new RegExp(`^[0-9a-f]{${bytes * 2}}$`).test(known)) return known;
  const secret = randomBytes(bytes).toString('hex');
  writeAtomically(path, secret);
  return secret;
}

/** The built-in bucket of a data folder, by whatever door it is opened. */
export const BUILTIN_BUCKET = 'sluice';
export const BUILTIN_REGION = 'us-east-1';

/** Its keys, made once: they keep other users of this machine out. */
export function builtinKeys(folder: DataFolder): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
} {
  return {
    accessKeyId: `SLUICE${persistentSecret(folder, 'bucket-key-id', 7).toUpperCase()}`,
    secretAccessKey: persistentSecret(folder, 'bucket-secret', 20),
  };
}

/** The port something listened on last time, so that addresses handed out stay good. */
export function rememberedPort(folder: DataFolder, name: string): number {
  const port = Number(readIfThere(join(folder.path, name)));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

export function rememberPort(folder: DataFolder, name: string, port: number): void {
  writeAtomically(join(folder.path, name), String(port));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeAtomically(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
