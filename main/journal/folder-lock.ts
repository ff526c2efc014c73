import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sluiceError } from '#shared/errors';

/**
 * One Sluice per data folder. The lock is the operating system's own, held through SQLite: it is gone the moment the
 * process is, however it ended, so there is never a stale one to clean up.
 * @param owner how this Sluice would be described to the next, e.g. `the desktop app, process 4711`
 * @returns a function that gives the folder back
 * @throws DATA_FOLDER_BUSY, DATA_FOLDER_UNUSABLE
 */
export function lockFolder(folder: string, owner: string): () => void {
  const note = join(folder, 'owner.txt');
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    writeFileSync(note, owner);
    const held = db;
    return () => held.close();
  } catch (error) {
    db?.close();
    if (isBusy(error)) throw sluiceError('DATA_FOLDER_BUSY', { folder, owner: readOwner(note) }, error);
    throw sluiceError('DATA_FOLDER_UNUSABLE', { folder, reason: (error as Error).message }, error);
  }
}

/** SQLITE_BUSY; node:sqlite puts SQLite's number on the error. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function readOwner(note: string): string {
  try {
    return readFileSync(note, 'utf8').slice(0, 200);
  } catch {
    return 'unknown'; // it only makes the sentence friendlier
  }
}
