import { z } from 'zod';
import { uploadOptions } from './upload-options.ts';

/** Where a connection's keys come from. The secret itself is never part of a connection. */
export const credentialsSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtin') }),
  /** The AWS default chain: environment, shared files, SSO, instance role. */
  z.object({ kind: z.literal('default-chain') }),
  z.object({ kind: z.literal('profile'), profile: z.string().min(1).max(200) }),
  /** Keys typed in by the person; the secret is held by the secrets port under the connection's id. */
  z.object({ kind: z.literal('keys'), accessKeyId: z.string().min(1).max(200) }),
]);
export type CredentialsSource = z.infer<typeof credentialsSource>;

/** What a store really supports, learnt by asking it; null where it was not asked yet. */
export const capabilities = z.object({
  /** How a multipart upload can be proven: one checksum of the whole, one per part, or by ETag and size only. */
  checksum: z.enum(['full-object', 'composite', 'none']),
  /** Whether it makes an object only where there is none, when told to. */
  conditional: z.boolean().default(false),
  /** When it was learnt, ms since the epoch. */
  learntAt: z.number(),
});
export type Capabilities = z.infer<typeof capabilities>;

/** What a person set for a connection beside its address. */
export const connectionSettings = z.object({
  /** What objects are made with, unless a drop says otherwise. */
  upload: uploadOptions.prefault({}),
  /** S3 Transfer Acceleration. */
  accelerate: z.boolean().default(false),
  /** Most streams at once; null is as many as are found good. */
  maxStreams: z.number().int().min(1).max(64).nullable().default(null),
  bytesPerSecond: z.number().int().positive().nullable().default(null),
});
export type ConnectionSettings = z.infer<typeof connectionSettings>;

export const NO_SETTINGS: ConnectionSettings = connectionSettings.parse({});

export const connection = z.object({
  id: z.string(),
  kind: z.enum(['builtin', 's3']),
  /** builtin: the bucket of the app; environment: from variables or .env, re-read at each start; user: made in the app. */
  origin: z.enum(['builtin', 'environment', 'user']),
  name: z.string(),
  /** http(s) origin of the store; null for AWS itself. */
  endpoint: z.string().nullable(),
  region: z.string(),
  bucket: z.string(),
  /** Without slashes at its ends; may be empty. */
  prefix: z.string(),
  credentials: credentialsSource,
  capabilities: capabilities.nullable(),
  settings: connectionSettings.prefault({}),
});
export type Connection = z.infer<typeof connection>;

/** What a person fills in. */
export const connectionDraft = z.object({
  name: z.string().trim().min(1).max(100),
  endpoint: z.url({ protocol: /^https?$/ }).nullable(),
  region: z.string().trim().min(1).max(50),
  bucket: z
    .string()
    .trim()
    .regex(
      /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i,
      'a bucket name has 3 to 63 letters, digits, dots or hyphens',
    ),
  prefix: z
    .string()
    .trim()
    .max(500)
    .transform((prefix) => prefix.replace(/^\/+|\/+$/g, '')),
  credentials: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('default-chain') }),
    z.object({ kind: z.literal('profile'), profile: z.string().trim().min(1).max(200) }),
    z.object({
      kind: z.literal('keys'),
      accessKeyId: z.string().trim().min(1).max(200),
      secretAccessKey: z.string().min(1).max(500),
      sessionToken: z.string().max(5000).optional(),
    }),
  ]),
});
export type ConnectionDraft = z.infer<typeof connectionDraft>;

/**
 * What can be changed of a connection that was made here. Endpoint and bucket stay: another bucket is another connection,
 * and uploads on their way would lose theirs.
 */
export const connectionChange = connectionDraft
  .pick({ name: true, region: true, prefix: true })
  /** null keeps the keys as they are. */
  .extend({ credentials: connectionDraft.shape.credentials.nullable() });
export type ConnectionChange = z.infer<typeof connectionChange>;

/** One question of the doctor and its answer. */
export const finding = z.object({
  check: z.enum([
    'credentials',
    'reach',
    'bucket',
    'write',
    'multipart',
    'checksum',
    'read',
    'delete',
    'cors',
    'clock',
  ]),
  outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** What was found, in one sentence. */
  sentence: z.string(),
  /** What to do about it; empty where nothing is to be done. */
  hint: z.string(),
});
export type Finding = z.infer<typeof finding>;
