import { z } from 'zod';

/** Local time of day, `HH:MM`. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 20:00');

/** One line of the timetable. From later than to runs over midnight. */
export const limitSpan = z.object({
  /** 0 is Sunday. */
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
  from: timeOfDay,
  to: timeOfDay,
  /** 0 stands still; null is as fast as it goes. */
  bytesPerSecond: z.number().int().nonnegative().nullable(),
});
export type LimitSpan = z.infer<typeof limitSpan>;

/** Said in passing, by hand: holds over everything else. */
export const limitOverride = z.object({
  /** 0 stands still; null is as fast as it goes. */
  bytesPerSecond: z.number().int().nonnegative().nullable(),
  /** ms since the epoch; null until it is taken back. */
  until: z.number().nullable(),
});
export type LimitOverride = z.infer<typeof limitOverride>;

/** How much of the line transfers may take. Changes act at once. */
export const transferSettings = z.object({
  /** Outside of every span; null is as fast as it goes. */
  bytesPerSecond: z.number().int().positive().nullable().default(null),
  /** The first span that holds wins. */
  timetable: z.array(limitSpan).max(50).default([]),
  /** Most streams at once over all stores; how many really run is found out. */
  maxStreams: z.number().int().min(1).max(64).default(64),
  override: limitOverride.nullable().default(null),
});
export type TransferSettings = z.infer<typeof transferSettings>;

export const DEFAULT_TRANSFER_SETTINGS: TransferSettings = transferSettings.parse({});

/** Which limit holds now, and for how long. */
export const limitState = z.object({
  /** 0 stands still; null is as fast as it goes. */
  bytesPerSecond: z.number().nullable(),
  by: z.enum(['hand', 'timetable', 'setting']),
  /** When another begins, ms since the epoch; null where none is foreseen. */
  until: z.number().nullable(),
});
export type LimitState = z.infer<typeof limitState>;

export const limits = z.object({ settings: transferSettings, now: limitState });
export type Limits = z.infer<typeof limits>;
