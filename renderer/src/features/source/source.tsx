import { Select } from '@mantine/core';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Transfer } from '#shared/domain';
import { external, useExternal } from '#renderer/lib';
import { useFileList, useWorkbench } from '#renderer/state';

/** Offered at once; more are found by writing part of the name. */
const OFFERED = 200;

/** Which file each session's Data and Process look at. Not worth keeping beyond the page. */
const chosen = external<ReadonlyMap<string, string>>(new Map());

export function chooseSource(sessionId: string, transferId: string): void {
  chosen.set((now) => new Map(now).set(sessionId, transferId));
}

export interface Source {
  readonly transfer: Transfer | null;
  /** Files one can look into; null until they were read. */
  readonly files: readonly Transfer[] | null;
}

const TABLE_NAMES = /\.(csv|tsv|tab|txt|psv|dsv)(\.gz)?$/i;

/** The uploads of a session whose rows could be looked at, and the one that is. */
export function useSource(sessionId: string): Source {
  const { state } = useWorkbench();
  const { list, view } = useFileList(sessionId);
  const { total } = view;
  useEffect(() => {
    if (total !== null) list.ensure(0, OFFERED);
  }, [list, total]);
  const all = useSyncExternalStore(state.transfers.subscribeAll, state.transfers.all);
  const picked = useExternal(chosen).get(sessionId);
  const files = useMemo(() => {
    const known = new Map(all.map((transfer) => [transfer.id, transfer]));
    if (view.total === null) return null;
    const found: Transfer[] = [];
    for (let index = 0; index < view.total && found.length < OFFERED; index += 1) {
      const transfer = known.get(view.at(index) ?? '');
      if (transfer?.direction === 'upload' && transfer.source.kind !== 'output') found.push(transfer);
    }
    return found;
  }, [view, all]);
  const known = picked === undefined ? undefined : files?.find(({ id }) => id === picked);
  const first = files?.find(({ name }) => TABLE_NAMES.test(name)) ?? files?.[0];
  return { transfer: known ?? first ?? null, files };
}

export function SourceSelect({ sessionId, source }: { readonly sessionId: string; readonly source: Source }) {
  const [search, setSearch] = useState('');
  const { transfer, files } = source;
  const data = useMemo(
    () => (files ?? []).map(({ id, relativePath }) => ({ value: id, label: relativePath })),
    [files],
  );
  return (
    <Select
      aria-label="File to look at"
      className="source-select"
      data={data}
      value={transfer?.id ?? null}
      allowDeselect={false}
      searchable={data.length > 8}
      searchValue={search}
      onSearchChange={setSearch}
      limit={100}
      nothingFoundMessage="No file has that in its name"
      onChange={(id) => {
        if (id !== null) chooseSource(sessionId, id);
      }}
    />
  );
}
