import { type Encryption, type StorageClass, type UploadOptions } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { counted } from '#renderer/components';

export const CLASS_WORDS: Readonly<Record<StorageClass, string>> = {
  STANDARD: 'Standard',
  STANDARD_IA: 'Standard, seldom read',
  ONEZONE_IA: 'One zone, seldom read',
  INTELLIGENT_TIERING: 'Intelligent tiering',
  REDUCED_REDUNDANCY: 'Reduced redundancy',
  GLACIER_IR: 'Glacier, read at once',
  GLACIER: 'Glacier, read after hours',
  DEEP_ARCHIVE: 'Deep archive, read after half a day',
  EXPRESS_ONEZONE: 'Express, one zone',
};

function encryptionWords(encryption: Encryption): string | null {
  switch (encryption.kind) {
    case 'bucket':
      return null;
    case 's3':
      return 'SSE-S3';
    case 'kms':
      return 'SSE-KMS';
    default:
      return assertNever(encryption);
  }
}

/** @returns what is out of the ordinary, in few words; empty where nothing is */
export function optionsWords(options: UploadOptions): string {
  const { storageClass, metadata, tags, contentType, compress, keepAttributes, sha256 } = options;
  const [marks, labels] = [Object.keys(metadata).length, Object.keys(tags).length];
  return [
    encryptionWords(options.encryption),
    storageClass === null ? null : CLASS_WORDS[storageClass],
    marks === 0 ? null : `metadata: ${Object.keys(metadata).join(', ')}`,
    labels === 0 ? null : counted(labels, 'tag'),
    contentType,
    compress === 'none' ? null : compress,
    keepAttributes ? 'attributes kept' : null,
    sha256 ? 'SHA-256' : null,
  ]
    .filter((word) => word !== null)
    .join(' · ');
}
