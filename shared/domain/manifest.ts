import { z } from 'zod';
import { errorReport } from './error-report.ts';
import { leftOut } from './scan.ts';
import { custody } from './session.ts';

const isoTime = z.iso.datetime();

/** One file of a session as it stands in the bucket. What only a finished upload has is null until it is finished. */
export const manifestFile = z.object({
  /** Below what was dropped, with forward slashes. */
  path: z.string(),
  key: z.string(),
  size: z.number().int().nonnegative(),
  /** Every file has come to its end when a manifest is written. */
  state: z.enum(['done', 'failed', 'cancelled']),
  /** Of all the bytes, base64 of 4 bytes, as S3 writes it. */
  crc32: z.string().nullable(),
  /** Of all the bytes, in hex; null where nobody asked for it. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  etag: z.string().nullable(),
  versionId: z.string().nullable(),
  /** When the source was last modified. */
  modified: isoTime.nullable(),
  /** Of the transfer whose receipt proves this file. */
  receiptId: z.string().nullable(),
});
export type ManifestFile = z.infer<typeof manifestFile>;

/** What a session brought into a bucket: `manifest.json` under its prefix, and what is exported from it. */
export const manifest = z.object({
  version: z.literal(1),
  writtenAt: isoTime,
  session: z.object({
    id: z.string(),
    title: z.string(),
    endpoint: z.string(),
    bucket: z.string(),
    prefix: z.string(),
    createdAt: isoTime,
  }),
  /** In the order they were added. */
  files: z.array(manifestFile),
  /** What was not taken, and why. */
  refused: z.array(z.object({ path: z.string(), error: errorReport })),
  /** What was left out by choice. */
  leftOut,
  custody: custody.nullable(),
});
export type Manifest = z.infer<typeof manifest>;
