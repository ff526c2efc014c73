import { useCallback, useState } from 'react';
import { isCancelled, toReport } from '#renderer/lib';
import { tellFailure } from './notices.tsx';

/** Runs something; a failure is told with a way to do it again. */
export function attempt(act: () => Promise<unknown>): void {
  void settle(act);
}

async function settle(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isCancelled(error)) tellFailure(toReport(error), () => attempt(act));
  }
}

/** The same for a button, which is busy while it runs. */
export function useAction<A extends readonly unknown[]>(
  act: (...args: A) => Promise<unknown>,
): { readonly run: (...args: A) => void; readonly busy: boolean } {
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    (...args: A) => {
      setBusy(true);
      void settle(() => act(...args)).finally(() => setBusy(false));
    },
    [act],
  );
  return { run, busy };
}
