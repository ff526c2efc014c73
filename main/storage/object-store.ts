import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Capabilities, Connection, Encryption, StorageClass } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever, decodeCrc32, encodeCrc32 } from '#shared/lib';
import { s3ErrorName, storeError } from './store-errors.ts';

/** What an object is created with. */
export interface ObjectHead {
  readonly contentType: string;
  /** ASCII names and values. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentEncoding?: string;
  readonly storageClass?: StorageClass;
  readonly encryption?: Encryption;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  /** null where the store does not say. */
  readonly crc32: number | null;
}

export interface StoredObject {
  readonly size: number;
  readonly etag: string;
  readonly versionId: string | null;
  /** CRC-32 of the whole object; null where the store keeps none or only one per part. */
  readonly crc32: number | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
  readonly crc32: number;
}

/** A presigned request. The headers must be sent exactly so. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One bucket of one store, in the words of transfers. Every method throws errors of the catalogue only.
 * Nothing is tried twice here.
 */
export class ObjectStore {
  readonly connection: Connection;
  readonly endpoint: string;
  readonly #client: S3Client;
  readonly #checksum: Capabilities['checksum'];

  /** Whether others than this process can reach it, so that a signed address is of use. */
  readonly isReachable: boolean;

  /** @param checksum how multipart uploads are proven at this store */
  constructor(
    connection: Connection,
    client: S3Client,
    checksum: Capabilities['checksum'],
    isReachable = true,
  ) {
    this.connection = connection;
    this.isReachable = isReachable;
    this.endpoint = connection.endpoint ?? `https://s3.${connection.region}.amazonaws.com`;
    this.#client = client;
    this.#checksum = checksum;
  }

  get checksum(): Capabilities['checksum'] {
    return this.#checksum;
  }

  /** For the doctor, which asks what nothing else does. */
  get client(): S3Client {
    return this.#client;
  }

  async #ask<T>(action: string, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, { action, endpoint: this.endpoint, bucket: this.connection.bucket, key });
    }
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.connection.bucket, Key: key };
  }

  async checkBucket(signal?: AbortSignal): Promise<void> {
    await this.#ask('look at', '', () =>
      this.#client.send(new HeadBucketCommand({ Bucket: this.connection.bucket }), options(signal)),
    );
  }

  /** @returns the object, as far as its answer tells */
  async put(
    key: string,
    body: Uint8Array,
    crc32: number,
    head: ObjectHead,
    signal?: AbortSignal,
  ): Promise<{ etag: string }> {
    const answer = await this.#ask('write', key, () =>
      this.#client.send(
        new PutObjectCommand({
          ...this.#at(key),
          Body: body,
          ContentLength: body.length,
          ...headInput(head),
          ...this.#proofOf(body, crc32),
        }),
        options(signal),
      ),
    );
    return { etag: answer.ETag ?? '' };
  }

  async createUpload(key: string, head: ObjectHead, signal?: AbortSignal): Promise<string> {
    const answer = await this.#ask('write', key, () =>
      this.#client.send(
        new CreateMultipartUploadCommand({
          ...this.#at(key),
          ...headInput(head),
          ...(this.#checksum === 'none'
            ? {}
            : { ChecksumAlgorithm: 'CRC32', ChecksumType: this.#checksumType() }),
        }),
        options(signal),
      ),
    );
    if (answer.UploadId === undefined || answer.UploadId === '') {
      const reason = 'it gave no id for the upload';
      throw sluiceError('STORE_UNREACHABLE', { endpoint: this.endpoint, reason });
    }
    return answer.UploadId;
  }

  async uploadPart(
    at: { readonly key: string; readonly uploadId: string; readonly number: number },
    body: Uint8Array,
    crc32: number,
    signal?: AbortSignal,
  ): Promise<{ etag: string }> {
    const answer = await this.#ask('write', at.key, () =>
      this.#client.send(
        new UploadPartCommand({
          ...this.#at(at.key),
          UploadId: at.uploadId,
          PartNumber: at.number,
          Body: body,
          ContentLength: body.length,
          ...this.#proofOf(body, crc32),
        }),
        options(signal),
      ),
    );
    return { etag: answer.ETag ?? '' };
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
        const page = await this.#ask('list the parts of', key, () =>
          this.#client.send(
            new ListPartsCommand({
              ...this.#at(key),
              UploadId: uploadId,
              ...(marker === undefined ? {} : { PartNumberMarker: marker }),
            }),
            options(signal),
          ),
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

  /** @param whole what the object must come out as; the store is told, where it can check it */
  async completeUpload(
    at: { readonly key: string; readonly uploadId: string },
    parts: readonly CompletedPart[],
    whole: { readonly size: number; readonly crc32: number },
    signal?: AbortSignal,
  ): Promise<void> {
    const full = this.#checksum === 'full-object';
    await this.#ask('write', at.key, () =>
      this.#client.send(
        new CompleteMultipartUploadCommand({
          ...this.#at(at.key),
          UploadId: at.uploadId,
          MultipartUpload: {
            Parts: parts.map((part) => ({
              PartNumber: part.number,
              ETag: part.etag,
              ...(this.#checksum === 'none' ? {} : { ChecksumCRC32: encodeCrc32(part.crc32) }),
            })),
          },
          ...(full
            ? {
                ChecksumCRC32: encodeCrc32(whole.crc32),
                ChecksumType: 'FULL_OBJECT',
                MpuObjectSize: whole.size,
              }
            : {}),
        }),
        options(signal),
      ),
    );
  }

  /** Until the store no longer knows it: a part in flight can land after the first abort. */
  async abortUpload(key: string, uploadId: string): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        await this.#ask('abort', key, () =>
          this.#client.send(new AbortMultipartUploadCommand({ ...this.#at(key), UploadId: uploadId })),
        );
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
    const page = await this.#ask('list the uploads of', '', () =>
      this.#client.send(new ListMultipartUploadsCommand({ Bucket: this.connection.bucket, Prefix: key })),
    );
    return (page.Uploads ?? [])
      .filter((upload) => upload.Key === key && upload.UploadId !== undefined)
      .map((upload) => ({ uploadId: upload.UploadId ?? '', startedAt: upload.Initiated?.getTime() ?? 0 }));
  }

  /** @returns null where there is no such object */
  async head(key: string, signal?: AbortSignal): Promise<StoredObject | null> {
    try {
      const answer = await this.#ask('read', key, () =>
        this.#client.send(
          new HeadObjectCommand({
            ...this.#at(key),
            ...(this.#checksum === 'none' ? {} : { ChecksumMode: 'ENABLED' }),
          }),
          options(signal),
        ),
      );
      const whole = answer.ChecksumType !== 'COMPOSITE' && answer.ChecksumCRC32 !== undefined;
      return {
        size: answer.ContentLength ?? -1,
        etag: answer.ETag ?? '',
        versionId: answer.VersionId ?? null,
        crc32: whole ? decodeCrc32(answer.ChecksumCRC32 ?? '') : null,
        metadata: answer.Metadata ?? {},
      };
    } catch (error) {
      if (s3ErrorName(error) === 'NotFound' || s3ErrorName(error) === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** @param range first and last byte, both included */
  async read(
    key: string,
    range: { readonly first: number; readonly last: number } | null,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<Readable> {
    const answer = await this.#ask('read', key, () =>
      this.#client.send(
        new GetObjectCommand({
          ...this.#at(key),
          ...(range === null ? {} : { Range: `bytes=${range.first}-${range.last}` }),
          ...(etag === null ? {} : { IfMatch: etag }),
        }),
        options(signal),
      ),
    );
    if (!(answer.Body instanceof Readable)) {
      throw sluiceError('STORE_REFUSED', { code: 'NoBody', reason: 'its answer has no body' });
    }
    return answer.Body;
  }

  /** Page by page, in the order of the store. */
  async *list(
    prefix: string,
  ): AsyncGenerator<{ readonly key: string; readonly size: number; readonly modified: number }> {
    let token: string | undefined;
    do {
      const page = await this.#ask('list', '', () =>
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.connection.bucket,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      for (const object of page.Contents ?? []) {
        yield {
          key: object.Key ?? '',
          size: object.Size ?? 0,
          modified: object.LastModified?.getTime() ?? 0,
        };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async deleteAll(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += 1000) {
      const Objects = keys.slice(from, from + 1000).map((Key) => ({ Key }));
      const answer = await this.#ask('delete', '', () =>
        this.#client.send(
          new DeleteObjectsCommand({ Bucket: this.connection.bucket, Delete: { Objects, Quiet: true } }),
        ),
      );
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
  async signPart(
    at: { readonly key: string; readonly uploadId: string; readonly number: number },
    crc32: string,
    seconds: number,
  ): Promise<SignedRequest> {
    const withChecksum = this.#checksum === 'none' ? {} : { ChecksumCRC32: crc32 };
    const command = new UploadPartCommand({
      ...this.#at(at.key),
      UploadId: at.uploadId,
      PartNumber: at.number,
      ...withChecksum,
    });
    const url = await this.#ask('sign', at.key, () =>
      getSignedUrl(this.#client, command, {
        expiresIn: seconds,
        unhoistableHeaders: new Set(['x-amz-checksum-crc32']),
      }),
    );
    return { url, headers: this.#checksum === 'none' ? {} : { 'x-amz-checksum-crc32': crc32 } };
  }

  /** @param fileName given to a browser that saves it; null shows it */
  async signRead(key: string, seconds: number, fileName: string | null): Promise<string> {
    return this.#ask('sign', key, () =>
      getSignedUrl(
        this.#client,
        new GetObjectCommand({
          ...this.#at(key),
          ...(fileName === null ? {} : { ResponseContentDisposition: attachment(fileName) }),
        }),
        { expiresIn: seconds },
      ),
    );
  }

  close(): void {
    this.#client.destroy();
  }

  /** By which the store can tell that a body arrived as it was read: where it knows no CRC-32, the MD5 that all know. */
  #proofOf(body: Uint8Array, crc32: number): { ChecksumCRC32: string } | { ContentMD5: string } {
    return this.#checksum === 'none'
      ? { ContentMD5: createHash('md5').update(body).digest('base64') }
      : { ChecksumCRC32: encodeCrc32(crc32) };
  }

  #checksumType(): 'FULL_OBJECT' | 'COMPOSITE' {
    return this.#checksum === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT';
  }
}

/** What PutObject and CreateMultipartUpload are told alike. */
function headInput(head: ObjectHead) {
  const { encryption = { kind: 'bucket' }, tags = {} } = head;
  return {
    ContentType: head.contentType,
    Metadata: { ...head.metadata },
    ...(head.contentEncoding === undefined ? {} : { ContentEncoding: head.contentEncoding }),
    ...(head.storageClass === undefined ? {} : { StorageClass: head.storageClass }),
    ...(Object.keys(tags).length === 0 ? {} : { Tagging: new URLSearchParams(tags).toString() }),
    ...encryptionInput(encryption),
  };
}

function encryptionInput(encryption: Encryption) {
  switch (encryption.kind) {
    case 'bucket':
      return {};
    case 's3':
      return { ServerSideEncryption: 'AES256' } as const;
    case 'kms':
      return {
        ServerSideEncryption: 'aws:kms',
        ...(encryption.keyId === null ? {} : { SSEKMSKeyId: encryption.keyId }),
      } as const;
    default:
      return assertNever(encryption);
  }
}

const options = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
  signal === undefined ? {} : { abortSignal: signal };

/** RFC 6266: an ASCII fallback, and the true name. */
function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
