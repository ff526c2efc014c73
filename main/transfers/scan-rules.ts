import type { LeftOut, ScanRules } from '#shared/domain';

/** What desktops and file systems leave behind for themselves; nobody means these when they drop a folder. */
const SYSTEM_NAMES: ReadonlySet<string> = new Set([
  '.ds_store',
  '.fseventsd',
  '.spotlight-v100',
  '$recycle.bin',
  'desktop.ini',
  'lost+found',
  'system volume information',
  'thumbs.db',
]);

/** The bin of a drive: `.Trash`, `.Trashes`, `.Trash-1000`. */
const TRASH = /^\.trash(?:es|-.*)?$/i;

export const isSystemName = (name: string): boolean =>
  SYSTEM_NAMES.has(name.toLowerCase()) || TRASH.test(name);

/** Hidden by its name. The attribute that hides files on Windows is nothing Node can see. */
export const isHiddenName = (name: string): boolean => name.startsWith('.');

/** @returns whether an entry of a folder is taken, or by which choice it is left out */
export function judgeName(name: string, rules: ScanRules): 'take' | keyof LeftOut {
  if (!rules.systemFiles && isSystemName(name)) return 'systemFiles';
  if (!rules.hidden && isHiddenName(name)) return 'hidden';
  return 'take';
}
