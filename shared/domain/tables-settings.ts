import { z } from 'zod';

/** How much of this machine tables may take. */
export const tablesSettings = z.object({
  /** Of the process, MB; null: two fifths of what the machine has, 4 GB at most. */
  memoryMb: z.number().int().min(256).max(1_000_000).nullable(),
  /** What may be set aside on the disk when memory does not do, MB; null: four fifths of what is free. */
  spillMb: z.number().int().min(256).max(100_000_000).nullable(),
  /** Runs at once. */
  runsAtOnce: z.number().int().min(1).max(8),
});
export type TablesSettings = z.infer<typeof tablesSettings>;

export const DEFAULT_TABLES_SETTINGS: TablesSettings = { memoryMb: null, spillMb: null, runsAtOnce: 2 };
