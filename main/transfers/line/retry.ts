import type { Line } from './line.ts';
import { isSluiceError, type ErrorCode } from '#shared/errors';
import type { WaitReason } from '#shared/domain';

const BASE_MS = 500;
const CAP_MS = 30_000;

/** Failures that pass by themselves, and what a transfer is said to wait for meanwhile. */
const PASSING: ReadonlyMap<ErrorCode, WaitReason> = new Map([
  ['STORE_UNREACHABLE', 'network'],
  ['STORE_BUSY', 'network'],
  ['CREDENTIALS_EXPIRED', 'credentials'],
  ['DISK_FULL', 'disk'],
  ['DISK_SHORT', 'disk'],
]);

/** @returns what to wait for, or null where trying again cannot help */
export function waitFor(error: unknown): WaitReason | null {
  return isSluiceError(error) ? (PASSING.get(error.code) ?? null) : null;
}

/** Exponential with full jitter. @param attempt from 0 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10));
}

export interface Patience {
  /** Attempts without any progress before giving up; null never gives up. */
  readonly attempts: number | null;
}

/**
 * Tries until it works, the failure is not a passing one, or patience ends. `progressed` tells whether anything moved
 * since the last try (another part landing counts), which starts the count anew.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  options: {
    readonly line: Pick<Line, 'answered' | 'failed' | 'sleep'>;
    readonly signal: AbortSignal;
    /** Asked anew at each failure. */
    readonly patience: () => Patience;
    readonly progressed?: () => boolean;
    readonly onWait?: (error: unknown, reason: WaitReason) => void;
  },
): Promise<T> {
  const { line, signal } = options;
  let attempt = 0;
  for (;;) {
    try {
      const result = await work();
      line.answered();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const reason = waitFor(error);
      if (reason === null) throw error;
      line.failed();
      if (options.progressed?.() === true) attempt = 0;
      attempt += 1;
      const { attempts } = options.patience();
      if (attempts !== null && attempt >= attempts) throw error;
      options.onWait?.(error, reason);
      await line.sleep(backoffMs(attempt, Math.random), signal);
    }
  }
}
