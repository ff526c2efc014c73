import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '#main/disk';
import { sluiceError } from '#shared/errors';

/** What went wrong with a file that is written. */
export function targetError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return sluiceError('DISK_FULL', { path }, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return sluiceError('TARGET_UNWRITABLE', { path }, error);
    case 'EEXIST':
      return sluiceError('TARGET_EXISTS', { path }, error);
    case 'EIO':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENAMETOOLONG':
    case 'EINVAL':
    case 'ENOENT':
      return sluiceError('FILE_ERROR', { path, reason: message }, error);
    default:
      return error;
  }
}

/**
 * Switches a finished `.part` to its name in one step, and sees to it that the step survives a power cut.
 * Never over a file that is there.
 * @throws TARGET_EXISTS
 */
export async function publish(part: string, path: string): Promise<void> {
  try {
    await link(part, path); // fails where the name is taken; a rename would not
    await unlink(part);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EXDEV')
      throw targetError(path, error);
    await renameExclusively(part, path); // a file system without hard links
  }
  await syncFolder(dirname(path));
}

/** As `publish`, in the place of a file that may be there: the old one or the new one is found there, never neither. */
export async function publishOver(part: string, path: string): Promise<void> {
  try {
    await rename(part, path);
  } catch (error) {
    throw targetError(path, error);
  }
  await syncFolder(dirname(path));
}

async function renameExclusively(part: string, path: string): Promise<void> {
  const claim = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY).catch(
    (error: unknown) => {
      throw targetError(path, error);
    },
  );
  await claim.close();
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, { force: true });
    throw targetError(path, error);
  }
}

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw targetError(folder, error);
  }
}
