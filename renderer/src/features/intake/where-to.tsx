import { Autocomplete, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type Connection } from '#shared/domain';
import { isCancelled } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { tidyFolder, usePlace } from './place.ts';
import './where-to.css';

const KINDS = [
  { value: 'own', label: 'A folder for each session' },
  { value: 'kept', label: 'Names kept, in one folder' },
];

/** Whether new files get a folder of their own, or keep their names in one that is chosen here. Remembered for each connection. */
export function WhereTo({ connection }: { readonly connection: Connection }) {
  const { place, setPlace } = usePlace(connection);
  return (
    <div className="where-to">
      <SegmentedControl
        aria-label="Where files are put in the bucket"
        data={KINDS}
        value={place.keepNames ? 'kept' : 'own'}
        onChange={(kind) => setPlace({ keepNames: kind === 'kept' })}
      />
      {place.keepNames && (
        <FolderField
          key={connection.id}
          connection={connection}
          folder={place.folder}
          onFolder={(folder) => setPlace({ folder })}
        />
      )}
    </div>
  );
}

interface FieldProps {
  readonly connection: Connection;
  readonly folder: string;
  readonly onFolder: (folder: string) => void;
}

function FolderField({ connection, folder, onFolder }: FieldProps) {
  const [text, setText] = useState(folder);
  const below = tidyFolder(text.slice(0, text.lastIndexOf('/') + 1));
  const folders = useFolders(connection.id, below);
  return (
    <Autocomplete
      className="where-to-folder"
      size="xs"
      aria-label="Folder of the bucket"
      placeholder="The top of the bucket"
      leftSection={<span className="where-to-bucket cut">s3://{connection.bucket}/</span>}
      leftSectionWidth={Math.min(200, 12 + (connection.bucket.length + 6) * 7.5)}
      spellCheck={false}
      maxLength={900}
      limit={50}
      data={folders.map((name) => (below === '' ? name : `${below}/${name}`))}
      value={text}
      onChange={(written) => {
        setText(written);
        onFolder(tidyFolder(written));
      }}
      onBlur={() => setText(tidyFolder(text))}
      comboboxProps={{ transitionProps: { duration: 100 } }}
    />
  );
}

const SOON_MS = 250;

/** Folders of the bucket to choose from. Where they cannot be listed one can still be written. */
function useFolders(connectionId: string, below: string): readonly string[] {
  const { client } = useWorkbench();
  const [folders, setFolders] = useState<readonly string[]>([]);
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      client.drops.folders({ connectionId, below }, { signal: control.signal }).then(
        (found) => setFolders(found),
        (error: unknown) => {
          if (!isCancelled(error)) setFolders([]);
        },
      );
    }, SOON_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [client, connectionId, below]);
  return folders;
}
