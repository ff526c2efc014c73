import type { WaitReason } from '#shared/domain';
import { toSluiceError, type SluiceError } from '#shared/errors';
import type { Line } from './line.ts';
import type { ProgressTracker } from '../progress.ts';
import { withRetry, type Patience } from './retry.ts';

export interface Asked {
  /** Whose answers are waited for. */
  readonly line: Pick<Line, 'answered' | 'failed' | 'sleep'>;
  readonly signal: AbortSignal;
  /** A part that lands is progress. */
  readonly tracker: ProgressTracker | null;
}

/** How one run of a transfer asks its store: until it answers, as long as the failure is one that passes. */
export class Asking {
  readonly #patience: Patience;
  readonly #firstPatience: Patience;
  readonly #waiting: (reason: WaitReason, error: SluiceError) => void;
  /** Whether the store ever answered about this transfer, now or in an earlier process. */
  #answered: boolean;

  constructor(given: {
    readonly patience: Patience;
    /** As long as the store has never answered. */
    readonly firstPatience: Patience;
    readonly answered: boolean;
    readonly waiting: (reason: WaitReason, error: SluiceError) => void;
  }) {
    this.#patience = given.patience;
    this.#firstPatience = given.firstPatience;
    this.#answered = given.answered;
    this.#waiting = given.waiting;
  }

  ask<T>(work: () => Promise<T>, { line, signal, tracker }: Asked): Promise<T> {
    let seen = tracker?.committed ?? 0;
    const answered = async (): Promise<T> => {
      const result = await work();
      this.#answered = true;
      return result;
    };
    return withRetry(answered, {
      line,
      signal,
      patience: () => (this.#answered ? this.#patience : this.#firstPatience),
      progressed: () => {
        const now = tracker?.committed ?? 0;
        const moved = now > seen;
        seen = now;
        return moved;
      },
      onWait: (error, reason) => this.#waiting(reason, toSluiceError(error)),
    });
  }
}
