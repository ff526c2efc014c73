import { useCallback, useEffect, useMemo } from 'react';
import { type FileGroup, type FileSort } from '#shared/domain';
import { type Sought } from '#renderer/components';
import { type FileList, type FileListView, useFileList, useWorkbench } from '#renderer/state';

/** What of a session's files is shown. */
export interface Question {
  readonly group: FileGroup | null;
  readonly sort: FileSort;
  readonly text: string;
}

export const EVERYTHING: Question = { group: null, sort: { by: 'added', descending: false }, text: '' };

interface Shown {
  readonly list: FileList;
  readonly view: FileListView;
  readonly onRange: (from: number, to: number) => void;
  readonly seek: (sought: Sought) => Promise<number | null>;
}

/**
 * The files of a session that answer a question; the engine finds and sorts them, and follows those in sight.
 * @param chosen looked at beside the list, wherever it is
 */
export function useFiles(sessionId: string, question: Question, chosen: string | null): Shown {
  const { client } = useWorkbench();
  const { group, sort, text } = question;
  const query = useMemo(() => ({ sessionId, group, sort, text }), [sessionId, group, sort, text]);
  const { list, view } = useFileList(query);
  useEffect(() => list.also(chosen === null ? [] : [chosen]), [list, chosen]);
  const onRange = useCallback((from: number, to: number) => list.look(from, to), [list]);
  const seek = useCallback(
    ({ text: prefix, from }: Sought) => client.transfers.seek({ ...query, prefix, from }),
    [client, query],
  );
  return { list, view, onRange, seek };
}
