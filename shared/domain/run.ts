import { z } from 'zod';
import { errorReport } from './error-report.ts';
import { reading } from './reading.ts';
import { recipe, stepCounts } from './recipe/index.ts';
import { progress } from './transfer.ts';

/** `jsonl` is one object a line, `json` one array of them. */
export const outputFormat = z.enum(['csv', 'xlsx', 'parquet', 'jsonl', 'json']);
export type OutputFormat = z.infer<typeof outputFormat>;

/**
 * `plain` has commas and line feeds. Those for spreadsheets have a byte order mark and CRLF; with semicolons, numbers have a
 * decimal comma, as spreadsheets of many countries want it.
 */
export const csvDialect = z.enum(['plain', 'spreadsheet', 'spreadsheet-semicolon']);
export type CsvDialect = z.infer<typeof csvDialect>;

export const csvStyle = z.object({
  dialect: csvDialect.default('plain'),
  /** Texts that a spreadsheet would run as a formula get a ' before them; numbers and dates never do. */
  safe: z.boolean().default(false),
});
export type CsvStyle = z.infer<typeof csvStyle>;

/** How outputs are written, by format. */
export const outputOptions = z.object({ csv: csvStyle.default({ dialect: 'plain', safe: false }) });
export type OutputOptions = z.infer<typeof outputOptions>;

export const PLAIN_OUTPUTS: OutputOptions = outputOptions.parse({});

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
  /** Reading again what was written. */
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('uploading') }),
  z.object({ kind: z.literal('finishing') }),
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
  /** Transfers of the files that the recipe takes rows from beside, by the names it has for them. */
  inputs: z.record(z.string(), z.string()).default({}),
  formats: z.array(outputFormat),
  options: outputOptions.default(PLAIN_OUTPUTS),
  /** The flow that began it; null: a person did. */
  flow: z.object({ id: z.string(), name: z.string() }).nullable().default(null),
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
  /** Text cells that were made harmless for spreadsheets. */
  defused: z.number().default(0),
  /** Sentences about what the format could not take as it was. */
  notes: z.array(z.string()).default([]),
  /** Whether the object is in the bucket, proven. */
  stored: z.boolean(),
  createdAt: z.number(),
});
export type Output = z.infer<typeof output>;
