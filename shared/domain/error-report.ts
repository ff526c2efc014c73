import { z } from 'zod';
import { catalogue, type ErrorCode, type ErrorReport } from '#shared/errors';

const codes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]];

export const errorReport: z.ZodType<ErrorReport> = z.object({
  code: z.enum(codes),
  message: z.string(),
  hint: z.string(),
  retry: z.enum(['now', 'after-fix', 'never']),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
