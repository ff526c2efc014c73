import { z } from 'zod';
import { errorReport } from './error-report.ts';
import { reading } from './reading.ts';
import { recipe, stepCounts } from './recipe/index.ts';
import { progress } from './transfer.ts';

export const outputFormat = z.enum(['csv', 'parquet', 'json']);
export type OutputFormat = z.infer<typeof outputFormat>;

/** What a run did to the rows, counted. Rows in = rows out + duplicates + removed + rejected - added. */
export const runCounts = z.object({
  rowsIn: z.number(),
  rowsOut: z.number(),
  /** Exact duplicates that went. */
  duplicates: z.number(),
  rejected: z.number(),
  /** Rows that other steps took out or put together, and rows that steps made or brought in. */
  removed: z.number().default(0),
  added: z.number().default(0),
  /** Values that did not fit the type of their column and became null, by column. */
  misfits: z.record(z.string(), z.number()),
  /** Step by step; empty in runs of before they were counted so. */
  steps: z.array(stepCounts).default([]),
});
export type RunCounts = z.infer<typeof runCounts>;

export const runState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued') }),
  /** Bringing the bytes here, where they are only in the bucket. */
  z.object({ kind: z.literal('fetching') }),
  z.object({ kind: z.literal('loading') }),
  z.object({ kind: z.literal('transforming') }),
  z.object({ kind: z.literal('writing') }),
  z.object({ kind: z.literal('uploading') }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), error: errorReport }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type RunState = z.infer<typeof runState>;

export const run = z.object({
  id: z.string(),
  sessionId: z.string(),
  transferId: z.string(),
  sourceName: z.string(),
  /** How the file was to be read when it was started. */
  reading,
  recipe,
  formats: z.array(outputFormat),
  state: runState,
  progress: progress.nullable(),
  /** Known once transformed. */
  counts: runCounts.nullable(),
  /** The SQL it ran, for the curious. */
  sql: z.string().nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type Run = z.infer<typeof run>;

export const output = z.object({
  id: z.string(),
  sessionId: z.string(),
  runId: z.string(),
  transferId: z.string(),
  name: z.string(),
  format: outputFormat,
  rows: z.number(),
  size: z.number(),
  /** CRC-32 as S3 writes it. */
  crc32: z.string(),
  bucket: z.string(),
  key: z.string(),
  /** Whether the object is in the bucket, proven. */
  stored: z.boolean(),
  createdAt: z.number(),
});
export type Output = z.infer<typeof output>;
