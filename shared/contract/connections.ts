import { z } from 'zod';
import { connection, connectionChange, connectionDraft, connectionSettings, finding } from '#shared/domain';
import { byId } from './common.ts';
import { fails, procedure } from './procedure.ts';

export const connections = {
  list: procedure().output(z.array(connection)),
  add: procedure('SECRETS_UNAVAILABLE').input(connectionDraft).output(connection),
  /** `change` only for a connection that was made here; settings for every one. They hold for files added from now on. */
  update: procedure('NOT_FOUND', 'SECRETS_UNAVAILABLE', 'ACCELERATION_UNSUPPORTED')
    .input(byId.extend({ change: connectionChange.nullable(), settings: connectionSettings }))
    .output(connection),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
  /** Asks the store everything an upload will need, and leaves nothing behind. Saves what it learns. */
  doctor: procedure('NOT_FOUND').input(byId).output(z.array(finding)),
  /** Writes the CORS rule that lets a page upload straight to the bucket. */
  allowPages: procedure('NOT_FOUND', ...fails.store)
    .input(byId)
    .output(z.void()),
};
