import { z } from 'zod';
import { leftOut } from './scan.ts';
import { transferKind, waitReason } from './transfer.ts';

/** Whose evidence the files are: goes into the manifest of the session. */
export const custody = z.object({
  caseNumber: z.string().trim().max(200),
  examiner: z.string().trim().max(200),
  note: z.string().trim().max(4000),
});
export type Custody = z.infer<typeof custody>;

/** One drop: its files, runs and outputs, under a prefix of its own in the bucket. */
export const session = z.object({
  id: z.string(),
  title: z.string(),
  connectionId: z.string(),
  connectionName: z.string(),
  bucket: z.string(),
  /** `{prefix}/sessions/{yyyy}/{mm}/{session}` without a slash at its end. */
  prefix: z.string(),
  createdAt: z.number(),
  /** working: something moves or runs; attention: something failed or waits for the person. */
  state: z.enum(['empty', 'working', 'paused', 'attention', 'done']),
  /** Without those that were cancelled. */
  files: z.object({ total: z.number(), done: z.number(), failed: z.number() }),
  /** Every file, by its state. */
  counts: z.partialRecord(transferKind, z.number()),
  /** Why files wait: how many, and what one of them is told. */
  waits: z.array(z.object({ reason: waitReason, count: z.number(), message: z.string() })),
  bytes: z.object({
    total: z.number(),
    committed: z.number(),
    inFlight: z.number(),
    /** Still to be sent of files that are paused. */
    paused: z.number(),
  }),
  bytesPerSecond: z.number(),
  /** How many files were found so far, while a drop is still looked through. */
  scanning: z.object({ found: z.number() }).nullable(),
  /** How many were not taken; `sessions.refused` lists them. */
  refused: z.number(),
  /** What was left out by choice. */
  leftOut,
  outputs: z.number(),
  /** Days after which its objects may be cleaned up; null keeps them. */
  retentionDays: z.number().int().positive().nullable(),
  custody: custody.nullable(),
  /** Of a download: where on the engine's machine its files go. The objects are then not the session's own. */
  folder: z.string().nullable(),
});
export type Session = z.infer<typeof session>;

/** One line of the audit trail. */
export const activity = z.object({
  id: z.number(),
  at: z.number(),
  sessionId: z.string().nullable(),
  /** e.g. `upload`, `run`, `download`, `share`, `delete`. */
  action: z.string(),
  /** The object or file it was done to. */
  subject: z.string(),
  outcome: z.enum(['ok', 'failed', 'cancelled']),
  /** Error code, checksum or other fact. */
  detail: z.string(),
});
export type Activity = z.infer<typeof activity>;
