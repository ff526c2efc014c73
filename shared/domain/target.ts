import { z } from 'zod';
import { errorReport } from './error-report.ts';

/** Which kind of spreadsheet a target is. Later issues add kinds. */
export const targetKind = z.enum(['csv-file']);
export type TargetKind = z.infer<typeof targetKind>;

export const deliveryState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('appending') }),
  z.object({ kind: z.literal('done'), rows: z.number() }),
  z.object({ kind: z.literal('failed'), error: errorReport }),
]);
export type DeliveryState = z.infer<typeof deliveryState>;

/** One output appended to one target, exactly once. */
export const delivery = z.object({
  id: z.string(),
  sessionId: z.string(),
  outputId: z.string(),
  target: z.object({ kind: targetKind, path: z.string() }),
  state: deliveryState,
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type Delivery = z.infer<typeof delivery>;
