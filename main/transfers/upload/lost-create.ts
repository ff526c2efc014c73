import type { TransferRecord } from '#main/journal';
import type { ObjectStore } from '#main/storage';
import { MARK } from '../verify.ts';

/** How far the clocks of store and journal may be apart beside what is known of it. */
const SKEW_MS = 15 * 60_000;

/**
 * The answer to a CreateMultipartUpload was lost with its id. Ours is one at this key, not older than the try, and
 * without parts: such are aborted, others are somebody else's.
 */
export async function abortLostCreate(store: ObjectStore, record: TransferRecord): Promise<void> {
  for (const { uploadId, startedAt } of await store.listUploads(record.key)) {
    const tried = (record.startedAt ?? record.createdAt) + store.clockOffset;
    if (startedAt < tried - SKEW_MS) continue;
    if ((await store.listParts(record.key, uploadId))?.length === 0)
      await store.abortUpload(record.key, uploadId);
  }
}

/** A cancelled upload may have been put together before anybody could say so. What stands there is deleted if it is ours. */
export async function removeOwn(store: ObjectStore, { id, key }: TransferRecord): Promise<void> {
  const stored = await store.head(key);
  if (stored?.metadata[MARK] === id) await store.deleteAll([key]);
}
