import { ActionIcon, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useCallback } from 'react';
import { RowList } from '#renderer/components';
import { goHome, goSession, overlay, route, useExternal } from '#renderer/lib';
import { useSessionIds, useWorkbench } from '#renderer/state';
import { SessionRow } from './session-row.tsx';
import { SettingsMenu } from './settings-menu.tsx';
import './session-rail.css';

const ROW = 52;

/** All sessions, newest first, each with its state. */
export function SessionRail() {
  const { state } = useWorkbench();
  const here = useExternal(route);
  const ids = useSessionIds();
  const active = here.kind === 'session' ? ids.indexOf(here.id) : -1;
  const textAt = useCallback((index: number) => state.sessions.get(ids[index] ?? '')?.title, [state, ids]);
  const choose = useCallback(
    (index: number) => {
      const id = ids[index];
      if (id !== undefined) goSession(id);
    },
    [ids],
  );
  return (
    <nav className="rail" aria-label="Sessions">
      <header className="rail-head">
        <button type="button" className="rail-brand" onClick={goHome} aria-label="Sluice, start page">
          <Mark />
          <span>Sluice</span>
        </button>
        <ActionIcon
          aria-label="New session"
          title="New session"
          aria-current={here.kind === 'home' ? 'page' : undefined}
          onClick={goHome}
        >
          <IconPlus size={18} />
        </ActionIcon>
      </header>
      {ids.length === 0 ? (
        <p className="rail-empty dim">Every drop becomes a session, and is listed here.</p>
      ) : (
        <RowList
          label="Sessions, newest first"
          className="rail-list"
          count={ids.length}
          rowHeight={ROW}
          active={active}
          onActive={choose}
          onKey={(event, index) => {
            const id = ids[index];
            if (event.key !== 'Delete' || id === undefined) return false;
            overlay.set({ kind: 'remove-session', id });
            return true;
          }}
          textAt={textAt}
        >
          {(index) => <SessionRow id={ids[index] ?? ''} />}
        </RowList>
      )}
      <div className="rail-foot">
        <Button
          variant="subtle"
          color="gray"
          justify="space-between"
          className="rail-commands"
          rightSection={<kbd className="keys">{modifier}K</kbd>}
          onClick={() => overlay.set({ kind: 'palette' })}
        >
          Commands
        </Button>
        <SettingsMenu />
      </div>
    </nav>
  );
}

const modifier = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl ';

function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1.5 14.5v-4h3.2v4zM6.4 14.5v-8h3.2v8zM11.3 14.5v-13h3.2v13z" fill="currentColor" />
    </svg>
  );
}
