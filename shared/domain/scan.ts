import { z } from 'zod';

/** What of a folder is taken. What a person names itself is always taken. */
export const scanRules = z.object({
  /** Names that begin with a dot, and what is below them. */
  hidden: z.boolean(),
  /** What systems leave in folders for themselves, such as `.DS_Store` and `Thumbs.db`. */
  systemFiles: z.boolean(),
  /** Else links inside a folder are left out. */
  followLinks: z.boolean(),
});
export type ScanRules = z.infer<typeof scanRules>;

export const DEFAULT_SCAN_RULES: ScanRules = { hidden: true, systemFiles: false, followLinks: false };

/** How many entries were left out by choice; a folder counts as one. */
export const leftOut = z.object({
  hidden: z.number().int().nonnegative(),
  systemFiles: z.number().int().nonnegative(),
  links: z.number().int().nonnegative(),
});
export type LeftOut = z.infer<typeof leftOut>;

export const NOTHING_LEFT_OUT: LeftOut = { hidden: 0, systemFiles: 0, links: 0 };

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
