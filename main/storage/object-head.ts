import type { Encryption, StorageClass } from '#shared/domain';
import { assertNever } from '#shared/lib';

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

const tagging = (tags: ObjectHead['tags'] = {}): string | null =>
  Object.keys(tags).length === 0 ? null : new URLSearchParams(tags).toString();

/** As PutObject is told. */
export function headHeaders(head: ObjectHead): Record<string, string> {
  const { contentEncoding, storageClass, encryption = { kind: 'bucket' } } = head;
  const headers: Record<string, string> = { 'content-type': head.contentType };
  if (contentEncoding !== undefined) headers['content-encoding'] = contentEncoding;
  if (storageClass !== undefined) headers['x-amz-storage-class'] = storageClass;
  const tags = tagging(head.tags);
  if (tags !== null) headers['x-amz-tagging'] = tags;
  for (const [name, value] of Object.entries(head.metadata)) {
    headers[`x-amz-meta-${name.toLowerCase()}`] = value;
  }
  switch (encryption.kind) {
    case 'bucket':
      return headers;
    case 's3':
      headers['x-amz-server-side-encryption'] = 'AES256';
      return headers;
    case 'kms':
      headers['x-amz-server-side-encryption'] = 'aws:kms';
      if (encryption.keyId !== null)
        headers['x-amz-server-side-encryption-aws-kms-key-id'] = encryption.keyId;
      return headers;
    default:
      return assertNever(encryption);
  }
}

/** As CreateMultipartUpload of the SDK is told. */
export function headInput(head: ObjectHead) {
  const { encryption = { kind: 'bucket' } } = head;
  const tags = tagging(head.tags);
  return {
    ContentType: head.contentType,
    Metadata: { ...head.metadata },
    ...(head.contentEncoding === undefined ? {} : { ContentEncoding: head.contentEncoding }),
    ...(head.storageClass === undefined ? {} : { StorageClass: head.storageClass }),
    ...(tags === null ? {} : { Tagging: tags }),
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
