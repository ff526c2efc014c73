import { isSluiceError, sluiceError } from '#shared/errors';

/** @returns what went wrong with a target, named; what has a name already keeps it */
export function nameTargetError(error: unknown, path: string): unknown {
  if (isSluiceError(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return sluiceError('TARGET_UNWRITABLE', { path }, error);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return sluiceError('DISK_FULL', { path }, error);
    case 'EBUSY':
    case 'ETXTBSY':
      return sluiceError('TARGET_IN_USE', { path }, error);
    case 'EISDIR':
      return sluiceError('SOURCE_IS_FOLDER', { path }, error);
    case 'ENOENT':
      return sluiceError('FILE_ERROR', { path, reason: 'its folder is not there' }, error);
    case undefined:
      return error;
    default:
      return sluiceError('FILE_ERROR', { path, reason: message }, error);
  }
}
