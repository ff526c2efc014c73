import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { type FileQuery, type Transfer } from '#shared/domain';
import { external, useExternal } from '#renderer/lib';
import { type FileListView, useFileList, useTransfer, useWorkbench } from '#renderer/state';

/** Offered at once; the others are found by writing part of the name. */
const OFFERED = 200;
const TYPING_MS = 200;

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
  const picked = useExternal(chosen).get(sessionId);
  const files = useOffered(sessionId, '', picked);
  const first = files?.find(({ name }) => TABLE_NAMES.test(name)) ?? files?.[0];
  const known = useTransfer(picked ?? first?.id ?? '');
  return { transfer: known ?? first ?? null, files };
}

/** The first files of a session with a text in their path; null until they were read. */
function useOffered(sessionId: string, text: string, picked?: string): readonly Transfer[] | null {
  const { state } = useWorkbench();
  const query = useMemo<FileQuery>(
    () => ({ sessionId, sort: { by: 'added', descending: false }, group: null, text }),
    [sessionId, text],
  );
  const { list, view } = useFileList(query);
  useEffect(() => {
    list.look(0, OFFERED - 1);
    list.also(picked === undefined ? [] : [picked]);
  }, [list, picked]);
  return useMemo(() => uploadsOf(view, (id) => state.transfers.get(id)), [view, state]);
}

function uploadsOf(
  { total, at }: FileListView,
  transferOf: (id: string) => Transfer | undefined,
): readonly Transfer[] | null {
  if (total === null) return null;
  return Array.from({ length: Math.min(total, OFFERED) }, (_, index) => transferOf(at(index) ?? '')).filter(
    (transfer) => transfer?.direction === 'upload',
  ) as readonly Transfer[];
}

interface SelectProps {
  readonly sessionId: string;
  readonly source: Source;
}

export function SourceSelect({ sessionId, source: { transfer, files } }: SelectProps) {
  const [search, setSearch] = useState('');
  const [sought] = useDebouncedValue(search === transfer?.relativePath ? '' : search, TYPING_MS);
  const found = useOffered(sessionId, sought);
  const data = useMemo(() => {
    const offered = new Map((found ?? files ?? []).map(({ id, relativePath }) => [id, relativePath]));
    if (transfer !== null) offered.set(transfer.id, transfer.relativePath);
    return Array.from(offered, ([value, label]) => ({ value, label }));
  }, [found, files, transfer]);
  return (
    <Select
      aria-label="File to look at"
      className="source-select"
      data={data}
      value={transfer?.id ?? null}
      allowDeselect={false}
      searchable={(files?.length ?? 0) > 8}
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
