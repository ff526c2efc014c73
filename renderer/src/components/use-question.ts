import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorReport } from '#shared/errors';
import { isCancelled, toReport } from '#renderer/lib';

export type Answer<T> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asking'; readonly since: number }
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly report: ErrorReport };

interface Question<T> {
  readonly answer: Answer<T>;
  readonly ask: () => void;
  readonly cancel: () => void;
}

/** Asks the engine when told to; a new question, or leaving, cancels the one under way all the way down. */
export function useQuestion<T>(
  put: (signal: AbortSignal) => Promise<T>,
  deps: DependencyList,
  { atOnce }: { readonly atOnce: boolean },
): Question<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ kind: 'idle' });
  const current = useRef<AbortController>(null);
  // The question is what `deps` say it is.
  // oxlint-disable-next-line react/exhaustive-deps
  const question = useCallback(put, deps);

  const ask = useCallback(() => {
    current.current?.abort();
    const control = new AbortController();
    current.current = control;
    setAnswer({ kind: 'asking', since: Date.now() });
    question(control.signal).then(
      (value) => {
        if (!control.signal.aborted) setAnswer({ kind: 'answered', value });
      },
      (error: unknown) => {
        if (control.signal.aborted) return;
        setAnswer(isCancelled(error) ? { kind: 'idle' } : { kind: 'failed', report: toReport(error) });
      },
    );
  }, [question]);

  useEffect(() => {
    if (atOnce) ask();
    else setAnswer({ kind: 'idle' });
    return () => current.current?.abort();
  }, [ask, atOnce]);

  const cancel = useCallback(() => {
    current.current?.abort();
    setAnswer({ kind: 'idle' });
  }, []);
  return { answer, ask, cancel };
}
