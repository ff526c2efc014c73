import { z } from 'zod';

/** How the store is asked to encrypt an object; `bucket` leaves it to what the bucket is set to. */
export const encryption = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bucket') }),
  /** Keys of S3 itself (SSE-S3). */
  z.object({ kind: z.literal('s3') }),
  /** A key of the key service (SSE-KMS); null is the account's own for S3. */
  z.object({ kind: z.literal('kms'), keyId: z.string().trim().min(1).max(2048).nullable() }),
]);
export type Encryption = z.infer<typeof encryption>;

export const storageClass = z.enum([
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'REDUCED_REDUNDANCY',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
  'EXPRESS_ONEZONE',
]);
export type StorageClass = z.infer<typeof storageClass>;

/** Printable ASCII: what a header can carry and every store gives back. */
const headerText = z.string().regex(/^[\x20-\x7e]*$/, 'only plain letters, digits and signs');

/** What an object is made with beside its bytes. Fixed when a file is queued. */
export const uploadOptions = z.object({
  encryption: encryption.default({ kind: 'bucket' }),
  /** null is the bucket's usual one. */
  storageClass: storageClass.nullable().default(null),
  /** Beside what Sluice itself keeps there. */
  metadata: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]*$/, 'small letters, digits, hyphens')
        .max(100),
      headerText.max(1000),
    )
    .default({}),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= 10, 'an object takes ten tags at most')
    .default({}),
  /** null: by name, and by content where the name does not tell. */
  contentType: headerText.max(200).nullable().default(null),
  /** Before it is sent; the object's name says so. */
  compress: z.enum(['none', 'gzip', 'zstd']).default('none'),
  /** Extended attributes of the file, kept as metadata. */
  keepAttributes: z.boolean().default(false),
  /** SHA-256 of the source, computed in the same pass, for the chain of custody. */
  sha256: z.boolean().default(false),
});
export type UploadOptions = z.infer<typeof uploadOptions>;

export const NO_OPTIONS: UploadOptions = uploadOptions.parse({});
