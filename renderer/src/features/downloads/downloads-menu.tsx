import { ActionIcon, Button, Popover } from '@mantine/core';
import {
  IconDownload,
  IconFolderOpen,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReplace,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { type Transfer } from '#shared/domain';
import { formatBytes, formatDuration, formatRate } from '#shared/lib';
import {
  attempt,
  Middle,
  PartStripView,
  StateGlyph,
  transferWord,
  transferGlyph,
} from '#renderer/components';
import { ACTION_WORDS, actionsOf, useTransferActions } from '#renderer/features/transfers';
import { isLive, useCapabilities, useDownloads, useWorkbench } from '#renderer/state';
import './downloads.css';

/** Older ones are found in the activity of their session. */
const SHOWN = 50;

/** What is on its way here, and what came; not there as long as nothing was fetched. */
export function DownloadsMenu() {
  const downloads = useDownloads();
  const [open, setOpen] = useState(false);
  if (downloads.length === 0) return null;
  const live = downloads.filter(isLive).length;
  return (
    <Popover opened={open} onChange={setOpen} position="top-end" width={400} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} />}
          aria-expanded={open}
          onClick={() => setOpen((now) => !now)}
        >
          {live === 0 ? 'Downloads' : `Downloads: ${live.toLocaleString('en-US')}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="downloads" aria-label="Downloads">
        <h2>Downloads</h2>
        {/* Reached by Tab so that it can be scrolled without a mouse. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <ul tabIndex={0} aria-label="Downloads, newest first">
          {downloads.slice(0, SHOWN).map((transfer) => (
            <Row key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function Row({ transfer }: { readonly transfer: Transfer }) {
  const { state, parts, relativePath, notice } = transfer;
  const calm = state.kind === 'done' || state.kind === 'cancelled';
  return (
    <li className="download">
      <StateGlyph kind={transferGlyph(transfer)} />
      <div className="download-text">
        <Middle text={relativePath} />
        {!calm && <PartStripView strip={parts} />}
        <p className="dim" title={'error' in state ? state.error.hint : undefined}>
          {lineOf(transfer)}
        </p>
        {notice !== null && <p className="download-notice">{notice.message}</p>}
      </div>
      <Actions transfer={transfer} />
    </li>
  );
}

/** How far, how fast, how long; or what holds it up. */
function lineOf({ state, size, progress }: Transfer): string {
  if ('error' in state) return state.error.message;
  const word = transferWord(state, 'download');
  if (state.kind === 'done') return `${word}, ${formatBytes(size)}`;
  const said = [`${formatBytes(progress.committed)} of ${formatBytes(progress.total)}`];
  if (progress.bytesPerSecond !== null) said.push(formatRate(progress.bytesPerSecond));
  if (progress.secondsLeft !== null) said.push(`${formatDuration(progress.secondsLeft)} left`);
  return `${word}: ${said.join(', ')}`;
}

const ICONS = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  again: IconRefresh,
  replace: IconReplace,
  choose: IconRefresh,
  cancel: IconX,
} as const;

function Actions({ transfer }: { readonly transfer: Transfer }) {
  const { id, name, state } = transfer;
  const { client } = useWorkbench();
  const { openLocally } = useCapabilities();
  const act = useTransferActions();
  return (
    <span className="download-actions">
      {actionsOf(transfer, true).map((action) => {
        const Icon = ICONS[action];
        return (
          <ActionIcon
            key={action}
            size={24}
            aria-label={`${ACTION_WORDS[action]}: ${name}`}
            title={ACTION_WORDS[action]}
            onClick={() => act(action, transfer)}
          >
            <Icon size={14} />
          </ActionIcon>
        );
      })}
      {state.kind === 'done' && openLocally && (
        <ActionIcon
          size={24}
          aria-label={`Show in folder: ${name}`}
          title="Show in folder"
          onClick={() => attempt(() => client.downloads.reveal({ id }))}
        >
          <IconFolderOpen size={14} />
        </ActionIcon>
      )}
    </span>
  );
}
