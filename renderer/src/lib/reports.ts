import { ORPCError } from '@orpc/client';
import { catalogue, type ErrorCode, type ErrorDetails, type ErrorReport, type Retry } from '#shared/errors';
import { SluiceError, sluiceError, toSluiceError } from '#shared/errors';

interface Carried {
  readonly hint: string;
  readonly retry: Retry;
  readonly details: ErrorDetails;
}

/** @returns what to show of anything that was thrown by a call or by the page itself */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof SluiceError) return error.report();
  if (error instanceof ORPCError) return fromWire(error);
  return toSluiceError(error).report();
}

function fromWire(error: ORPCError<string, unknown>): ErrorReport {
  if (isCode(error.code) && isCarried(error.data)) {
    return { code: error.code, message: error.message, ...error.data };
  }
  if (error.code === 'BAD_REQUEST') return sluiceError('INPUT_INVALID', { what: error.message }).report();
  return sluiceError('BUG', { what: `${error.message} (${error.code})` }).report();
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);

const isCarried = (data: unknown): data is Carried =>
  typeof data === 'object' && data !== null && 'hint' in data && 'retry' in data && 'details' in data;

/** Whether somebody asked for it to end; nothing to tell them then. */
export function isCancelled(error: unknown): boolean {
  return toReport(error).code === 'CANCELLED';
}
