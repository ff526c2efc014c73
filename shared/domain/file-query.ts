import { z } from 'zod';
import { assertNever } from '#shared/lib';
import type { TransferState } from './transfer.ts';

/** What a person asks for when looking at many files. */
export const fileGroup = z.enum(['moving', 'waiting', 'failed', 'done', 'cancelled']);
export type FileGroup = z.infer<typeof fileGroup>;

export function groupOf(kind: TransferState['kind']): FileGroup {
  switch (kind) {
    case 'preparing':
    case 'transferring':
    case 'verifying':
      return 'moving';
    case 'queued':
    case 'scheduled':
    case 'waiting':
    case 'paused':
      return 'waiting';
    case 'failed':
    case 'done':
    case 'cancelled':
      return kind;
    default:
      return assertNever(kind);
  }
}

export const fileSort = z.object({
  by: z.enum(['added', 'name', 'size', 'state']),
  descending: z.boolean(),
});
export type FileSort = z.infer<typeof fileSort>;

/** Which files of a session, and in which order. */
export const fileQuery = z.object({
  sessionId: z.string().max(100),
  sort: fileSort.default({ by: 'added', descending: false }),
  /** null takes all of them. */
  group: fileGroup.nullable().default(null),
  /** Part of the path, in either case; empty takes all. */
  text: z.string().max(1000).default(''),
});
export type FileQuery = z.infer<typeof fileQuery>;
