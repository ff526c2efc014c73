import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { type Transfer } from '#shared/domain';
import { attempt } from '#renderer/components';
import { isLive, useFileList, useWorkbench } from '#renderer/state';

export const FILTERS = ['all', 'unfinished', 'attention'] as const;
export type Filter = (typeof FILTERS)[number];

const PASSES: Readonly<Record<Filter, (transfer: Transfer) => boolean>> = {
  all: () => true,
  unfinished: isLive,
  attention: ({ state }) => state.kind === 'failed' || state.kind === 'waiting',
};

interface Shown {
  readonly count: number | null;
  readonly at: (index: number) => string | undefined;
  readonly indexOf: (id: string) => number;
  readonly ensure: (from: number, to: number) => void;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The rows of a session that pass a filter; without one, only those that are looked at are ever read. */
export function useShown(sessionId: string, filter: Filter): Shown {
  const { state } = useWorkbench();
  const { list, view } = useFileList(sessionId);
  const filtered = filter !== 'all';

  useEffect(() => {
    if (!filtered) return undefined;
    const control = new AbortController();
    attempt(() => list.readAll(control.signal));
    return () => control.abort();
  }, [filtered, list]);

  const all = useSyncExternalStore(state.transfers.subscribeAll, filtered ? state.transfers.all : none);
  const ids = useMemo(() => {
    if (!filtered) return null;
    // Not read from the store itself, so that a new batch makes a new list.
    const known = new Map(all.map((transfer) => [transfer.id, transfer]));
    const passing: string[] = [];
    for (let index = 0; index < (view.total ?? 0); index += 1) {
      const id = view.at(index);
      const transfer = id === undefined ? undefined : known.get(id);
      if (transfer !== undefined && PASSES[filter](transfer)) passing.push(transfer.id);
    }
    return passing;
  }, [filtered, filter, view, all]);

  return useMemo(() => {
    const retry = () => list.reset();
    if (ids !== null) {
      return {
        count: view.total === null ? null : ids.length,
        at: (index) => ids[index],
        indexOf: (id) => ids.indexOf(id),
        ensure: () => undefined,
        error: view.error,
        retry,
      };
    }
    return {
      count: view.total,
      at: view.at,
      indexOf: (id) => {
        for (let index = 0; index < (view.total ?? 0); index += 1) if (view.at(index) === id) return index;
        return -1;
      },
      ensure: (from, to) => list.ensure(from, to),
      error: view.error,
      retry,
    };
  }, [ids, view, list]);
}

const NONE: readonly Transfer[] = [];
const none = () => NONE;
