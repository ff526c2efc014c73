import { randomUUID } from 'node:crypto';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import type { FilePicker, PickedFile } from '#main/ports';
import type { FileRef } from '#shared/contract';
import { sluiceError } from '#shared/errors';

/**
 * What the person showed us by a dialog or a drop. The page gets a handle for it, so that it can name no other file of
 * this computer. Handles live as long as the process.
 */
export interface Handles {
  readonly give: (path: string) => PickedFile;
  /** A chosen folder may also be named by path afterwards, as the preferences do. */
  readonly giveFolder: (path: string) => PickedFile;
  readonly resolve: FilePicker['resolve'];
}

/** @param roots folders that may be named by path: those of the app, and the one downloads go to */
export function createHandles(roots: readonly string[]): Handles {
  const paths = new Map<string, string>();
  const open = new Set(roots.map((root) => resolve(root)));

  const give = (path: string): PickedFile => {
    if (path === '' || path.includes('\0') || !isAbsolute(path)) {
      throw sluiceError('INPUT_INVALID', { what: 'that is not a file of this computer' });
    }
    const handle = randomUUID();
    paths.set(handle, path);
    return { file: { kind: 'handle', handle }, name: basename(path), path };
  };

  return {
    give,
    giveFolder(path) {
      const given = give(path);
      open.add(resolve(path));
      return given;
    },
    resolve(ref: FileRef) {
      const path = ref.kind === 'handle' ? paths.get(ref.handle) : ref.path;
      const known = path !== undefined && (ref.kind === 'handle' || inside(path, open));
      if (!known) throw sluiceError('NOT_FOUND', { what: 'file that was chosen' });
      return path;
    },
  };
}

function inside(path: string, roots: ReadonlySet<string>): boolean {
  if (path.includes('\0') || !isAbsolute(path)) return false;
  return [...roots].some((root) => {
    const way = relative(root, resolve(path));
    return way === '' || (way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way));
  });
}
