import { z } from 'zod';

/**
 * What a file meets where it is to go.
 * `identical`, `unknown`, `different`: an object stands at its key; with the same content, with the same size and
 * content that cannot be compared, or with other content.
 * `uploaded`: the same file was uploaded and proven before, to another key.
 * `changed`: its upload was begun, and then the file changed.
 * `leftover`: an upload to its key was begun by nobody this machine remembers.
 */
export const conflictKind = z.enum(['identical', 'unknown', 'different', 'uploaded', 'changed', 'leftover']);
export type ConflictKind = z.infer<typeof conflictKind>;

/**
 * What is done about it.
 * `skip`: the file is not sent, what is there stays. `replace`: over what is there. `rename`: beside it, under the first
 * free name. `anew`: sent from the start. `continue`: what was sent is kept, as far as it is proven to be of this file.
 * `discard`: what was sent is deleted, then sent from the start. `leave`: sent from the start, what was sent stays.
 */
export const choice = z.enum(['skip', 'replace', 'rename', 'anew', 'continue', 'discard', 'leave']);
export type Choice = z.infer<typeof choice>;

const sight = z.object({
  /** Bytes; null where nobody knows. */
  size: z.number().nullable(),
  /** ms since the epoch. */
  at: z.number().nullable(),
});

/** One thing to choose about one file of a drop. */
export const conflict = z.object({
  id: z.string(),
  kind: conflictKind,
  /** Below the dropped folder, with forward slashes. */
  name: z.string(),
  /** Where it would go, or where it is. */
  key: z.string(),
  here: sight,
  there: sight,
  /** What differs, or what is the same, in one sentence. */
  says: z.string(),
  /** What can be done, the gentlest first. */
  choices: z.array(choice).min(1),
  /** What a careful person would do. */
  preset: choice,
});
export type Conflict = z.infer<typeof conflict>;

/** What was looked through and is ready to start. */
export const dropPlan = z.object({
  id: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** How many there are of each kind. */
  counts: z.partialRecord(conflictKind, z.number()),
  /** The first thousand. */
  conflicts: z.array(conflict),
});
export type DropPlan = z.infer<typeof dropPlan>;

/** Most conflicts that are shown one by one; the rest are chosen about by kind. */
export const SHOWN_CONFLICTS = 1000;

/** Choices for single conflicts, by id; and for all others of a kind. What is not named is done as preset. */
export const choices = z.object({
  one: z.record(z.string(), choice).default({}),
  all: z.partialRecord(conflictKind, choice).default({}),
});
export type Choices = z.infer<typeof choices>;

/** An unfinished multipart upload in a bucket that no live transfer owns. */
export const leftover = z.object({
  key: z.string(),
  uploadId: z.string(),
  startedAt: z.number(),
  /** Stored so far. */
  bytes: z.number(),
  parts: z.number(),
  /** The upload of this machine that it belongs to; null where this machine knows nothing of it. */
  known: z
    .object({
      transferId: z.string(),
      sessionId: z.string(),
      state: z.enum(['paused', 'failed', 'cancelled']),
      path: z.string().nullable(),
      /** Whether the file is where it was. */
      sourceThere: z.boolean(),
    })
    .nullable(),
  /** Younger than a day, and this machine knows nothing of it: another program may be sending it. */
  mayBeInUse: z.boolean(),
});
export type Leftover = z.infer<typeof leftover>;
