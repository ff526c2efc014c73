import { z } from 'zod';

export const byId = z.object({ id: z.string().max(100) });

/** Of a list that may be long. */
export const window = {
  offset: z.number().int().nonnegative(),
  limit: z.number().int().positive().max(1000),
};
