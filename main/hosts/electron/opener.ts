import { shell } from 'electron';
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Opener } from '#main/ports';
import { sluiceError } from '#shared/errors';

export function setupOpener(): Opener {
  return {
    async open(path) {
      await mustExist(path);
      const refusal = await shell.openPath(path);
      if (refusal !== '') throw sluiceError('FILE_ERROR', { path, reason: refusal });
    },
    async reveal(path) {
      await mustExist(path);
      shell.showItemInFolder(path);
    },
  };
}

/** A path that the system would read differently than we do must never reach it. */
async function mustExist(path: string): Promise<void> {
  if (path.includes('\0') || !isAbsolute(path)) {
    throw sluiceError('INPUT_INVALID', { what: 'that is not the path of a file' });
  }
  try {
    await stat(path);
  } catch (error) {
    throw sluiceError('SOURCE_MISSING', { path }, error);
  }
}
