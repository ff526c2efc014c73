import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type FileRef } from '#shared/contract';
import { type DirectoryEntry } from '#shared/domain';
import { attempt, counted, ErrorNote, Loading, useQuestion } from '#renderer/components';
import { FolderOptions, WhereTo } from '#renderer/features/intake';
import { DropOptions } from '#renderer/features/options';
import { overlay, useExternal, type Wanted } from '#renderer/lib';
import { useConnections, usePreferences, useWorkbench } from '#renderer/state';
import { EntryList } from './entry-list.tsx';
import './picker.css';

const TITLES: Readonly<Record<Wanted, string>> = {
  sources: 'Choose files or a folder',
  file: 'Choose the file it was begun with',
  folder: 'Choose a folder to save into',
  'csv-file': 'Choose a CSV file to append to',
};

/** Files and folders of the machine the engine runs on, for windows that have no dialog of the system. */
export function PickerDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'picker') return null;
  const finish = (files: readonly FileRef[]) => {
    overlay.set(null);
    open.onChosen(files);
  };
  return (
    <Modal opened onClose={() => finish([])} title={TITLES[open.wanted]} size={720} className="picker-modal">
      <Picker
        wanted={open.wanted}
        newSession={open.newSession === true}
        connectionId={open.connectionId}
        onFinish={finish}
      />
    </Modal>
  );
}

interface Props {
  readonly wanted: Wanted;
  readonly newSession: boolean;
  /** Where sources go; left out where nothing is sent. */
  readonly connectionId: string | undefined;
  readonly onFinish: (files: readonly FileRef[]) => void;
}

function Picker({ wanted, newSession, connectionId, onFinish }: Props) {
  const { client } = useWorkbench();
  const preferences = usePreferences();
  const start = wanted === 'folder' ? preferences?.downloadFolder : preferences?.browseFolder;
  const [path, setPath] = useState<string | null>(start ?? null);
  const [marked, setMarked] = useState<ReadonlyMap<string, DirectoryEntry>>(new Map());
  const [name, setName] = useState('');
  const { answer, ask } = useQuestion((signal) => client.files.browse({ path }, { signal }), [client, path], {
    atOnce: true,
  });
  const here = answer.kind === 'answered' ? answer.value : null;

  const enter = (folder: string) => {
    setMarked(new Map());
    setPath(folder);
  };
  const choose = (paths: readonly string[]) => {
    if (here !== null) {
      const change = wanted === 'folder' ? { downloadFolder: here.path } : { browseFolder: here.path };
      attempt(() => client.system.setPreferences(change));
    }
    onFinish(paths.map((chosen) => ({ kind: 'path', path: chosen })));
  };
  const open = (entry: DirectoryEntry) => {
    if (entry.kind === 'folder') enter(entry.path);
    else if (entry.kind === 'file' && wanted !== 'folder') choose([entry.path]);
  };
  const connection = useConnections().find(({ id }) => id === connectionId);
  const separator = here?.path.includes('\\') === true ? '\\' : '/';

  return (
    <div className="picker">
      <PathField path={here?.path ?? path ?? ''} parent={here?.parent ?? null} onGo={enter} />
      <div className="picker-list">
        {answer.kind === 'asking' && <Loading label="Reading the folder" rows={8} />}
        {answer.kind === 'failed' && (
          <div className="picker-note">
            <ErrorNote report={answer.report} onRetry={ask} />
            {path !== null && (
              <Button variant="subtle" onClick={() => setPath(null)}>
                Go to the home folder
              </Button>
            )}
          </div>
        )}
        {here !== null && (
          <EntryList
            key={here.path}
            entries={here.entries}
            folder={here.path}
            multiple={wanted === 'sources'}
            foldersOnly={wanted === 'folder'}
            marked={marked}
            onMark={setMarked}
            onOpen={open}
            onUp={here.parent === null ? undefined : () => enter(here.parent ?? '')}
          />
        )}
      </div>
      {here !== null && here.omitted > 0 && (
        <p className="dim">
          {counted(here.omitted, 'entry', 'entries')} more are not shown: write the path of one above.
        </p>
      )}
      {wanted === 'csv-file' && (
        <TextInput
          label="Or a new file in this folder"
          placeholder="collected.csv"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {wanted === 'sources' && <FolderOptions />}
      {newSession && connection !== undefined && <WhereTo connection={connection} />}
      {wanted === 'sources' && connection !== undefined && (
        <DropOptions connection={connection} byPage={false} />
      )}
      <div className="dialog-actions">
        <span className="dim picker-said" role="status">
          {said(wanted, marked)}
        </span>
        <Button variant="default" onClick={() => onFinish([])}>
          Cancel
        </Button>
        {(wanted === 'sources' || wanted === 'folder') && (
          <Button
            variant={marked.size === 0 ? 'filled' : 'default'}
            disabled={here === null}
            onClick={() => here !== null && choose([here.path])}
          >
            {wanted === 'sources' ? 'Upload this whole folder' : 'Save into this folder'}
          </Button>
        )}
        {wanted === 'sources' && (
          <Button disabled={marked.size === 0} onClick={() => choose([...marked.keys()])}>
            Upload what is marked
          </Button>
        )}
        {wanted === 'file' && (
          <Button disabled={marked.size === 0} onClick={() => choose([...marked.keys()])}>
            Go on with this file
          </Button>
        )}
        {wanted === 'csv-file' && (
          <Button
            disabled={here === null || (name.trim() === '' && marked.size === 0)}
            onClick={() =>
              choose(
                name.trim() === '' ? [...marked.keys()] : [`${here?.path ?? ''}${separator}${csvName(name)}`],
              )
            }
          >
            Append to it
          </Button>
        )}
      </div>
    </div>
  );
}

const csvName = (name: string) => (/\.[a-z]+$/i.test(name.trim()) ? name.trim() : `${name.trim()}.csv`);

function said(wanted: Wanted, marked: ReadonlyMap<string, DirectoryEntry>): string {
  if (wanted === 'folder') return 'Enter opens a folder, Backspace goes up.';
  if (marked.size === 0)
    return wanted === 'sources' || wanted === 'file' ? 'Space marks, Enter opens, Backspace goes up.' : '';
  return `${counted(marked.size, 'item')} marked`;
}

interface PathFieldProps {
  readonly path: string;
  readonly parent: string | null;
  readonly onGo: (path: string) => void;
}

/** The whole path: its steps to click, and a field to write one into. */
function PathField({ path, parent, onGo }: PathFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [listed, setListed] = useState(path);
  // What was written while the first folder was still being read stays; entering another takes it away.
  if (path !== listed) {
    setListed(path);
    if (listed !== '') setTyped(null);
  }
  const text = typed ?? path;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onGo(text.trim());
  };
  return (
    <form className="picker-path" onSubmit={submit}>
      <Button variant="default" disabled={parent === null} onClick={() => parent !== null && onGo(parent)}>
        Up
      </Button>
      <TextInput
        className="picker-field"
        aria-label="Folder or file path"
        value={text}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button variant="default" type="submit" disabled={text.trim() === path}>
        Go
      </Button>
    </form>
  );
}
