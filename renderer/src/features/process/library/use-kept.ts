import { useCallback, useEffect, useState } from 'react';
import type { ErrorReport } from '#shared/errors';
import { isCancelled, toReport } from '#renderer/lib';

export interface Kept<T> {
  /** Null until they were read. */
  readonly records: readonly T[] | null;
  readonly report: ErrorReport | null;
  readonly reload: () => void;
  /** Shows them otherwise at once; the engine is told by whoever calls. */
  readonly set: (change: (records: readonly T[]) => readonly T[]) => void;
}

/** What the engine keeps a few of, read when it is looked at. */
export function useKept<T>(list: (signal: AbortSignal) => Promise<readonly T[]>): Kept<T> {
  const [records, setRecords] = useState<readonly T[] | null>(null);
  const [report, setReport] = useState<ErrorReport | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    list(control.signal).then(
      (found) => {
        if (control.signal.aborted) return;
        setRecords(found);
        setReport(null);
      },
      (error: unknown) => {
        if (!control.signal.aborted && !isCancelled(error)) setReport(toReport(error));
      },
    );
    return () => control.abort();
    // Another turn is the same question, asked again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [list, turn]);
  return {
    records,
    report,
    reload: useCallback(() => setTurn((now) => now + 1), []),
    set: useCallback((change) => setRecords((now) => (now === null ? null : change(now))), []),
  };
}
