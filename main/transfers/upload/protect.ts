import { s3ErrorName } from '#main/storage';
import type { TransferRecord } from '#main/journal';
import { sluiceError } from '#shared/errors';
import { isProven } from '../verify.ts';
import type { UploadContext } from './context.ts';
import { expected } from './expected.ts';

/**
 * Makes the object of a transfer, and where it may not write over another, only if there is none. A store that says
 * there is one may mean ours: the answer to an earlier try can have been lost.
 * @param make has the store make it; `ifAbsent` only where nothing is there
 * @throws OBJECT_EXISTS
 */
export async function makeObject(
  upload: UploadContext,
  record: TransferRecord,
  crc: number,
  make: (ifAbsent: boolean) => Promise<void>,
): Promise<void> {
  if (record.existing === 'replace') return make(false);
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
    await make(store.isConditional);
  } catch (error) {
    if (s3ErrorName(error) !== 'PreconditionFailed') throw error;
    if (!(await isOurs())) throw sluiceError('OBJECT_EXISTS', { key: record.key }, error);
  }
}
