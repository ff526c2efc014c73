import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Capabilities, Connection } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { decodeCrc32, encodeCrc32 } from '#shared/lib';
import type { StoreAccess } from './access.ts';
import { Confirmations } from './confirmations.ts';
import { HotObjects, type Sending, type StoredObject, type Taken } from './hot-objects.ts';
import { limitsOf, type StoreLimits } from './limits.ts';
import { headInput, type ObjectHead } from './object-head.ts';
import { COMPLETE_MS } from './patience.ts';
import { presignPart, presignRead } from './presign.ts';
import { SdkRequests, type SdkOptions } from './sdk-requests.ts';
import { s3ErrorName, storeError } from './store-errors.ts';
import type { CompletedPart, ListedObject, ListedUpload, SignedRequest, StoredPart } from './stored.ts';
import type { Body } from './wire/index.ts';

/**
 * One bucket of one store, in the words of transfers. Every method throws errors of the catalogue only. Nothing is
 * tried twice here, but for what the store never heard, expired keys and a clock that was wrong: once each.
 */
export class ObjectStore {
  readonly connection: Connection;
  readonly endpoint: string;
  /** What this kind of store allows. */
  readonly limits: StoreLimits;
  /** Whether it makes an object only where there is none, when told to. */
  readonly isConditional: boolean;
  /** Whether others than this process can reach it, so that a signed address is of use. */
  readonly isReachable: boolean;
  readonly #access: StoreAccess;
  readonly #hot: HotObjects;
  readonly #sdk: SdkRequests;
  readonly #confirmations: Confirmations;
  readonly #checksum: Capabilities['checksum'];

  /** @param checksum how multipart uploads are proven at this store */
  constructor(
    connection: Connection,
    access: StoreAccess,
    checksum: Capabilities['checksum'],
    isReachable = true,
    isConditional = false,
  ) {
    this.connection = connection;
    this.isReachable = isReachable;
    this.isConditional = isConditional;
    this.endpoint = connection.endpoint ?? `https://s3.${connection.region}.amazonaws.com`;
    this.limits = limitsOf(connection);
    this.#access = access;
    this.#hot = new HotObjects(access.wire, checksum);
    this.#sdk = new SdkRequests(access);
    this.#confirmations = new Confirmations((request) => this.#hot.listPage(request));
    this.#checksum = checksum;
  }

  get checksum(): Capabilities['checksum'] {
    return this.#checksum;
  }

  /** For who asks what nothing else does. */
  get client(): S3Client {
    return this.#access.client;
  }

  /** How far the store's clock is ahead of this computer's, ms. */
  get clockOffset(): number {
    return this.#access.clock.offset;
  }

  async #ask<T>(action: string, key: string, work: () => Promise<T>, absent = false): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { bucket } = this.connection;
      throw storeError(error, { action, endpoint: this.endpoint, bucket, key, absent });
    }
  }

  #askSdk<T>(
    action: string,
    key: string,
    work: (client: S3Client, options: SdkOptions) => Promise<T>,
    terms: {
      readonly signal?: AbortSignal | undefined;
      readonly limitMs?: number;
      readonly absent?: boolean;
    } = {},
  ): Promise<T> {
    return this.#ask(action, key, () => this.#sdk.ask(work, terms.signal, terms.limitMs), terms.absent);
  }

  /** For who asks what nothing else does, under the same rules. */
  request<T>(
    action: string,
    key: string,
    work: (client: S3Client, options: SdkOptions) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#askSdk(action, key, work, { signal });
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.connection.bucket, Key: key };
  }

  async checkBucket(signal?: AbortSignal): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.connection.bucket });
    await this.#askSdk('look at', '', (client, options) => client.send(command, options), { signal });
  }

  /** @returns what the store said of it */
  put(
    key: string,
    body: Body,
    crc32: number,
    head: ObjectHead,
    signal?: AbortSignal,
    sending: Omit<Sending, 'signal'> = {},
  ): Promise<Taken> {
    const absent = sending.ifNoneMatch !== undefined;
    return this.#ask(
      'write',
      key,
      () => this.#hot.put(key, body, crc32, head, { ...sending, signal }),
      absent,
    );
  }

  async createUpload(key: string, head: ObjectHead, signal?: AbortSignal): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...this.#at(key),
      ...headInput(head),
      ...(this.#checksum === 'none'
        ? {}
        : { ChecksumAlgorithm: 'CRC32', ChecksumType: this.#checksumType() }),
    });
    const answer = await this.#askSdk('write', key, (client, options) => client.send(command, options), {
      signal,
    });
    if (answer.UploadId === undefined || answer.UploadId === '') {
      const reason = 'it gave no id for the upload';
      throw sluiceError('STORE_UNREACHABLE', { endpoint: this.endpoint, reason });
    }
    return answer.UploadId;
  }

  /** @param crc32 of the body, which may be larger than memory */
  uploadPart(
    at: { readonly key: string; readonly uploadId: string; readonly number: number },
    body: Body,
    crc32: number,
    signal?: AbortSignal,
    sending: Pick<Sending, 'onSent' | 'gate'> = {},
  ): Promise<Taken> {
    return this.#ask('write', at.key, () => this.#hot.uploadPart(at, body, crc32, { ...sending, signal }));
  }

  /** Every page. @returns null where the store knows no such upload (any more) */
  async listParts(
    key: string,
    uploadId: string,
    signal?: AbortSignal,
  ): Promise<readonly StoredPart[] | null> {
    const parts: StoredPart[] = [];
    let marker: string | undefined;
    try {
      do {
        const command = new ListPartsCommand({
          ...this.#at(key),
          UploadId: uploadId,
          ...(marker === undefined ? {} : { PartNumberMarker: marker }),
        });
        const page = await this.#askSdk(
          'list the parts of',
          key,
          (client, options) => client.send(command, options),
          { signal },
        );
        for (const part of page.Parts ?? []) {
          parts.push({
            number: part.PartNumber ?? 0,
            size: part.Size ?? -1,
            etag: part.ETag ?? '',
            crc32: part.ChecksumCRC32 === undefined ? null : decodeCrc32(part.ChecksumCRC32),
          });
        }
        marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
      } while (marker !== undefined);
    } catch (error) {
      if (s3ErrorName(error) === 'NoSuchUpload') return null;
      throw error;
    }
    return parts;
  }

  /**
   * @param whole what the object must come out as; the store is told, where it can check it
   * @throws OBJECT_EXISTS where one stands there that must not be written over; STORE_BUSY with the name
   *   ConditionalRequestConflict where another write got between, after which the upload has to begin anew
   */
  async completeUpload(
    at: { readonly key: string; readonly uploadId: string },
    parts: readonly CompletedPart[],
    whole: { readonly size: number; readonly crc32: number },
    signal?: AbortSignal,
    sending: Pick<Sending, 'ifNoneMatch'> = {},
  ): Promise<void> {
    const full = this.#checksum === 'full-object';
    const absent = sending.ifNoneMatch !== undefined;
    const command = new CompleteMultipartUploadCommand({
      ...this.#at(at.key),
      UploadId: at.uploadId,
      MultipartUpload: {
        Parts: parts.map((part) => ({
          PartNumber: part.number,
          ETag: part.etag,
          ...(this.#checksum === 'none' ? {} : { ChecksumCRC32: encodeCrc32(part.crc32) }),
        })),
      },
      ...(absent ? { IfNoneMatch: '*' } : {}),
      ...(full
        ? {
            ChecksumCRC32: encodeCrc32(whole.crc32),
            ChecksumType: 'FULL_OBJECT',
            MpuObjectSize: whole.size,
          }
        : {}),
    });
    await this.#askSdk('write', at.key, (client, options) => client.send(command, options), {
      signal,
      limitMs: COMPLETE_MS,
      absent,
    });
  }

  /** Until the store no longer knows it: a part in flight can land after the first abort. */
  async abortUpload(key: string, uploadId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: uploadId });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        await this.#askSdk('abort', key, (client, options) => client.send(command, options));
      } catch (error) {
        if (s3ErrorName(error) === 'NoSuchUpload') return;
        throw error;
      }
      if ((await this.listParts(key, uploadId)) === null) return;
    }
  }

  /** Unfinished uploads to exactly this key. */
  async listUploads(
    key: string,
  ): Promise<readonly { readonly uploadId: string; readonly startedAt: number }[]> {
    const found: { readonly uploadId: string; readonly startedAt: number }[] = [];
    for await (const upload of this.listAllUploads(key)) {
      if (upload.key !== key) break; // keys come in order, and the shortest that begins so is the key itself
      found.push({ uploadId: upload.uploadId, startedAt: upload.startedAt });
    }
    return found;
  }

  /** Every unfinished upload under a prefix, page by page. */
  async *listAllUploads(prefix: string, signal?: AbortSignal): AsyncGenerator<ListedUpload> {
    let after: { readonly KeyMarker: string; readonly UploadIdMarker?: string } | null = {
      KeyMarker: '',
    };
    while (after !== null) {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        Bucket: this.connection.bucket,
        Prefix: prefix,
        ...(after.KeyMarker === '' ? {} : after),
      });
      const page = await this.#askSdk(
        'list the uploads of',
        '',
        (client, options) => client.send(command, options),
        { signal },
      );
      for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
        if (UploadId === undefined) continue;
        yield { key: Key, uploadId: UploadId, startedAt: Initiated?.getTime() ?? 0 };
      }
      const { NextKeyMarker = '', NextUploadIdMarker } = page;
      after =
        page.IsTruncated !== true || NextKeyMarker === ''
          ? null
          : {
              KeyMarker: NextKeyMarker,
              ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
            };
    }
  }

  /**
   * Whether what was just put stands at its key, together with many others that were.
   * @returns false where it has to be asked for by itself
   */
  async confirm(key: string, taken: Taken, size: number): Promise<boolean> {
    // Directory buckets list in no order.
    if (taken.etag === '' || this.limits.kind === 'aws-directory') return false;
    return this.#confirmations.confirm(key, taken.etag, size);
  }

  /** @returns null where there is no such object */
  async head(key: string, signal?: AbortSignal): Promise<StoredObject | null> {
    try {
      return await this.#ask('read', key, () => this.#hot.head(key, signal));
    } catch (error) {
      if (s3ErrorName(error) === 'NotFound' || s3ErrorName(error) === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** Of an object that was written in parts. @returns bytes of its first one; null where the store does not tell */
  async firstPartSize(key: string, etag: string, signal?: AbortSignal): Promise<number | null> {
    return this.#ask('read', key, () => this.#hot.firstPartSize(key, etag, signal));
  }

  /** @param range first and last byte, both included */
  async read(
    key: string,
    range: { readonly first: number; readonly last: number } | null,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<Readable> {
    const body = await this.#ask('read', key, () => this.#hot.read(key, range, etag, signal));
    if (body === null) {
      throw sluiceError('STORE_REFUSED', { code: 'NoBody', reason: 'its answer has no body' });
    }
    return body;
  }

  /**
   * Page by page, in the order of the store.
   * @param after begins behind this key
   */
  async *list(prefix: string, signal?: AbortSignal, after = ''): AsyncGenerator<ListedObject> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.connection.bucket,
        Prefix: prefix,
        ...(after === '' ? {} : { StartAfter: after }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await this.#askSdk('list', '', (client, options) => client.send(command, options), {
        signal,
      });
      for (const { Key = '', Size = 0, LastModified, ETag = '' } of page.Contents ?? []) {
        yield { key: Key, size: Size, modified: LastModified?.getTime() ?? 0, etag: ETag };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async deleteAll(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += 1000) {
      const Objects = keys.slice(from, from + 1000).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({
        Bucket: this.connection.bucket,
        Delete: { Objects, Quiet: true },
      });
      const answer = await this.#askSdk('delete', '', (client, options) => client.send(command, options));
      const failed = answer.Errors?.[0];
      if (failed !== undefined) {
        throw sluiceError('STORE_REFUSED', {
          code: failed.Code ?? 'Error',
          reason: `${failed.Key ?? ''} was not deleted`,
        });
      }
    }
  }

  /** One PUT of a part by somebody else, whose bytes must have this checksum. */
  signPart(
    at: { readonly key: string; readonly uploadId: string; readonly number: number },
    crc32: string,
    seconds: number,
  ): Promise<SignedRequest> {
    const checksum = this.#checksum === 'none' ? null : crc32;
    return this.#ask('sign', at.key, () =>
      presignPart(this.#access, { ...this.#at(at.key), ...at, checksum }, seconds),
    );
  }

  /** @param fileName given to a browser that saves it; null shows it */
  signRead(key: string, seconds: number, fileName: string | null): Promise<string> {
    return this.#ask('sign', key, () => presignRead(this.#access, this.#at(key), seconds, fileName));
  }

  /** After sleep or a change of networks: what looks alive is dead. What is under way fails as out of reach. */
  dropSockets(): void {
    this.#access.dropSockets();
  }

  close(): void {
    this.#confirmations.close();
    this.#access.close();
  }

  #checksumType(): 'FULL_OBJECT' | 'COMPOSITE' {
    return this.#checksum === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT';
  }
}
