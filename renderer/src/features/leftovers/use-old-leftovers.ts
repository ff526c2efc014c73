import { useEffect } from 'react';
import { external, isCancelled, useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

/** By connection: how many unfinished uploads are older than a day, as far as it was asked. */
const counts = external<ReadonlyMap<string, number>>(new Map());

/** After something was done about them. */
export function forgetOld(connectionId: string): void {
  counts.set((now) => new Map([...now].filter(([id]) => id !== connectionId)));
}

/** Asked quietly, once a connection: what cannot be asked is not told here. */
export function useOldLeftovers(connectionId: string | null): number {
  const { client } = useWorkbench();
  const known = useExternal(counts);
  const count = connectionId === null ? 0 : known.get(connectionId);
  useEffect(() => {
    if (connectionId === null || count !== undefined) return undefined;
    const control = new AbortController();
    const keep = (found: number) => counts.set((now) => new Map([...now, [connectionId, found]]));
    client.leftovers.countOld({ connectionId }, { signal: control.signal }).then(keep, (error: unknown) => {
      if (!isCancelled(error) && !control.signal.aborted) keep(0);
    });
    return () => control.abort();
  }, [client, connectionId, count]);
  return count ?? 0;
}
