import { z } from 'zod';
import { uploadOptionsChange } from '#shared/domain';

export const priority = z.number().int().min(-1_000_000).max(1_000_000);

/** What a drop says of its own: options over those of the connection, when to start, and what goes first. */
export const howToSend = {
  options: uploadOptionsChange.optional(),
  /** ms since the epoch. */
  notBefore: z.number().int().positive().nullable().optional(),
  /** Larger goes first. */
  priority: priority.optional(),
};
