import { z } from 'zod';
import { partStrip, session, transfer } from '#shared/domain';
import { byId } from './common.ts';
import { pagePlace } from './choices.ts';
import { fails, procedure } from './procedure.ts';
import { howToSend } from './how-to-send.ts';

/** A file the page holds and sends straight to the bucket; created, completed and proven by the engine. */
export const pageUploads = {
  begin: procedure('NOT_FOUND', 'OBJECT_EXISTS', ...fails.source, ...fails.store)
    .input(
      z.object({
        sessionId: z.string().nullable(),
        connectionId: z.string().nullable(),
        name: z.string().min(1).max(4096),
        relativePath: z.string().min(1).max(4096),
        size: z.number().int().nonnegative(),
        lastModified: z.number(),
        contentType: z.string().max(200),
        options: howToSend.options,
        priority: howToSend.priority,
        /** The upload to go on with, where the page knows it: it was paused, or the engine was away. */
        transferId: z.string().nullable(),
        /** Where it goes, for a page that was told; left out, into a folder of the session's own. */
        place: pagePlace.nullable().default(null),
      }),
    )
    .output(
      z.object({
        session,
        transfer,
        /** Parts the store already has from an earlier try with the same file. */
        parts: partStrip,
      }),
    ),
  /** Signs one PUT a part. The page has read the part and computed its CRC-32, which the store will check. */
  sign: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store)
    .input(
      z.object({
        id: z.string(),
        parts: z
          .array(z.object({ number: z.number().int().positive(), crc32: z.string() }))
          .min(1)
          .max(64),
      }),
    )
    .output(
      z.array(z.object({ number: z.number(), url: z.string(), headers: z.record(z.string(), z.string()) })),
    ),
  /** What arrived, and how much is on its way. */
  report: procedure('NOT_FOUND', 'UPLOAD_STATE')
    .input(
      z.object({
        id: z.string(),
        inFlight: z.number().nonnegative(),
        flying: z.array(z.number().int().positive()).max(64),
        sent: z.array(
          z.object({ number: z.number().int().positive(), etag: z.string().nullable(), crc32: z.string() }),
        ),
      }),
    )
    .output(z.object({ state: z.enum(['go-on', 'paused', 'stopped']) })),
  complete: procedure('NOT_FOUND', 'UPLOAD_STATE', 'OBJECT_EXISTS', ...fails.store)
    .input(byId)
    .output(transfer),
};
