import { useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorReport } from '#shared/errors';
import { type LoadFrame } from '#shared/domain';
import { isCancelled, toReport } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

export type Loading =
  | { readonly kind: 'loading'; readonly frame: LoadFrame }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly report: ErrorReport };

const BEGUN: Loading = { kind: 'loading', frame: { rows: 0, ready: false, fraction: null } };

/**
 * Has all rows of a file made ready, and follows it; leaving stops it.
 * @param key another one begins anew
 */
export function useLoading(
  transferId: string,
  key: string,
  wanted: boolean,
): { readonly loading: Loading; readonly again: () => void; readonly stop: () => void } {
  const { client } = useWorkbench();
  const [tries, setTries] = useState(0);
  const turn = `${transferId} ${key} ${tries}`;
  const [now, setNow] = useState<{ readonly turn: string; readonly loading: Loading }>({
    turn,
    loading: BEGUN,
  });
  const control = useRef<AbortController>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    const own = new AbortController();
    control.current = own;
    const tell = (loading: Loading) => {
      if (!own.signal.aborted) setNow({ turn, loading });
    };
    const follow = async () => {
      try {
        const frames = await client.tables.load({ transferId }, { signal: own.signal });
        for await (const frame of frames) tell({ kind: 'loading', frame });
      } catch (error) {
        if (!isCancelled(error)) tell({ kind: 'failed', report: toReport(error) });
      }
    };
    void follow();
    return () => own.abort();
  }, [client, transferId, turn, wanted]);
  const again = useCallback(() => setTries((count) => count + 1), []);
  const stop = useCallback(() => {
    control.current?.abort();
    setNow({ turn, loading: { kind: 'stopped' } });
  }, [turn]);
  return { loading: now.turn === turn ? now.loading : BEGUN, again, stop };
}
