import { z } from 'zod';

/** What becomes of a file that is there already. */
export const onExistingFile = z.enum([
  /** Is left; if it is the same as the object, that counts as downloaded. */
  'skip',
  /** Stays until the new one is proven, then goes. */
  'replace',
  /** Stays, and the new one is called `name (2)`. */
  'rename',
  /** Stays, and the download says so. */
  'fail',
]);
export type OnExistingFile = z.infer<typeof onExistingFile>;
