import type { TransferRecord } from '#main/journal';
import { isSluiceError, sluiceError } from '#shared/errors';
import { isProven } from '../verify.ts';
import type { UploadContext } from './context.ts';
import { expected } from './expected.ts';

/** What a store is told about an object that may be there. */
interface Terms {
  readonly ifNoneMatch?: '*';
}

/**
 * Makes the object of a transfer, and where it may not write over another, only if there is none. A store that says
 * there is one may mean ours: the answer to an earlier try can have been lost.
 * @param make has the store make it, on these terms
 * @throws OBJECT_EXISTS
 */
export async function makeObject(
  upload: UploadContext,
  record: TransferRecord,
  crc: number,
  make: (terms: Terms) => Promise<void>,
): Promise<void> {
  if (record.existing === 'replace') return make({});
  const { store, signal } = upload;
  const isOurs = async (): Promise<boolean> => {
    const stored = await store.head(record.key, signal);
    if (stored === null) return false;
    if (isProven(stored, expected(upload, record, crc))) return true;
    throw sluiceError('OBJECT_EXISTS', { key: record.key });
  };
  // A store that knows no condition is asked right before: all that can be done there.
  if (!store.isConditional && (await isOurs())) return;
  try {
    await make(store.isConditional ? { ifNoneMatch: '*' } : {});
  } catch (error) {
    if (!isSluiceError(error, 'OBJECT_EXISTS') || !(await isOurs())) throw error;
  }
}
