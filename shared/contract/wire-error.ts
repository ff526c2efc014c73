import { z } from 'zod';
import { catalogue, type ErrorCode, type ErrorReport } from '#shared/errors';
import { errorData } from './procedure.ts';

const wireError = z.object({
  code: z.string().refine((code): code is ErrorCode => Object.hasOwn(catalogue, code)),
  message: z.string(),
  data: errorData,
});

/**
 * Reads what a client caught. Looks at plain fields only, so that it does not matter which library, or which copy of
 * it, made the error.
 * @returns the report of a failure that Sluice named; null for anything else, such as a closed carrier
 */
export function reportFromWire(error: unknown): ErrorReport | null {
  const read = wireError.safeParse(error);
  if (!read.success) return null;
  const { code, message, data } = read.data;
  return { code, message, hint: data.hint, retry: data.retry, details: data.details };
}
