import { catalogue, type DetailsOf, type ErrorCode, type ErrorDetails, type Retry } from './catalogue.ts';

/** What of an error crosses a boundary: plain values only. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** One plain sentence. */
  readonly message: string;
  /** The next thing to do. */
  readonly hint: string;
  readonly retry: Retry;
  readonly details: ErrorDetails;
}

interface Untyped {
  readonly kind: 'cancelled' | 'expected' | 'bug';
  readonly retry: Retry;
  message(details: ErrorDetails): string;
  hint(details: ErrorDetails): string;
}

/** Anything that can fail for a user. Told apart by `code`, never by its text. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly kind: 'cancelled' | 'expected' | 'bug';
  readonly hint: string;
  readonly retry: Retry;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails, cause?: unknown) {
    const entry = catalogue[code] as unknown as Untyped;
    super(entry.message(details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.kind = entry.kind;
    this.hint = entry.hint(details);
    this.retry = entry.retry;
    this.details = details;
  }

  report(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retry: this.retry,
      details: this.details,
    };
  }
}

/** @returns an error of the catalogue, to be thrown; `cause` is kept for the log and never shown. */
export function sluiceError<C extends ErrorCode>(
  code: C,
  details: DetailsOf<C>,
  cause?: unknown,
): SluiceError {
  return new SluiceError(code, details, cause);
}

export function isSluiceError(error: unknown, code?: ErrorCode): error is SluiceError {
  return error instanceof SluiceError && (code === undefined || error.code === code);
}

/** @returns the error a report was made of, as the side that received it sees it */
export function fromReport(report: ErrorReport): SluiceError {
  return new SluiceError(report.code, report.details);
}

/**
 * Everything caught at a boundary becomes a SluiceError here: a cancellation stays one, and what nobody foresaw is a
 * bug that says so.
 */
export function toSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof Error && error.name === 'AbortError') return new SluiceError('CANCELLED', {}, error);
  const what = error instanceof Error ? error.message : String(error);
  return new SluiceError('BUG', { what: what === '' ? 'an error without a message' : what }, error);
}
