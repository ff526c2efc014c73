import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useRef, useState } from 'react';
import { type Found, type TableView } from '#shared/domain';
import { canonicalJson, formatCount } from '#shared/lib';
import { counted, tellFailure } from '#renderer/components';
import { isCancelled, toReport } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

const TYPING_MS = 300;

interface Props {
  readonly ref: Ref<HTMLInputElement>;
  readonly transferId: string;
  readonly view: TableView;
  /** Changes with what the file is read as. */
  readonly revision: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Goes to a cell, by its offset in the view and its column. */
  readonly onFound: (offset: number, column: number) => void;
  readonly onLeave: () => void;
}

type State = 'idle' | 'asking' | Found;

/** Searches all columns: how many rows have it, and which comes next. */
export function SearchBar({ ref, transferId, view, revision, text, onText, onFound, onLeave }: Props) {
  const { client } = useWorkbench();
  const question = canonicalJson({ transferId, view, revision, text });
  const [answer, setAnswer] = useState<{ readonly question: string; readonly state: State } | null>(null);
  const state = answer?.question === question ? answer.state : 'idle';
  const current = useRef<AbortController>(null);
  const place = useRef(0);
  /** What the place is of. */
  const asked = useRef('');
  const goTo = useRef(onFound);
  useEffect(() => {
    goTo.current = onFound;
  });

  const isNothing = text === '';
  const ask = async (from: number, backwards: boolean) => {
    current.current?.abort();
    const control = new AbortController();
    current.current = control;
    const setState = (next: State) => setAnswer({ question, state: next });
    setState('asking');
    try {
      const found = await client.tables.find(
        { transferId, view, text, from: Math.max(0, from), backwards },
        { signal: control.signal },
      );
      if (control.signal.aborted) return;
      setState(found);
      if (found.next === null) return;
      place.current = found.next.offset;
      goTo.current(found.next.offset, found.next.column);
    } catch (error) {
      if (control.signal.aborted || isCancelled(error)) return;
      setState('idle');
      tellFailure(toReport(error));
    }
  };
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });

  useEffect(() => {
    place.current = 0;
    asked.current = question;
    if (isNothing) return undefined;
    const timer = setTimeout(() => void latest.current(0, false), TYPING_MS);
    return () => {
      clearTimeout(timer);
      current.current?.abort();
    };
  }, [question, isNothing]);

  const next = (backwards: boolean) => {
    if (text === '') return;
    const { current: at } = place;
    const round = typeof state === 'object' && backwards && at === 0;
    // Before the first row is the last one.
    void ask(round ? Number.MAX_SAFE_INTEGER : at + (backwards ? -1 : 1), backwards);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') next(event.shiftKey);
    else if (event.key === 'Escape') {
      onText('');
      onLeave();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="search" role="search">
      <TextInput
        ref={ref}
        aria-label="Search all columns"
        placeholder="Search all columns  ( / )"
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
        onKeyDown={keys}
      />
      <span className="search-count dim" role="status">
        {text === '' ? '' : describe(state)}
      </span>
      {text !== '' && (
        <>
          <ActionIcon aria-label="Previous match" title="Shift+Enter" onClick={() => next(true)}>
            <IconChevronUp size={16} />
          </ActionIcon>
          <ActionIcon aria-label="Next match" title="Enter" onClick={() => next(false)}>
            <IconChevronDown size={16} />
          </ActionIcon>
        </>
      )}
    </div>
  );
}

function describe(state: State): string {
  if (state === 'idle') return '';
  if (state === 'asking') return 'Searching…';
  if (state.next === null) return 'Nowhere';
  return `${formatCount(state.next.index + 1)} of ${counted(state.count, 'row')}`;
}
