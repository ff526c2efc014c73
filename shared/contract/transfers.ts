import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  DEFAULT_SCAN_RULES,
  fileQuery,
  limitOverride,
  limits as limitsNow,
  receipt,
  scanRules,
  session,
  transfer,
  transferSettings,
} from '#shared/domain';
import { byId, window } from './common.ts';
import { fails, procedure } from './procedure.ts';
import { howToSend, priority } from './how-to-send.ts';
import { fileRef, refusal } from './system.ts';

/** What a page that looks at a window of rows is told. Records are whole: applying one twice is harmless. */
export const fileFrame = z.object({
  /** How many rows there are in all. */
  total: z.number(),
  /** The rows of the window, in order; null while they are the same as before. */
  ids: z.array(z.string()).nullable(),
  /** Those that came into the window, or changed. */
  transfers: z.array(transfer),
});
export type FileFrame = z.infer<typeof fileFrame>;

export const transfers = {
  /** Starts uploads of files and folders, in a new session or one that exists. */
  add: procedure('NOT_FOUND', ...fails.source, ...fails.store)
    .input(
      z.object({
        sessionId: z.string().nullable(),
        connectionId: z.string().nullable(),
        files: z.array(fileRef).min(1).max(100_000),
        ...howToSend,
        /** What is taken of folders. */
        scan: scanRules.default(DEFAULT_SCAN_RULES),
      }),
    )
    .output(
      z.object({
        session,
        added: z.number(),
        refused: z.array(refusal),
        /** Whether more is still being found: then `session.scanning` tells how far, and `sessions.refused` what was refused. */
        scanning: z.boolean(),
      }),
    ),
  list: procedure('NOT_FOUND')
    .input(fileQuery.extend(window))
    .output(z.object({ total: z.number(), transfers: z.array(transfer) })),
  /** The rows that a page looks at: all of them at once, then what changed, at most ten times a second. */
  watch: procedure('NOT_FOUND')
    .input(fileQuery.extend(window).extend({ also: z.array(z.string().max(100)).max(100).default([]) }))
    .output(eventIterator(fileFrame)),
  /** The next row whose name or path begins so, from an index on and round; null where there is none. */
  seek: procedure('NOT_FOUND')
    .input(fileQuery.extend({ prefix: z.string().min(1).max(200), from: z.number().int().nonnegative() }))
    .output(z.number().nullable()),
  /** Those of them that there are. */
  get: procedure()
    .input(z.object({ ids: z.array(z.string().max(100)).max(1000) }))
    .output(z.array(transfer)),
  pause: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Also starts a failed one again; what the store has is kept. */
  resume: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  cancel: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Of one that failed since something stands where it goes: goes on, and over it. */
  replace: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Before or behind all others, or by number: larger goes first. Acts on what has not started. */
  prioritise: procedure('NOT_FOUND')
    .input(
      z.object({
        ids: z.array(z.string().max(100)).min(1).max(100_000),
        to: z.union([z.enum(['first', 'last']), priority]),
      }),
    )
    .output(z.void()),
  /** Starts by itself at this time, ms since the epoch; null starts it now. */
  schedule: procedure('NOT_FOUND', 'UPLOAD_STATE')
    .input(byId.extend({ at: z.number().int().positive().nullable() }))
    .output(transfer),
  pauseAll: procedure().output(z.void()),
  resumeAll: procedure().output(z.void()),
  receipt: procedure('NOT_FOUND').input(byId).output(receipt),
  /** The same for people: a page to be saved under that name. */
  receiptPage: procedure('NOT_FOUND')
    .input(byId)
    .output(z.object({ name: z.string(), html: z.string() })),
};

/** How much of the line transfers may take. */
export const limits = {
  get: procedure().output(limitsNow),
  /** Acts at once; what was said by hand is kept. */
  set: procedure()
    .input(transferSettings.omit({ override: true }))
    .output(limitsNow),
  /** Over everything else, until then; null goes back to what is set. */
  override: procedure().input(limitOverride.nullable()).output(limitsNow),
};
