import { useCallback, useState } from 'react';
import { isCancelled, toReport } from '#renderer/lib';
import { tellFailure } from './notices.tsx';

/** Runs what a button does: busy while it runs, and a failure is told with a way to do it again. */
export function useAction<A extends readonly unknown[]>(
  act: (...args: A) => Promise<unknown>,
): { readonly run: (...args: A) => void; readonly busy: boolean } {
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    (...args: A) => {
      setBusy(true);
      act(...args)
        .catch((error: unknown) => {
          if (!isCancelled(error)) tellFailure(toReport(error), () => run(...args));
        })
        .finally(() => setBusy(false));
    },
    [act],
  );
  return { run, busy };
}

/** The same, where nothing shows that it runs. */
export function attempt(act: () => Promise<unknown>): void {
  act().catch((error: unknown) => {
    if (!isCancelled(error)) tellFailure(toReport(error), () => attempt(act));
  });
}
