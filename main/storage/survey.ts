import { setTimeout } from 'node:timers/promises';
import {
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { isSluiceError } from '#shared/errors';
import { decodeCrc32 } from '#shared/lib';
import type { ObjectStore } from './object-store.ts';
import type { ListedObject, ListedUpload, StoredPart } from './stored.ts';
import { s3ErrorName } from './store-errors.ts';

/** What there is to compare a file with: the best the store knows of an object's content. */
export type Yardstick =
  /** CRC-32 of the whole, base64 as S3 writes it. */
  | { readonly kind: 'crc32'; readonly value: string }
  /** CRC-32 of the CRC-32s of its parts, with their number: `base64-N`. */
  | { readonly kind: 'crc32-of-parts'; readonly value: string; readonly partSize: number }
  /** In hex. */
  | { readonly kind: 'md5'; readonly value: string }
  /** MD5 of the MD5s of its parts, with their number: `hex-N`. */
  | { readonly kind: 'md5-of-parts'; readonly value: string; readonly partSize: number }
  /** The store knows nothing but the size. */
  | { readonly kind: 'none' };

export interface SurveyedObject {
  readonly key: string;
  readonly size: number;
  readonly modified: number | null;
  readonly etag: string;
  readonly yardstick: Yardstick;
}

/** The parts of an upload, and how the store checks them. */
export interface SurveyedUpload {
  readonly parts: readonly StoredPart[];
  /** As it was begun with; null where none was named. */
  readonly checksum: { readonly algorithm: string; readonly type: string } | null;
}

const at = ({ connection }: ObjectStore, key: string): { readonly Bucket: string; readonly Key: string } => ({
  Bucket: connection.bucket,
  Key: key,
});

/** A store that is away for a moment is asked again: a person waits for the answer, so not for long. */
const ATTEMPTS = 4;
const PAUSE_MS = 250;

/** Waits before the next attempt; throws the failure where there is none. */
async function pause(attempt: number, failure: unknown, signal: AbortSignal): Promise<void> {
  const passes = isSluiceError(failure, 'STORE_UNREACHABLE') || isSluiceError(failure, 'STORE_BUSY');
  if (!passes || attempt >= ATTEMPTS) throw failure;
  await setTimeout(PAUSE_MS * 2 ** attempt * Math.random(), undefined, { signal });
}

async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      await pause(attempt, error, signal);
    }
  }
}

/** Page by page, in the order of the store. */
export async function* sweepObjects(
  store: ObjectStore,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ListedObject> {
  let last = '';
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const object of store.list(prefix, signal, last)) {
        attempt = 0;
        last = object.key;
        yield object;
      }
      return;
    } catch (error) {
      await pause(attempt, error, signal);
    }
  }
}

/** Every unfinished upload under a prefix. */
export async function* sweepUploads(
  store: ObjectStore,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<ListedUpload> {
  let seen = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      let at = 0;
      for await (const upload of store.listAllUploads(prefix, signal)) {
        at += 1;
        if (at <= seen) continue; // told before the store was away
        seen = at;
        yield upload;
      }
      return;
    } catch (error) {
      await pause(attempt, error, signal);
    }
  }
}

/** @returns the folders right below a prefix, without the prefix and without slashes; the first thousand */
export async function foldersBelow(
  store: ObjectStore,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const command = new ListObjectsV2Command({
    Bucket: store.connection.bucket,
    Prefix: prefix,
    Delimiter: '/',
  });
  const page = await patiently(signal, () =>
    store.request('list', '', (client, options) => client.send(command, options), signal),
  );
  return (page.CommonPrefixes ?? []).flatMap(({ Prefix = '' }) => {
    const name = Prefix.slice(prefix.length).replace(/\/$/, '');
    return name === '' ? [] : [name];
  });
}

/** @returns the object with what its content can be compared by; null where there is none */
export async function surveyObject(
  store: ObjectStore,
  key: string,
  signal: AbortSignal,
): Promise<SurveyedObject | null> {
  try {
    const head = await look(store, key, null, signal);
    return {
      key,
      size: head.ContentLength ?? -1,
      modified: head.LastModified?.getTime() ?? null,
      etag: head.ETag ?? '',
      yardstick: await yardstickOf(store, key, head, signal),
    };
  } catch (error) {
    const name = s3ErrorName(error);
    if (name === 'NotFound' || name === 'NoSuchKey') return null;
    throw error;
  }
}

/** @param part the first part, for its size; null for the whole object */
function look(
  store: ObjectStore,
  key: string,
  part: 1 | null,
  signal: AbortSignal,
): Promise<HeadObjectCommandOutput> {
  const command = new HeadObjectCommand({
    ...at(store, key),
    ...(store.checksum === 'none' ? {} : { ChecksumMode: 'ENABLED' }),
    ...(part === null ? {} : { PartNumber: part }),
  });
  return patiently(signal, () =>
    store.request('read', key, (client, options) => client.send(command, options), signal),
  );
}

async function yardstickOf(
  store: ObjectStore,
  key: string,
  head: HeadObjectCommandOutput,
  signal: AbortSignal,
): Promise<Yardstick> {
  const { ChecksumCRC32: crc = '', ContentLength: size = -1 } = head;
  if (decodeCrc32(crc) !== null && head.ChecksumType !== 'COMPOSITE') return { kind: 'crc32', value: crc };
  const etag = (head.ETag ?? '').replaceAll('"', '');
  // With keys of the key service or of the customer the ETag is no MD5.
  const open = head.ServerSideEncryption !== 'aws:kms' && head.SSECustomerAlgorithm === undefined;
  if (open && /^[0-9a-f]{32}$/.test(etag)) return { kind: 'md5', value: etag };
  const ofCrcs = /^[A-Za-z0-9+/]{6}==-(\d+)$/.exec(crc);
  const ofMd5s = open ? /^[0-9a-f]{32}-(\d+)$/.exec(etag) : null;
  const count = Number(ofCrcs?.[1] ?? ofMd5s?.[1] ?? 0);
  if (count === 0) return { kind: 'none' };
  const partSize = count === 1 ? size : await firstPartSize(store, key, signal);
  // Only of equal parts is it known where they were cut.
  if (partSize === null || Math.ceil(size / partSize) !== count) return { kind: 'none' };
  return ofCrcs === null
    ? { kind: 'md5-of-parts', value: etag, partSize }
    : { kind: 'crc32-of-parts', value: crc, partSize };
}

/** @returns null where the store does not tell parts apart any more */
async function firstPartSize(store: ObjectStore, key: string, signal: AbortSignal): Promise<number | null> {
  try {
    const { ContentLength = 0, PartsCount } = await look(store, key, 1, signal);
    return PartsCount === undefined || ContentLength <= 0 ? null : ContentLength;
  } catch (error) {
    signal.throwIfAborted();
    // A store that does not know the question has answered it.
    if (s3ErrorName(error) !== null) return null;
    throw error;
  }
}

/** Every page. @returns null where the store knows no such upload (any more) */
export async function surveyUpload(
  store: ObjectStore,
  key: string,
  uploadId: string,
  signal: AbortSignal,
): Promise<SurveyedUpload | null> {
  const parts = await store.listParts(key, uploadId, signal);
  if (parts === null) return null;
  try {
    const command = new ListPartsCommand({ ...at(store, key), UploadId: uploadId, MaxParts: 1 });
    const { ChecksumAlgorithm: algorithm, ChecksumType: type } = await patiently(signal, () =>
      store.request('list the parts of', key, (client, options) => client.send(command, options), signal),
    );
    return { parts, checksum: algorithm === undefined ? null : { algorithm, type: type ?? '' } };
  } catch (error) {
    if (s3ErrorName(error) === 'NoSuchUpload') return null;
    throw error;
  }
}
