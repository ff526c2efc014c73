import { mapEventIterator, ORPCError } from '@orpc/client';
import { os, ValidationError } from '@orpc/server';
import type { Log } from '#main/ports';
import { sluiceError, toSluiceError, type SluiceError } from '#shared/errors';

/**
 * Everything a handler throws leaves the engine as an error of the catalogue: its code, its sentence, and as data the
 * hint, whether to retry, and the details. So does what a stream throws after it began, and input that does not fit
 * the contract. Use it first, `implement(contract).use(reportsErrors(log))`, so that validation happens inside it.
 */
export function reportsErrors(log: Log) {
  return os.middleware(async ({ next, path, signal }) => {
    const translate = (error: unknown): ORPCError<string, unknown> => {
      const named = nameError(error, path.join('.'), signal);
      if (named.kind === 'bug') log.error(`${path.join('.')} failed`, error);
      return toWire(named);
    };
    try {
      const result = await next();
      if (!isAsyncIterator(result.output)) return result;
      const output = mapEventIterator(result.output, {
        value: async (value) => value,
        error: async (error) => translate(error),
      });
      return { ...result, output };
    } catch (error) {
      throw translate(error);
    }
  });
}

/** @returns the error as the client will receive it; the procedure's contract then marks it as defined */
export function toWire(error: SluiceError): ORPCError<string, unknown> {
  const { code, message, hint, retry, details } = error.report();
  return new ORPCError<string, unknown>(code, {
    message,
    data: { hint, retry, details },
    cause: error,
  });
}

function nameError(error: unknown, procedure: string, signal: AbortSignal | undefined): SluiceError {
  if (signal?.aborted === true && error === signal.reason) return sluiceError('CANCELLED', {}, error);
  if (error instanceof ORPCError && error.cause instanceof ValidationError) {
    const what = firstIssue(error.cause);
    return error.code === 'BAD_REQUEST'
      ? sluiceError('INPUT_INVALID', { what }, error)
      : sluiceError('BUG', { what: `the answer of ${procedure} breaks the contract (${what})` }, error);
  }
  return toSluiceError(error);
}

/** @returns the first thing wrong, with the field it is in, e.g. `files[0].path: Too small: ...` */
function firstIssue({ issues }: ValidationError): string {
  const [issue] = issues;
  if (issue === undefined) return 'it does not fit';
  const field = (issue.path ?? []).reduce<string>((name, step) => {
    const key = typeof step === 'object' ? step.key : step;
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');
  return `${field === '' ? 'the input' : field}: ${issue.message}`;
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
