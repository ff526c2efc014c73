import { Button } from '@mantine/core';
import { type FileGroup } from '#shared/domain';
import { IconCircleCheck, IconFiles, IconSearchOff } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useCallback, useState } from 'react';
import { Empty, ErrorNote, Loading, RowList, Split } from '#renderer/components';
import { useIntake } from '#renderer/features/intake';
import { goSession, toReport } from '#renderer/lib';
import { type FileList, useWorkbench } from '#renderer/state';
import { FileDetails } from './file-details.tsx';
import { FileHeader, FileRow } from './file-row.tsx';
import { FilesToolbar } from './files-toolbar.tsx';
import { actionsOf, useTransferActions } from '#renderer/features/transfers';
import { EVERYTHING, type Question, useFiles } from './use-files.ts';
import './files.css';

const ROW = 36;

interface Props {
  readonly sessionId: string;
  readonly aside: ReactNode;
}

export function FilesView({ sessionId, aside }: Props) {
  const { state, uploads } = useWorkbench();
  const [question, setQuestion] = useState<Question>(EVERYTHING);
  const [chosen, setChosen] = useState<{ readonly id: string | null; readonly index: number } | null>(null);
  const { list, view, onRange, seek } = useFiles(sessionId, question, chosen?.id ?? null);
  const { at, total, error } = view;
  const act = useTransferActions();

  const choose = useCallback(
    (index: number) => {
      setChosen({ id: at(index) ?? null, index });
    },
    [at],
  );
  // A row far away is chosen before it is read.
  const read = chosen?.id === null ? at(chosen.index) : undefined;
  if (chosen !== null && read !== undefined) setChosen({ ...chosen, id: read });
  const active = chosen === null ? -1 : placeOf(chosen, list, total ?? 0);

  const keys = (event: KeyboardEvent, index: number) => {
    if (event.key === 'Escape') {
      setChosen(null);
      return true;
    }
    const transfer = state.transfers.get(at(index) ?? '');
    if (transfer === undefined) return false;
    const can = actionsOf(transfer, uploads.holds(transfer.id));
    const wanted = event.key === ' ' ? can.find((name) => name !== 'cancel') : undefined;
    if (wanted !== undefined) act(wanted, transfer);
    else if (event.key === 'Delete' && can.includes('cancel')) act('cancel', transfer);
    else return false;
    return true;
  };

  const chosenId = chosen?.id ?? null;
  const details =
    aside ?? (chosenId === null ? null : <FileDetails id={chosenId} onClose={() => setChosen(null)} />);
  return (
    <Split details={details}>
      <FilesToolbar sessionId={sessionId} question={question} onQuestion={setQuestion} />
      {error !== null && (
        <div className="panel-note">
          <ErrorNote report={toReport(error)} onRetry={list.reset} />
        </div>
      )}
      {total === null && error === null && <Loading label="Reading the files" rows={9} />}
      {total === 0 && (
        <NoFiles sessionId={sessionId} question={question} onAll={() => setQuestion(EVERYTHING)} />
      )}
      {total !== null && total > 0 && (
        <RowList
          label="Files of this session"
          count={total}
          rowHeight={ROW}
          active={active}
          onActive={choose}
          onOpen={() => goSession(sessionId, 'data')}
          onKey={keys}
          seek={seek}
          onRange={onRange}
          header={
            <FileHeader sort={question.sort} onSort={(sort) => setQuestion((now) => ({ ...now, sort }))} />
          }
        >
          {(index) => <FileRow id={at(index)} />}
        </RowList>
      )}
    </Split>
  );
}

/** Where the chosen row is by now: others may have left the list above it. */
function placeOf(
  chosen: { readonly id: string | null; readonly index: number },
  list: FileList,
  total: number,
): number {
  if (chosen.id === null || list.view().at(chosen.index) === chosen.id) return chosen.index;
  const found = list.indexOf(chosen.id);
  return found >= 0 ? found : Math.min(chosen.index, total - 1);
}

const NONE_OF: Readonly<Record<FileGroup, readonly [title: string, why: string]>> = {
  moving: ['Nothing is moving', 'No file is on its way at this moment.'],
  waiting: ['Nothing waits', 'No file waits for its turn or for anything else.'],
  failed: ['Nothing failed', 'No file of this session failed.'],
  done: ['Nothing is done yet', 'The first file that is proven shows here.'],
  cancelled: ['Nothing was cancelled', 'No file of this session was cancelled.'],
};

interface NoFilesProps {
  readonly sessionId: string;
  readonly question: Question;
  readonly onAll: () => void;
}

function NoFiles({ sessionId, question: { group, text }, onAll }: NoFilesProps) {
  const { chooseFiles, chooseFolder } = useIntake();
  if (group !== null || text !== '') {
    const [title, why] =
      text === '' && group !== null
        ? NONE_OF[group]
        : ['No file has that in its name', `No path holds “${text}”${group === null ? '' : ' here'}.`];
    return (
      <Empty
        icon={
          text === '' ? <IconCircleCheck size={32} stroke={1.5} /> : <IconSearchOff size={32} stroke={1.5} />
        }
        title={title}
        actions={
          <Button variant="default" onClick={onAll}>
            Show all files
          </Button>
        }
      >
        {why}
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
