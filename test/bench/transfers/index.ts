import type { Bench } from '../bench.ts';
import { upload, uploadHttps } from './big-file.ts';
import { killed } from './killed.ts';
import { memory } from './memory.ts';
import { slowLine } from './slow-line.ts';
import { smallFiles } from './small-files.ts';
import { terabyte } from './terabyte.ts';

/** Every promise about uploads, the quick to measure first. */
export const TRANSFERS: readonly Bench[] = [
  upload,
  uploadHttps,
  smallFiles,
  memory,
  killed,
  slowLine,
  terabyte,
];
