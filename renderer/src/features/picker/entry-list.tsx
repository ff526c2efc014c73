import { IconFile, IconFolder, IconFolderUp } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { type DirectoryEntry } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { Empty, Middle, RowList, When } from '#renderer/components';

interface Props {
  readonly entries: readonly DirectoryEntry[];
  readonly folder: string;
  readonly multiple: boolean;
  readonly foldersOnly: boolean;
  readonly marked: ReadonlyMap<string, DirectoryEntry>;
  readonly onMark: (marked: ReadonlyMap<string, DirectoryEntry>) => void;
  readonly onOpen: (entry: DirectoryEntry) => void;
  readonly onUp: (() => void) | undefined;
}

const ROW = 28;

export function EntryList({ entries, folder, multiple, foldersOnly, marked, onMark, onOpen, onUp }: Props) {
  const [active, setActive] = useState(entries.length > 0 ? 0 : -1);
  const shown = foldersOnly ? entries.filter(({ kind }) => kind === 'folder') : entries;
  const textAt = useCallback((index: number) => shown[index]?.name, [shown]);

  const mark = (index: number) => {
    const entry = shown[index];
    if (entry === undefined || entry.kind === 'other' || !entry.readable || foldersOnly) return;
    const next = new Map(multiple ? marked : []);
    if (marked.has(entry.path)) next.delete(entry.path);
    else next.set(entry.path, entry);
    onMark(next);
  };

  if (shown.length === 0) {
    return (
      <Empty
        icon={<IconFolderUp size={28} stroke={1.5} />}
        title={foldersOnly ? 'There is no folder in here' : 'This folder is empty'}
      >
        {foldersOnly ? 'You can save into this one.' : 'Go up, or write another path above.'}
      </Empty>
    );
  }
  return (
    <RowList
      label={`Entries of ${folder}`}
      count={shown.length}
      rowHeight={ROW}
      active={active}
      onActive={setActive}
      onOpen={(index) => {
        const entry = shown[index];
        if (entry !== undefined) onOpen(entry);
      }}
      onKey={(event, index) => {
        if (event.key === 'Backspace') onUp?.();
        else if (event.key === ' ') mark(index);
        else return false;
        return true;
      }}
      textAt={textAt}
    >
      {(index) => {
        const entry = shown[index];
        if (entry === undefined) return null;
        const takes = entry.kind !== 'other' && entry.readable;
        return (
          <div className="entry" data-off={!takes || undefined}>
            <span role="gridcell">
              {multiple && takes && (
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Mark ${entry.name}`}
                  checked={marked.has(entry.path)}
                  onChange={() => mark(index)}
                />
              )}
            </span>
            <span role="gridcell" className="entry-name">
              {entry.kind === 'folder' ? (
                <IconFolder size={16} aria-hidden="true" />
              ) : (
                <IconFile size={16} aria-hidden="true" />
              )}
              <Middle text={entry.name} />
              {!takes && <span className="dim">{entry.readable ? 'not a file' : 'no right to read'}</span>}
            </span>
            <span role="gridcell" className="number dim">
              {entry.kind === 'file' ? formatBytes(entry.size) : ''}
            </span>
            <span role="gridcell" className="number dim">
              <When at={entry.modified} />
            </span>
          </div>
        );
      }}
    </RowList>
  );
}
