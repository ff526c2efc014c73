import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  delivery,
  directoryEntry,
  errorReport,
  limits,
  output,
  preferences,
  run,
  session,
  systemInfo,
  transfer,
} from '#shared/domain';
import { fails, procedure } from './procedure.ts';

/**
 * What changed, at most ten times a second. A page that (re)connects reads the lists once and then applies these;
 * records are whole, so that applying one twice is harmless.
 */
export const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sessions'), sessions: z.array(session), removed: z.array(z.string()) }),
  /** Of files that pages send themselves; the rows a page looks at come by `transfers.watch`. */
  z.object({ kind: z.literal('transfers'), transfers: z.array(transfer) }),
  z.object({ kind: z.literal('runs'), runs: z.array(run) }),
  z.object({ kind: z.literal('outputs'), outputs: z.array(output), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('deliveries'), deliveries: z.array(delivery) }),
  z.object({ kind: z.literal('connections') }),
  z.object({ kind: z.literal('preferences'), preferences }),
  z.object({ kind: z.literal('limits'), limits }),
]);
export type Change = z.infer<typeof change>;

/** A file or folder that the engine can reach: by path, or by the handle of a native dialog or drop. */
export const fileRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().min(1).max(32_767) }),
  z.object({ kind: z.literal('handle'), handle: z.string().min(1).max(100) }),
]);
export type FileRef = z.infer<typeof fileRef>;

export const system = {
  info: procedure().output(systemInfo),
  /** Yields a first empty batch at once, so that the page knows it is connected. */
  changes: procedure().output(eventIterator(z.array(change))),
  preferences: procedure().output(preferences),
  setPreferences: procedure().input(preferences.partial()).output(preferences),
  /** @returns a reference to the sample file that ships with the app */
  sample: procedure('FILE_ERROR').output(z.object({ file: fileRef, name: z.string(), size: z.number() })),
};

export const files = {
  /** A dialog of the system; an empty list where it was dismissed. Needs `nativePicker`. */
  pick: procedure('UNSUPPORTED_HERE')
    .input(z.object({ what: z.enum(['files', 'folder', 'save-folder', 'csv-file']) }))
    .output(z.array(z.object({ file: fileRef, name: z.string(), path: z.string() }))),
  /** Lists a folder of the engine's machine, folders first. Needs `hostPaths`. */
  browse: procedure('UNSUPPORTED_HERE', ...fails.source)
    .input(z.object({ path: z.string().max(32_767).nullable() }))
    .output(
      z.object({
        path: z.string(),
        parent: z.string().nullable(),
        entries: z.array(directoryEntry),
        /** Entries left out because the folder has more than 10,000. */
        omitted: z.number(),
      }),
    ),
};

/** A source that was not taken, and why; the others go on. */
export const refusal = z.object({ name: z.string(), error: errorReport });
export type Refusal = z.infer<typeof refusal>;
