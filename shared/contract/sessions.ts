import { z } from 'zod';
import { activity, custody, fileCheck, session, verification } from '#shared/domain';
import { byId, window } from './common.ts';
import { fails, procedure } from './procedure.ts';
import { refusal } from './system.ts';

export const sessions = {
  list: procedure().output(z.array(session)),
  rename: procedure('NOT_FOUND')
    .input(byId.extend({ title: z.string().trim().min(1).max(200) }))
    .output(session),
  /** Null keeps the objects. */
  setRetention: procedure('NOT_FOUND')
    .input(byId.extend({ days: z.number().int().min(1).max(3650).nullable() }))
    .output(session),
  /** Null takes it away. */
  setCustody: procedure('NOT_FOUND')
    .input(byId.extend({ custody: custody.nullable() }))
    .output(session),
  /** All that it brought, sealed; the text of a file to be saved under that name. */
  manifest: procedure('NOT_FOUND')
    .input(byId)
    .output(z.object({ name: z.string(), text: z.string() })),
  /** Asks the store about every file again. Names those that do not agree, as far as they are not too many. */
  verify: procedure('NOT_FOUND', ...fails.store)
    .input(byId)
    .output(z.object({ verification, checks: z.array(fileCheck) })),
  /** Takes the session and all its objects out of the bucket. Cannot be undone. */
  remove: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store)
    .input(byId)
    .output(z.void()),
  /** What was not taken of its drops, and why. */
  refused: procedure('NOT_FOUND')
    .input(byId.extend(window))
    .output(z.object({ total: z.number(), refused: z.array(refusal) })),
  activity: procedure('NOT_FOUND').input(byId).output(z.array(activity)),
};
