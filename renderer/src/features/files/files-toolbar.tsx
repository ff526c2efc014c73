import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type FileGroup, fileGroup, groupOf, transferKind, type Session } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { counted } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import { useSession, useWorkbench } from '#renderer/state';
import { IntakeNotes } from './intake-notes.tsx';
import { type Question } from './use-files.ts';

interface Props {
  readonly sessionId: string;
  readonly question: Question;
  readonly onQuestion: (change: (now: Question) => Question) => void;
}

const WORDS: Readonly<Record<FileGroup, string>> = {
  moving: 'Moving',
  waiting: 'Waiting',
  failed: 'Failed',
  done: 'Done',
  cancelled: 'Cancelled',
};

const ALL = 'all';
/** Shown even while there are none of them, so that nothing jumps as files move on. */
const ALWAYS: ReadonlySet<FileGroup> = new Set(['moving', 'waiting', 'failed', 'done']);
const TYPING_MS = 200;

/** Which of a session's files are shown, with how many there are of each. */
export function FilesToolbar({ sessionId, question, onQuestion }: Props) {
  const session = useSession(sessionId);
  const { uploads } = useWorkbench();
  const { pending } = useExternal(uploads.view);
  if (session === undefined) return null;
  const counts = countsOf(session);
  const groups = fileGroup.options.filter(
    (group) => ALWAYS.has(group) || counts[group] > 0 || question.group === group,
  );
  const all = fileGroup.options.reduce((sum, group) => sum + counts[group], 0);
  return (
    <div className="toolbar files-toolbar">
      <SegmentedControl
        aria-label="Which files to show"
        value={question.group ?? ALL}
        onChange={(value) =>
          onQuestion((now) => ({ ...now, group: fileGroup.options.find((group) => group === value) ?? null }))
        }
        data={[
          { value: ALL, label: <Chip word="All" count={all} /> },
          ...groups.map((group) => ({
            value: group,
            label: <Chip word={WORDS[group]} count={counts[group]} />,
          })),
        ]}
      />
      <Search text={question.text} onQuestion={onQuestion} />
      <IntakeNotes session={session} />
      {pending > 0 && (
        <span className="dim">{counted(pending, 'more file')} to be sent by this page; keep it open.</span>
      )}
    </div>
  );
}

function Chip({ word, count }: { readonly word: string; readonly count: number }) {
  return (
    <>
      {word} <span className="files-chip-count number">{formatCount(count)}</span>
    </>
  );
}

function countsOf({ counts }: Session): Record<FileGroup, number> {
  const sums = { moving: 0, waiting: 0, failed: 0, done: 0, cancelled: 0 };
  for (const kind of transferKind.options) sums[groupOf(kind)] += counts[kind] ?? 0;
  return sums;
}

/** Asks once the person has stopped typing. */
function Search({ text, onQuestion }: Pick<Props, 'onQuestion'> & { readonly text: string }) {
  const [draft, setDraft] = useState(text);
  const [asked, setAsked] = useState(text);
  if (asked !== text) {
    // Somebody else changed what is asked, such as the button that shows all files.
    setAsked(text);
    setDraft(text);
  }
  useEffect(() => {
    if (draft === text) return undefined;
    const timer = setTimeout(() => {
      setAsked(draft);
      onQuestion((now) => ({ ...now, text: draft }));
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, text, onQuestion]);
  return (
    <TextInput
      className="files-search"
      type="search"
      aria-label="Find files by name"
      placeholder="Find by name"
      leftSection={<IconSearch size={14} />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && draft !== '') setDraft('');
      }}
    />
  );
}
