import { z } from 'zod';
import { scanRules } from './scan.ts';

/** What the window can do beside the engine. The page asks for these and never for the kind of host. */
export const hostCapabilities = z.object({
  /** A dialog of the system picks files and folders. */
  nativePicker: z.boolean(),
  /** Paths of the engine's machine can be listed and chosen in the page. */
  hostPaths: z.boolean(),
  /** Dropped files are known to the engine by path; else the page sends them itself. */
  droppedPaths: z.boolean(),
  /** A file can be opened with the system's program and shown in its folder. */
  openLocally: z.boolean(),
  /** Keys survive a restart, encrypted by the system. */
  keepsSecrets: z.boolean(),
});
export type HostCapabilities = z.infer<typeof hostCapabilities>;

export const systemInfo = z.object({
  version: z.string(),
  dataFolder: z.string(),
  platform: z.string(),
  home: z.string(),
  downloads: z.string(),
  capabilities: hostCapabilities,
  /** Extended attributes of files can be read on the engine's machine. */
  keepsExtendedAttributes: z.boolean(),
});
export type SystemInfo = z.infer<typeof systemInfo>;

/** Losing these must cost nothing. */
export const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Where downloads were last saved. */
  downloadFolder: z.string().nullable(),
  /** Where the picker was last. */
  browseFolder: z.string().nullable(),
  /** Connection new sessions go to. */
  connectionId: z.string(),
  /** By connection: where new sessions put files. Left out, in a folder of their own. */
  places: z.record(z.string(), z.object({ keepNames: z.boolean(), folder: z.string().max(900) })),
  /** What is taken of folders. */
  scan: scanRules,
});
export type Preferences = z.infer<typeof preferences>;

export const directoryEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'folder', 'other']),
  size: z.number(),
  modified: z.number(),
  readable: z.boolean(),
});
export type DirectoryEntry = z.infer<typeof directoryEntry>;
