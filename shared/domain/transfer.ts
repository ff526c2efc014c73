import { z } from 'zod';
import { errorReport } from './error-report.ts';

/** Why a transfer that could go on does not. */
export const waitReason = z.enum(['network', 'credentials', 'disk', 'limit', 'page']);
export type WaitReason = z.infer<typeof waitReason>;

export const transferState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued') }),
  /** Starts by itself at this time, ms since the epoch. */
  z.object({ kind: z.literal('scheduled'), at: z.number() }),
  /** Reading the source, asking the store what it has. */
  z.object({ kind: z.literal('preparing') }),
  z.object({ kind: z.literal('transferring') }),
  /** Goes on by itself once the reason is gone. */
  z.object({ kind: z.literal('waiting'), reason: waitReason, error: errorReport }),
  /** All bytes are there; the store puts them together and is asked to prove it. */
  z.object({ kind: z.literal('verifying') }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), error: errorReport }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type TransferState = z.infer<typeof transferState>;

export const transferKind = z.enum(transferState.options.map(({ shape }) => shape.kind.value));

/** State of one part, as the part strip shows it. */
export const partState = z.enum(['waiting', 'flying', 'sent', 'kept', 'resent', 'verified']);
export type PartState = z.infer<typeof partState>;

/** Parts in order, run-length encoded. */
export const partStrip = z.array(z.object({ state: partState, count: z.number().int().positive() }));
export type PartStrip = z.infer<typeof partStrip>;

export const progress = z.object({
  /** Bytes the other side has acknowledged. Never goes back while a transfer lives, never exceeds `total`. */
  committed: z.number(),
  /** Bytes on their way. */
  inFlight: z.number(),
  total: z.number(),
  /** Over the last seconds; null while nothing moves. */
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof progress>;

export const transferSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string() }),
  /** Read by the page and sent straight to the bucket. */
  z.object({ kind: z.literal('page'), lastModified: z.number() }),
  /** An output of a run, on this disk. */
  z.object({ kind: z.literal('output'), path: z.string() }),
  /** Of a download: the object at the transfer's key. The path is where it goes. */
  z.object({ kind: z.literal('object'), path: z.string() }),
]);
export type TransferSource = z.infer<typeof transferSource>;

export const transfer = z.object({
  id: z.string(),
  sessionId: z.string(),
  direction: z.enum(['upload', 'download']),
  /** The file's own name. */
  name: z.string(),
  /** Path below the dropped folder, with forward slashes; equals the name for a single file. */
  relativePath: z.string(),
  source: transferSource,
  size: z.number(),
  bucket: z.string(),
  key: z.string(),
  state: transferState,
  progress,
  parts: partStrip,
  partSize: z.number(),
  /** Larger goes first. */
  priority: z.number().int(),
  /** What happened to it that a person should know though it goes on, e.g. that the file changed and it began anew. */
  notice: errorReport.nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type Transfer = z.infer<typeof transfer>;

/** The proof of a finished upload. */
export const receipt = z.object({
  version: z.literal(1),
  transferId: z.string(),
  source: z.object({
    name: z.string(),
    path: z.string().nullable(),
    size: z.number(),
    modified: z.string().nullable(),
  }),
  object: z.object({
    endpoint: z.string(),
    bucket: z.string(),
    key: z.string(),
    etag: z.string(),
    versionId: z.string().nullable(),
    size: z.number(),
  }),
  /** CRC-32 of all the bytes that were sent, base64 of 4 bytes, as S3 writes it. */
  crc32: z.string(),
  /** Of a file that was compressed before it was sent: the file itself. The object carries the same as metadata. */
  original: z
    .object({ size: z.number(), crc32: z.string(), compressedBy: z.enum(['gzip', 'zstd']) })
    .nullable()
    .default(null),
  /** SHA-256 of the bytes that were read, in hex, where it was asked for. */
  sha256: z.string().nullable().default(null),
  parts: z.object({ count: z.number(), size: z.number(), kept: z.number(), resent: z.number() }),
  /** What was compared with what the store says, in words. */
  proven: z.array(z.string()),
  /** What else a person should know of how it was sent. */
  notes: z.array(z.string()).default([]),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type Receipt = z.infer<typeof receipt>;
