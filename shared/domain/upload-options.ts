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

export const compression = z.enum(['none', 'gzip', 'zstd']);
export type Compression = z.infer<typeof compression>;

/** Printable ASCII: what a header can carry and every store gives back. */
const headerText = z.string().regex(/^[\x20-\x7e]*$/, 'only plain letters, digits and signs');

/** Letters, digits, spaces and the few signs that every store takes in a tag. */
const tagText = z
  .string()
  .regex(/^[\p{L}\p{N} +\-=._:/@]*$/u, 'a tag takes letters, digits, spaces and + - = . _ : / @');

const METADATA_NAME = /^[a-z0-9][a-z0-9_-]*$/;

const fields = {
  encryption,
  /** null is the bucket's usual one. */
  storageClass: storageClass.nullable(),
  /** Beside what Sluice itself keeps there. */
  metadata: z
    .record(
      z
        .string()
        .regex(METADATA_NAME, 'small letters, digits, hyphens')
        .max(100)
        .refine((name) => !name.startsWith('sluice-'), 'names that start with sluice- are its own'),
      headerText.max(1000),
    )
    .refine((metadata) => metadataBytes(metadata) <= METADATA_LIMIT, 'metadata takes 1,600 bytes at most'),
  tags: z
    .record(
      tagText
        .min(1)
        .max(128)
        .refine((key) => !/^aws:/i.test(key), 'tags that start with aws: belong to AWS'),
      tagText.max(256),
    )
    .refine((tags) => Object.keys(tags).length <= 10, 'an object takes ten tags at most'),
  /** null: by name, and by content where the name does not tell. */
  contentType: headerText
    .max(200)
    .regex(/^[^\s;/]+\/[^\s;/]+(\s*;.*)?$/, 'a content type such as text/csv')
    .nullable(),
  /** Before it is sent; the object's name says so. */
  compress: compression,
  /** Extended attributes of the file, kept as metadata. */
  keepAttributes: z.boolean(),
  /** SHA-256 of the source, computed in the same pass, for the chain of custody. */
  sha256: z.boolean(),
};

/** Of the 2 KB that S3 allows in all, Sluice needs the rest for the mark, the name and the proof of a compressed file. */
export const METADATA_LIMIT = 1600;

/** @returns bytes as S3 counts them: names and values */
export function metadataBytes(metadata: Readonly<Record<string, string>>): number {
  return Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

/** What an object is made with beside its bytes. Fixed when a file is queued. */
export const uploadOptions = z.object({
  encryption: fields.encryption.default({ kind: 'bucket' }),
  storageClass: fields.storageClass.default(null),
  metadata: fields.metadata.default({}),
  tags: fields.tags.default({}),
  contentType: fields.contentType.default(null),
  compress: fields.compress.default('none'),
  keepAttributes: fields.keepAttributes.default(false),
  sha256: fields.sha256.default(false),
});
export type UploadOptions = z.infer<typeof uploadOptions>;

export const NO_OPTIONS: UploadOptions = uploadOptions.parse({});

/** What a drop says otherwise than its connection; what it leaves out is as the connection has it. */
export const uploadOptionsChange = z.object(fields).partial();
export type UploadOptionsChange = z.infer<typeof uploadOptionsChange>;

/** @returns the connection's options with those of a drop over them, field by field */
export function mergeOptions(base: UploadOptions, change: UploadOptionsChange | undefined): UploadOptions {
  const said = Object.entries(change ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(said) as Partial<UploadOptions>) };
}

/** @returns what is wrong with options that were refused, in words; of a name, with the rule it breaks */
export function whyRefused(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'something is not as it must be';
  if (issue.code !== 'invalid_key') return issue.message;
  const [inner] = issue.issues;
  return `${String(issue.path.at(-1) ?? 'a name')} is no name here: ${inner?.message ?? issue.message}`;
}
