import { howToSend } from './how-to-send.ts';
import { z } from 'zod';
import {
  choices as chosen,
  DEFAULT_SCAN_RULES,
  dropPlan,
  leftover,
  scanRules,
  session,
  transfer,
} from '#shared/domain';
import { fails, procedure } from './procedure.ts';
import { fileRef, refusal } from './system.ts';

/** Where names are kept: what the keys start with, without slashes at its ends. Null gives each session a folder of its own. */
const place = z
  .string()
  .max(900)
  .regex(/^(?!\/)(?!.*\/$)[^\p{Cc}]*$/u, 'a folder without a slash at its ends')
  .nullable();

const upload = z.object({ key: z.string().max(1024), uploadId: z.string().max(2048) });

/** Looking through a drop before it starts, so that all there is to choose is chosen at once. */
export const drops = {
  /** Compares files with what is where they are to go. Nothing is sent yet; a plan that is not started is forgotten. */
  prepare: procedure('NOT_FOUND', ...fails.source, ...fails.store)
    .input(
      z.object({
        sessionId: z.string().nullable(),
        connectionId: z.string().nullable(),
        folder: place,
        ...howToSend,
        scan: scanRules.default(DEFAULT_SCAN_RULES),
        files: z.array(fileRef).max(100_000),
        /** Files that the page holds and would send itself. */
        pageFiles: z
          .array(
            z.object({
              name: z.string().min(1).max(4096),
              relativePath: z.string().min(1).max(4096),
              size: z.number().int().nonnegative(),
              lastModified: z.number(),
              /** Base64, where the page has read it. */
              crc32: z.string().nullable(),
            }),
          )
          .max(100_000),
      }),
    )
    .output(
      z.object({
        /** Null where there is nothing to choose and `transfers.add` or the page can begin at once. */
        plan: dropPlan.nullable(),
        refused: z.array(refusal),
      }),
    ),
  start: procedure('NOT_FOUND', 'OBJECT_EXISTS', ...fails.source, ...fails.store)
    .input(z.object({ planId: z.string().max(100), choices: chosen }))
    .output(
      z.object({
        /** Null where nothing was sent, or the page has yet to begin. */
        session: session.nullable(),
        /** Of files that the engine reads itself. */
        sent: z.number(),
        skipped: z.number(),
        /** Where a file that was skipped is already, if that is a session here. */
        already: z.string().nullable(),
        refused: z.array(refusal),
        /** For each file of the page, in order: null is not to be sent. */
        page: z.array(z.object({ key: z.string().nullable(), over: z.boolean() }).nullable()),
      }),
    ),
  forget: procedure()
    .input(z.object({ planId: z.string().max(100) }))
    .output(z.void()),
  /** Folders of the bucket, for whoever writes one. */
  folders: procedure('NOT_FOUND', ...fails.store)
    .input(z.object({ connectionId: z.string(), below: z.string().max(900) }))
    .output(z.array(z.string())),
};

/** Unfinished multipart uploads in a bucket that nothing here is sending. */
export const leftovers = {
  list: procedure('NOT_FOUND', ...fails.store)
    .input(z.object({ connectionId: z.string(), prefix: z.string().max(1024) }))
    .output(
      z.object({
        total: z.number(),
        bytes: z.number(),
        /** The thousand oldest. */
        leftovers: z.array(leftover),
        /** US dollars for a GB and month, where the store is AWS: the standard list price, which is an assumption. */
        pricePerGbMonth: z.number().nullable(),
      }),
    ),
  /** How many are older than a day; may be an hour old. */
  countOld: procedure('NOT_FOUND', ...fails.store)
    .input(z.object({ connectionId: z.string() }))
    .output(z.number()),
  /** @param file which it is of, where nobody here knows */
  resume: procedure('NOT_FOUND', 'UPLOAD_STATE', 'LEFTOVER_UNFIT', ...fails.source, ...fails.store)
    .input(upload.extend({ connectionId: z.string(), file: fileRef.nullable() }))
    .output(transfer),
  /** Cannot be undone. */
  remove: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store)
    .input(z.object({ connectionId: z.string(), uploads: z.array(upload).min(1).max(1000) }))
    .output(z.void()),
};

/** For a file of the page: where `drops.start` said it goes. */
export const pagePlace = z.object({
  folder: place,
  key: z.string().max(1024).nullable(),
  over: z.boolean(),
});
