import { z } from 'zod';
import { onExistingFile, transfer } from '#shared/domain';
import { byId } from './common.ts';
import { fails, procedure } from './procedure.ts';
import { fileRef, refusal } from './system.ts';

/** From a bucket to the engine's machine, through the same queue; pausing, resuming and the rest is of `transfers`. */
export const downloads = {
  /** Into a folder, checked. With `ask`, nothing is begun where a file stands in the way, and it is said which. */
  add: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store, ...fails.disk)
    .input(
      z.object({
        of: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('outputs'), ids: z.array(z.string().max(100)).min(1).max(10_000) }),
          /** Files as they were uploaded, by their transfers. */
          z.object({ kind: z.literal('originals'), ids: z.array(z.string().max(100)).min(1).max(10_000) }),
          z.object({
            kind: z.literal('keys'),
            sessionId: z.string(),
            keys: z.array(z.string().min(1).max(1024)).min(1).max(10_000),
          }),
        ]),
        folder: fileRef,
        existing: z.enum(['ask', ...onExistingFile.options]),
      }),
    )
    .output(
      z.object({
        transfers: z.array(transfer),
        refused: z.array(refusal),
        inTheWay: z.object({ count: z.number(), names: z.array(z.string()) }).nullable(),
      }),
    ),
  /** What is, or was, fetched from drops, newest first. That of a session that is a download are its files. */
  list: procedure()
    .input(z.object({ limit: z.number().int().positive().max(1000) }))
    .output(z.array(transfer)),
  /** Shows the file, or the folder it goes to, in the system's file manager. Needs `openLocally`. */
  reveal: procedure('NOT_FOUND', 'UNSUPPORTED_HERE', ...fails.disk)
    .input(byId)
    .output(z.void()),
};
