import {
  IconChevronDown,
  IconChevronUp,
  IconFileUpload,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReplace,
  IconX,
} from '@tabler/icons-react';
import { memo, useState, useSyncExternalStore } from 'react';
import { type FileSort, type Transfer } from '#shared/domain';
import { formatBytes, formatDuration, formatRate } from '#shared/lib';
import { Middle, PartStripView, StateGlyph, transferWord, transferGlyph, When } from '#renderer/components';
import { useTransfer, useWorkbench } from '#renderer/state';
import { type ActionName, actionsOf, actionWord, useTransferActions } from '#renderer/features/transfers';

const ICONS = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  again: IconRefresh,
  replace: IconReplace,
  choose: IconFileUpload,
  cancel: IconX,
} as const;

interface HeaderProps {
  readonly sort: FileSort;
  readonly onSort: (sort: FileSort) => void;
}

/** Sorts by a column when it is pressed, the other way when it is pressed again, and then not at all. */
export function FileHeader({ sort, onSort }: HeaderProps) {
  const column = (by: FileSort['by'], label: string, className = '') => (
    <span
      role="columnheader"
      className={className}
      aria-sort={sort.by !== by ? 'none' : sort.descending ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        className="file-sort"
        title={`Sort by ${label.toLowerCase()}`}
        onClick={() => onSort(nextSort(sort, by))}
      >
        {label}
        {sort.by === by && (sort.descending ? <IconChevronDown size={12} /> : <IconChevronUp size={12} />)}
      </button>
    </span>
  );
  return (
    <div className="file-row file-header">
      <span role="columnheader">
        <span className="unseen">Mark</span>
      </span>
      {column('name', 'Name')}
      <span role="columnheader">Parts</span>
      {column('size', 'Size', 'number')}
      {column('state', 'State', 'file-state')}
      <span role="columnheader" className="number file-speed">
        Speed
      </span>
      <span role="columnheader" className="number file-left">
        Left
      </span>
      <span role="columnheader">
        <span className="unseen">Actions</span>
      </span>
    </div>
  );
}

function nextSort(sort: FileSort, by: FileSort['by']): FileSort {
  if (sort.by !== by) return { by, descending: false };
  return sort.descending ? { by: 'added', descending: false } : { by, descending: true };
}

/**
 * One transfer. Wakes only when its own record changes. While its row is not read yet it keeps what it drew last, out of
 * sight: in a flick through the list, making all of it anew would cost more than the scrolling.
 */
export const FileRow = memo(function FileRow({ id }: { readonly id: string | undefined }) {
  const transfer = useTransfer(id ?? '');
  const [last, setLast] = useState(transfer);
  if (transfer !== undefined && transfer !== last) setLast(transfer);
  const drawn = transfer ?? last;
  if (drawn === undefined) return <div className="file-row" role="gridcell" aria-label="Loading" />;
  return <Known transfer={drawn} isRead={transfer !== undefined} />;
});

function Known({ transfer, isRead }: { readonly transfer: Transfer; readonly isRead: boolean }) {
  const { state, direction, progress, parts, size, relativePath, finishedAt } = transfer;
  const { uploads } = useWorkbench();
  const note = useSyncExternalStore(uploads.view.subscribe, () => uploads.view.get().notes.get(transfer.id));
  const moving = state.kind === 'transferring';
  // What holds it up is said in full, in the room that speed and time left do not need then.
  const why = note ?? ('error' in state ? `${transferWord(state, direction)}: ${state.error.message}` : null);
  const still = state.kind === 'done' || state.kind === 'cancelled';
  return (
    <div className={`file-row file-${state.kind}${isRead ? '' : ' file-unread'}`}>
      {!isRead && (
        <span role="gridcell" className="unseen file-loading">
          Loading
        </span>
      )}
      <span role="gridcell" className="file-glyph">
        <StateGlyph kind={transferGlyph(transfer)} />
      </span>
      <span role="gridcell" className="file-name">
        <Middle text={relativePath} />
      </span>
      <span role="gridcell" className="file-strip">
        <PartStripView strip={parts} calm={still} />
      </span>
      <span role="gridcell" className="number" title={`${size.toLocaleString('en-US')} bytes`}>
        {formatBytes(size)}
      </span>
      <span
        role="gridcell"
        className={why === null ? 'file-state cut' : 'file-state file-why cut'}
        title={said(transfer, note)}
      >
        {moving && progress.total > 0 && <b>{percent(transfer)} </b>}
        {why ?? transferWord(state, direction)}
        {state.kind === 'done' && finishedAt !== null && (
          <span className="dim file-when">
            {' '}
            <When at={finishedAt} />
          </span>
        )}
      </span>
      {why === null && (
        <>
          <span role="gridcell" className="number file-speed">
            {moving && progress.bytesPerSecond !== null ? formatRate(progress.bytesPerSecond) : ''}
          </span>
          <span role="gridcell" className="number file-left">
            {moving && progress.secondsLeft !== null ? formatDuration(progress.secondsLeft) : ''}
          </span>
        </>
      )}
      <RowActions transfer={transfer} />
    </div>
  );
}

export function percent({ progress }: Transfer): string {
  return progress.total === 0 ? '0 %' : `${Math.floor((progress.committed / progress.total) * 100)} %`;
}

function said({ state, direction }: Transfer, note: string | undefined): string {
  if (note !== undefined) return note;
  return 'error' in state ? `${state.error.message} ${state.error.hint}` : transferWord(state, direction);
}

function RowActions({ transfer }: { readonly transfer: Transfer }) {
  const { uploads } = useWorkbench();
  const act = useTransferActions();
  return (
    <span role="gridcell" className="file-actions">
      {actionsOf(transfer, uploads.holds(transfer.id))
        .filter((name) => name !== 'cancel' || transfer.state.kind !== 'failed')
        .slice(0, 2)
        .map((name: ActionName) => {
          const Icon = ICONS[name];
          return (
            <button
              key={name}
              type="button"
              className="file-action"
              tabIndex={-1}
              aria-label={`${actionWord(name, transfer)}: ${transfer.name}`}
              title={actionWord(name, transfer)}
              onClick={(event) => {
                event.stopPropagation();
                act(name, transfer);
              }}
            >
              <Icon size={14} />
            </button>
          );
        })}
    </span>
  );
}
