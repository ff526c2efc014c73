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
