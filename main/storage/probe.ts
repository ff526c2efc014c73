import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Capabilities, Connection } from '#shared/domain';
import { isSluiceError, type ErrorCode } from '#shared/errors';
import type { StoreAccess } from './access.ts';
import { ObjectStore } from './object-store.ts';

/** Failures that say nothing about what a store supports. */
const NO_ANSWER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CANCELLED',
  'STORE_UNREACHABLE',
  'STORE_BUSY',
  'CREDENTIALS_MISSING',
  'CREDENTIALS_WRONG',
  'CREDENTIALS_EXPIRED',
  'ACCESS_DENIED',
  'BUCKET_MISSING',
  'BUCKET_OTHER_REGION',
  'CLOCK_SKEWED',
]);

/**
 * Learns how this store can prove a multipart upload, by making one of a single byte and deleting it. Asked from the
 * best proof down; a store that takes a checksum but does not give it back cannot prove with it.
 * @throws errors of the catalogue where the store could not be asked
 */
export async function learnChecksum(
  connection: Connection,
  access: StoreAccess,
  signal?: AbortSignal,
): Promise<Capabilities['checksum']> {
  for (const candidate of ['full-object', 'composite'] as const) {
    try {
      if (await proves(new ObjectStore(connection, access, candidate), candidate, signal)) return candidate;
    } catch (error) {
      if (!isSluiceError(error) || NO_ANSWER.has(error.code)) throw error;
    }
  }
  return 'none';
}

/** Whether the store keeps the condition that no object is there: many take the header, and write over it all the same. */
export async function learnCondition(store: ObjectStore, signal?: AbortSignal): Promise<boolean> {
  const key = probeKey(store);
  const body = Buffer.from('1');
  const head = { contentType: 'text/plain', metadata: {} };
  const write = (): Promise<unknown> => store.put(key, body, crc32(body), head, signal, { ifNoneMatch: '*' });
  try {
    await write();
    return await write().then(
      () => false,
      (error: unknown) => {
        if (isSluiceError(error) && NO_ANSWER.has(error.code)) throw error;
        return isSluiceError(error, 'OBJECT_EXISTS');
      },
    );
  } catch (error) {
    if (!isSluiceError(error) || NO_ANSWER.has(error.code)) throw error;
    return false; // it refuses the condition itself
  } finally {
    await takeAway(store, key);
  }
}

/** Keys that may write but not delete can still upload: the doctor tells that something was left. */
async function takeAway(store: ObjectStore, key: string): Promise<void> {
  try {
    await store.deleteAll([key]);
  } catch (error) {
    if (!isSluiceError(error, 'ACCESS_DENIED') && !isSluiceError(error, 'STORE_REFUSED')) throw error;
  }
}

const probeKey = ({ connection }: ObjectStore): string =>
  [connection.prefix, `.sluice-probe-${randomUUID()}`].filter((step) => step !== '').join('/');

async function proves(
  store: ObjectStore,
  candidate: 'full-object' | 'composite',
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const key = probeKey(store);
  const body = Buffer.from('1');
  const crc = crc32(body);
  const uploadId = await store.createUpload(key, { contentType: 'text/plain', metadata: {} }, signal);
  let completed = false;
  try {
    const { etag } = await store.uploadPart({ key, uploadId, number: 1 }, body, crc, signal);
    const listed = await store.listParts(key, uploadId, signal);
    await store.completeUpload(
      { key, uploadId },
      [{ number: 1, etag, crc32: crc }],
      { size: 1, crc32: crc },
      signal,
    );
    completed = true;
    const stored = await store.head(key, signal);
    const partsCarryIt = listed?.[0]?.crc32 === crc;
    return candidate === 'full-object' ? stored?.crc32 === crc : partsCarryIt;
  } finally {
    if (completed) await takeAway(store, key);
    else await store.abortUpload(key, uploadId);
  }
}
