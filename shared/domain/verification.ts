import { z } from 'zod';
import { errorReport } from './error-report.ts';

/** One thing that is not what the manifest says. */
export const difference = z.object({
  what: z.enum(['object', 'file', 'size', 'etag', 'version', 'crc32', 'sha256']),
  expected: z.string(),
  found: z.string(),
});
export type Difference = z.infer<typeof difference>;

/** What became of checking one file of a manifest. */
export const fileCheck = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('agrees'), path: z.string(), key: z.string() }),
  z.object({
    outcome: z.literal('differs'),
    path: z.string(),
    key: z.string(),
    differences: z.array(difference).min(1),
  }),
  /** It could not be asked. */
  z.object({ outcome: z.literal('unchecked'), path: z.string(), key: z.string(), error: errorReport }),
]);
export type FileCheck = z.infer<typeof fileCheck>;

export const verification = z.object({
  /** Files that were checked, or were to be. */
  files: z.number(),
  agree: z.number(),
  differ: z.number(),
  unchecked: z.number(),
  /** Files of the manifest that never arrived, so that there is nothing to check. */
  neverArrived: z.number(),
  /** Bytes that were read for it. */
  bytesRead: z.number(),
});
export type Verification = z.infer<typeof verification>;
