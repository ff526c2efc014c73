import { z } from 'zod';
import { errorReport } from './error-report.ts';
import { leftOut } from './scan.ts';
import { custody } from './session.ts';

const isoTime = z.iso.datetime();
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** The form of manifests that this Sluice writes. */
export const MANIFEST_VERSION = 1;

/** One file of a session as it stands in the bucket. What only a finished upload has is null until it is finished. */
export const manifestFile = z.object({
  /** Below what was dropped, with forward slashes. */
  path: z.string(),
  key: z.string(),
  /** Of the object; also where the file was compressed before it was sent. */
  size: z.number().int().nonnegative(),
  /** Every file has come to its end when the manifest of a drop is written; one that is asked for earlier says so. */
  state: z.enum(['done', 'failed', 'cancelled', 'unfinished']),
  /** Of all bytes of the object, base64 of 4 bytes, as S3 writes it. */
  crc32: z.string().nullable(),
  /** The file itself, where it was compressed before it was sent. */
  original: z
    .object({
      size: z.number().int().nonnegative(),
      crc32: z.string(),
      compressedBy: z.enum(['gzip', 'zstd']),
    })
    .nullable(),
  /** Of all bytes of the file as it lay on the disk, in hex; null where nobody asked for it. */
  sha256: sha256Hex.nullable(),
  etag: z.string().nullable(),
  versionId: z.string().nullable(),
  /** When the source was last modified. */
  modified: isoTime.nullable(),
  /** What was compared with what the store says when it arrived, in words. */
  proven: z.array(z.string()),
  finishedAt: isoTime.nullable(),
  /** Of the transfer whose receipt proves this file. */
  receiptId: z.string().nullable(),
});
export type ManifestFile = z.infer<typeof manifestFile>;

/** What a session brought into a bucket: `manifest.json` under its prefix, and what is exported from it. */
export const manifest = z.object({
  version: z.literal(MANIFEST_VERSION),
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
  /** What wrote it, e.g. `Sluice 1.2.0`. */
  writtenBy: z.string(),
  /** SHA-256 over the canonical JSON of everything else, so that a change made later is seen. */
  digest: sha256Hex,
});
export type Manifest = z.infer<typeof manifest>;

/** A manifest as it is made, before it is sealed. */
export type ManifestContent = Omit<Manifest, 'digest'>;
