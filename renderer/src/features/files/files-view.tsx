import { Button, SegmentedControl } from '@mantine/core';
import { IconCircleCheck, IconFiles } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useCallback, useState } from 'react';
import { Empty, ErrorNote, Loading, RowList, Split, counted } from '#renderer/components';
import { useIntake } from '#renderer/features/intake';
import { goSession, toReport, useExternal } from '#renderer/lib';
import { useSession, useWorkbench } from '#renderer/state';
import { FileDetails } from './file-details.tsx';
import { FileHeader, FileRow } from './file-row.tsx';
import { actionsOf, useTransferActions } from './transfer-actions.ts';
import { type Filter, FILTERS, useShown } from './use-shown.ts';
import './files.css';

const ROW = 36;

interface Props {
  readonly sessionId: string;
  readonly aside: ReactNode;
}

export function FilesView({ sessionId, aside }: Props) {
  const { state, uploads } = useWorkbench();
  const [filter, setFilter] = useState<Filter>('all');
  const [chosen, setChosen] = useState<{ readonly id: string; readonly index: number } | null>(null);
  const shown = useShown(sessionId, filter);
  const { at, ensure } = shown;
  const act = useTransferActions();

  const choose = useCallback(
    (index: number) => {
      const id = at(index);
      if (id !== undefined) setChosen({ id, index });
    },
    [at],
  );
  const textAt = useCallback(
    (index: number) => state.transfers.get(at(index) ?? '')?.relativePath,
    [state, at],
  );
  const active =
    chosen === null ? -1 : at(chosen.index) === chosen.id ? chosen.index : shown.indexOf(chosen.id);

  const keys = (event: KeyboardEvent, index: number) => {
    const transfer = state.transfers.get(at(index) ?? '');
    if (transfer === undefined) return false;
    const can = actionsOf(transfer, uploads.holds(transfer.id));
    const wanted = event.key === ' ' ? can.find((name) => name !== 'cancel') : undefined;
    if (wanted !== undefined) act(wanted, transfer);
    else if (event.key === 'Delete' && can.includes('cancel')) act('cancel', transfer);
    else if (event.key === 'Escape') setChosen(null);
    else return false;
    return true;
  };

  const details =
    aside ?? (chosen === null ? null : <FileDetails id={chosen.id} onClose={() => setChosen(null)} />);
  return (
    <Split details={details}>
      <FilesToolbar sessionId={sessionId} filter={filter} onFilter={setFilter} />
      {shown.error !== null && (
        <div className="panel-note">
          <ErrorNote report={toReport(shown.error)} onRetry={shown.retry} />
        </div>
      )}
      {shown.count === null && shown.error === null && <Loading label="Reading the files" rows={9} />}
      {shown.count === 0 && <NoFiles sessionId={sessionId} filter={filter} onAll={() => setFilter('all')} />}
      {shown.count !== null && shown.count > 0 && (
        <RowList
          label="Files of this session"
          count={shown.count}
          rowHeight={ROW}
          active={active}
          onActive={choose}
          onOpen={() => goSession(sessionId, 'data')}
          onKey={keys}
          textAt={textAt}
          onRange={ensure}
          header={<FileHeader />}
        >
          {(index) => <FileRow id={at(index)} />}
        </RowList>
      )}
    </Split>
  );
}

interface ToolbarProps {
  readonly sessionId: string;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

function FilesToolbar({ sessionId, filter, onFilter }: ToolbarProps) {
  const session = useSession(sessionId);
  const { uploads } = useWorkbench();
  const { pending } = useExternal(uploads.view);
  if (session === undefined) return null;
  const { total, done, failed } = session.files;
  const unfinished = Math.max(0, total - done - failed);
  const words: Readonly<Record<Filter, string>> = {
    all: 'All',
    unfinished: unfinished > 0 ? `Unfinished ${unfinished.toLocaleString('en-US')}` : 'Unfinished',
    attention: failed > 0 ? `Needs you ${failed.toLocaleString('en-US')}` : 'Needs you',
  };
  return (
    <div className="toolbar">
      <SegmentedControl
        aria-label="Which files to show"
        value={filter}
        onChange={(value) => onFilter(FILTERS.find((known) => known === value) ?? 'all')}
        data={FILTERS.map((value) => ({ value, label: words[value] }))}
      />
      <span className="toolbar-gap" />
      {pending > 0 && (
        <span className="dim">{counted(pending, 'more file')} to be sent by this page; keep it open.</span>
      )}
    </div>
  );
}

function NoFiles({
  sessionId,
  filter,
  onAll,
}: {
  readonly sessionId: string;
  readonly filter: Filter;
  readonly onAll: () => void;
}) {
  const { chooseFiles, chooseFolder } = useIntake();
  if (filter !== 'all') {
    return (
      <Empty
        icon={<IconCircleCheck size={32} stroke={1.5} />}
        title={filter === 'attention' ? 'Nothing needs you' : 'Nothing is unfinished'}
        actions={
          <Button variant="default" onClick={onAll}>
            Show all files
          </Button>
        }
      >
        {filter === 'attention'
          ? 'No file failed, and none waits for something.'
          : 'Every file of this session has come to its end.'}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconFiles size={32} stroke={1.5} />}
      title="No files yet"
      actions={
        <>
          <Button onClick={() => chooseFiles(sessionId)}>Choose files</Button>
          <Button variant="default" onClick={() => chooseFolder(sessionId)}>
            Choose a folder
          </Button>
        </>
      }
    >
      Drop files anywhere in this window, or choose them here.
    </Empty>
  );
}
