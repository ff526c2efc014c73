import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconHistory, IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type Custody, type Session } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { attempt, CopyButton, counted, Middle, tell, When } from '#renderer/components';
import { FolderOptionItems, useIntake } from '#renderer/features/intake';
import { overlay, saveFile } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { CheckDialog } from './check-dialog.tsx';
import { CustodyDialog } from './custody-dialog.tsx';
import './custody.css';

interface Props {
  readonly session: Session;
  readonly activity: boolean;
  readonly onActivity: () => void;
}

export function SessionHead({ session, activity, onActivity }: Props) {
  const { chooseFiles, chooseFolder, chooseOnHost } = useIntake();
  const { id, files, bytes, bucket, prefix, folder, createdAt, connectionName, custody } = session;
  const address = `s3://${bucket}/${prefix === '' ? '' : `${prefix}/`}`;
  return (
    <header className="session-head">
      <div className="session-head-text">
        <Title session={session} />
        <div className="session-facts dim">
          <span>
            {counted(files.total, 'file')}, {formatBytes(bytes.total)}
          </span>
          <When at={createdAt} />
          {custody !== null && <Case custody={custody} />}
          <span className="session-where" title={`${connectionName}: ${address}`}>
            {connectionName}
            <span className="mono cut">{address}</span>
            <CopyButton text={address} label="Copy the address of this session" />
          </span>
          {folder !== null && (
            <span className="session-where" title={`Downloaded into ${folder}`}>
              into
              <span className="mono cut">{folder}</span>
            </span>
          )}
        </div>
      </div>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconHistory size={16} />}
        aria-pressed={activity}
        onClick={onActivity}
      >
        Activity
      </Button>
      {folder === null && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button leftSection={<IconPlus size={16} />}>Add files</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => chooseFiles(id)}>Choose files…</Menu.Item>
            <Menu.Item onClick={() => chooseFolder(id)}>Choose a folder…</Menu.Item>
            {chooseOnHost !== null && (
              <Menu.Item onClick={() => chooseOnHost(id)}>Choose on the computer Sluice runs on…</Menu.Item>
            )}
            <Menu.Divider />
            <FolderOptionItems />
          </Menu.Dropdown>
        </Menu>
      )}
      <More session={session} />
    </header>
  );
}

/** Whose evidence it is, as far as a line has room for it. */
function Case({ custody: { caseNumber, examiner, note } }: { readonly custody: Custody }) {
  const named = [caseNumber === '' ? '' : `Case ${caseNumber}`, examiner].filter((text) => text !== '');
  const all = [...named, note].filter((text) => text !== '').join('\n');
  return (
    <span className="session-case" title={all}>
      {named.length === 0 ? 'Noted' : named.join(', ')}
    </span>
  );
}

/** The title, which becomes a field when it is chosen; leaving it keeps what was written. */
function Title({ session }: { readonly session: Session }) {
  const { client } = useWorkbench();
  const [draft, setDraft] = useState<string | null>(null);
  const rename = (title: string) => attempt(() => client.sessions.rename({ id: session.id, title }));
  const keep = (event?: FormEvent) => {
    event?.preventDefault();
    const title = draft?.trim() ?? '';
    setDraft(null);
    if (title === '' || title === session.title) return;
    const before = session.title;
    rename(title);
    tell('Renamed.', { label: 'Undo', run: () => rename(before) });
  };
  if (draft === null) {
    return (
      <h1 className="session-title">
        <button type="button" title="Rename" onClick={() => setDraft(session.title)}>
          <Middle text={session.title} title="Rename" />
        </button>
      </h1>
    );
  }
  return (
    <form className="session-title" onSubmit={keep}>
      <input
        aria-label="Title of the session"
        maxLength={200}
        value={draft}
        ref={(field) => {
          if (field !== null && document.activeElement !== field) {
            field.focus();
            field.select();
          }
        }}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => keep()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </form>
  );
}

const RETENTIONS = [
  { days: null, label: 'Keep its objects for good' },
  { days: 7, label: 'Keep them for 7 days' },
  { days: 30, label: 'Keep them for 30 days' },
  { days: 365, label: 'Keep them for a year' },
] as const;

function More({ session }: { readonly session: Session }) {
  const { id, retentionDays } = session;
  const [open, setOpen] = useState<'custody' | 'check' | null>(null);
  const close = () => setOpen(null);
  const { client } = useWorkbench();
  const setDays = (days: number | null) => attempt(() => client.sessions.setRetention({ id, days }));
  const saveManifest = () =>
    attempt(async () => {
      const { name, text } = await client.sessions.manifest({ id });
      saveFile(name, 'application/json', text);
    });
  return (
    <>
      {open === 'custody' && <CustodyDialog session={session} onClose={close} />}
      {open === 'check' && <CheckDialog session={session} onClose={close} />}
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon aria-label="More for this session" size={30}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Proof</Menu.Label>
          <Menu.Item onClick={() => setOpen('check')}>Check again…</Menu.Item>
          <Menu.Item onClick={saveManifest}>Save the manifest</Menu.Item>
          <Menu.Item onClick={() => setOpen('custody')}>Case and examiner…</Menu.Item>
          <Menu.Divider />
          <Menu.Label>How long its objects are kept</Menu.Label>
          {RETENTIONS.map(({ days, label }) => (
            <Menu.Item
              key={label}
              role="menuitemradio"
              aria-checked={retentionDays === days}
              rightSection={retentionDays === days ? '✓' : null}
              onClick={() => {
                setDays(days);
                tell('Retention changed.', { label: 'Undo', run: () => setDays(retentionDays) });
              }}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => overlay.set({ kind: 'remove-session', id })}>
            Delete the session…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
