import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import {
  type Connection,
  type FileQuery,
  type Delivery,
  type HostCapabilities,
  type Output,
  type Preferences,
  type Run,
  type Session,
  type SystemInfo,
  type Transfer,
} from '#shared/domain';
import { useExternal } from '#renderer/lib';
import { useWorkbench } from './context.ts';
import { type FileList, type FileListView } from './file-list.ts';
import { type KeyedStore } from './keyed-store.ts';
import { type Totals } from './totals.ts';

function useRecord<T extends { readonly id: string }>(store: KeyedStore<T>, id: string): T | undefined {
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(id, listener), [store, id]),
    () => store.get(id),
  );
}

interface Made {
  readonly id: string;
  readonly sessionId: string;
  readonly createdAt: number;
}

type Aged = Pick<Made, 'id' | 'createdAt'>;
const newestFirst = (a: Aged, b: Aged): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

/** Those of one session, newest first. */
function useOfSession<T extends Made>(store: KeyedStore<T>, sessionId: string): readonly T[] {
  const all = useSyncExternalStore(store.subscribeAll, store.all);
  return useMemo(
    () => all.filter((record) => record.sessionId === sessionId).sort(newestFirst),
    [all, sessionId],
  );
}

export const useSession = (id: string): Session | undefined => useRecord(useWorkbench().state.sessions, id);
export const useTransfer = (id: string): Transfer | undefined =>
  useRecord(useWorkbench().state.transfers, id);
export const useRun = (id: string): Run | undefined => useRecord(useWorkbench().state.runs, id);
export const useOutput = (id: string): Output | undefined => useRecord(useWorkbench().state.outputs, id);

/** What is, or was, fetched from drops, newest first. */
export function useDownloads(): readonly Transfer[] {
  const { downloads } = useWorkbench().state;
  const all = useSyncExternalStore(downloads.subscribeAll, downloads.all);
  return useMemo(() => all.toSorted(newestFirst), [all]);
}

export const useTotals = (): Totals => useExternal(useWorkbench().state.totals);
export const useConnections = (): readonly Connection[] => useExternal(useWorkbench().state.connections);
export const usePreferences = (): Preferences | null => useExternal(useWorkbench().state.preferences);

/** Known from before the first view is drawn. */
export function useInfo(): SystemInfo {
  const info = useExternal(useWorkbench().state.info);
  if (info === null) throw new Error('used before the engine was read');
  return info;
}
export const useCapabilities = (): HostCapabilities => useInfo().capabilities;

/** Ids of all sessions, newest first. The same array while none comes or goes. */
export function useSessionIds(): readonly string[] {
  const { sessions } = useWorkbench().state;
  const all = useSyncExternalStore(sessions.subscribeAll, sessions.all);
  const text = useMemo(() => {
    const sorted = all.toSorted(newestFirst);
    return sorted.map(({ id }) => id).join('\n');
  }, [all]);
  return useMemo(() => (text === '' ? [] : text.split('\n')), [text]);
}

/** The files that answer a question, followed while this is on screen. */
export function useFileList(query: FileQuery): { readonly list: FileList; readonly view: FileListView } {
  const { state } = useWorkbench();
  const list = state.files(query);
  const view = useSyncExternalStore(list.subscribe, list.view);
  useEffect(() => list.use(), [list]);
  return { list, view };
}

interface Listed<T> {
  readonly records: readonly T[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly reload: () => void;
}

function useListed<T extends Made>(
  store: KeyedStore<T>,
  sessionId: string,
  read: (sessionId: string) => Promise<readonly T[]>,
): Listed<T> {
  const records = useOfSession(store, sessionId);
  const { link } = useWorkbench();
  const linkState = useExternal(link);
  const [turn, setTurn] = useState(0);
  const [status, setStatus] = useState<{ loading: boolean; error: unknown }>({ loading: true, error: null });
  const connected = linkState.kind === 'connected';
  useEffect(() => {
    if (!connected) return undefined;
    let here = true;
    read(sessionId).then(
      (found) => {
        store.apply(found);
        if (here) setStatus({ loading: false, error: null });
      },
      (error: unknown) => here && setStatus({ loading: false, error }),
    );
    return () => {
      here = false;
    };
    // `read` is a new function at every call and always the same question.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [store, sessionId, connected, turn]);
  return { records, ...status, reload: () => setTurn((now) => now + 1) };
}

export function useRuns(sessionId: string): Listed<Run> {
  const { client, state } = useWorkbench();
  return useListed(state.runs, sessionId, (id) => client.runs.list({ sessionId: id }));
}
export function useOutputs(sessionId: string): Listed<Output> {
  const { client, state } = useWorkbench();
  return useListed(state.outputs, sessionId, (id) => client.outputs.list({ sessionId: id }));
}
export function useDeliveries(sessionId: string): Listed<Delivery> {
  const { client, state } = useWorkbench();
  return useListed(state.deliveries, sessionId, (id) => client.targets.deliveries({ sessionId: id }));
}
