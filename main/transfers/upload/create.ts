import type { TransferRecord } from '#main/journal';
import { isSluiceError } from '#shared/errors';
import type { UploadContext } from './context.ts';
import { abortLostCreate } from './lost-create.ts';
import { headOf } from './object-head.ts';

/** Begins a multipart upload; the journal knows that it was asked for before the store does. @returns its id */
export async function createUpload(upload: UploadContext, record: TransferRecord): Promise<string> {
  const { records } = upload.tools;
  records.saveStep(record.id, 'creating');
  let tried = false;
  const uploadId = await upload.ask(async () => {
    if (tried) await forgetLostCreate(upload, record); // the answer may be all that was lost
    tried = true;
    return upload.store.createUpload(record.key, headOf(record), upload.signal);
  });
  records.saveUploadId(record.id, uploadId);
  return uploadId;
}

/** A key that may write but not list cannot clear it away; the rule of the bucket will. */
export async function forgetLostCreate(upload: UploadContext, record: TransferRecord): Promise<void> {
  try {
    await upload.ask(() => abortLostCreate(upload.store, record));
  } catch (error) {
    if (!isSluiceError(error, 'ACCESS_DENIED')) throw error;
    upload.tools.log.error(`an empty upload to ${record.key} may be left in the bucket`, error);
  }
}
