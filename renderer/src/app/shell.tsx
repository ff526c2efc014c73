import { Loader } from '@mantine/core';
import { useEffect } from 'react';
import { Notices } from '#renderer/components';
import { ChoicesDialog, LookingDialog } from '#renderer/features/choices';
import { ConnectionsDialog } from '#renderer/features/connections';
import { InTheWayDialog } from '#renderer/features/downloads';
import { HomeView } from '#renderer/features/home';
import { DropOverlay, RefusedDialog } from '#renderer/features/intake';
import { LeftoversDialog } from '#renderer/features/leftovers';
import { LimitsDialog } from '#renderer/features/limits';
import { KeysDialog, Palette } from '#renderer/features/palette';
import { PickerDialog } from '#renderer/features/picker';
import { SessionView } from '#renderer/features/session';
import { RemoveDialog, SessionRail } from '#renderer/features/sessions';
import { TransferBar } from '#renderer/features/transfer-bar';
import { route, useExternal } from '#renderer/lib';
import { useTotals, useWorkbench } from '#renderer/state';
import { Announcer } from './announcer.tsx';
import { Refused } from './opening.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import './shell.css';

export function Shell() {
  const here = useExternal(route);
  const { link } = useWorkbench();
  const linkState = useExternal(link);
  useShortcuts();
  useStayWhileSending();
  useTitle();
  if (linkState.kind === 'refused') return <Refused />;
  return (
    <div className="shell">
      {linkState.kind === 'connecting' && <Lost tries={linkState.tries} />}
      <SessionRail />
      {here.kind === 'home' ? <HomeView /> : <SessionView id={here.id} tab={here.tab} />}
      <TransferBar />
      <Palette />
      <KeysDialog />
      <ConnectionsDialog />
      <LimitsDialog />
      <PickerDialog />
      <RemoveDialog />
      <InTheWayDialog />
      <RefusedDialog />
      <LookingDialog />
      <ChoicesDialog />
      <LeftoversDialog />
      <DropOverlay />
      <Notices />
      <Announcer />
    </div>
  );
}

const PATIENCE = 6;

function Lost({ tries }: { readonly tries: number }) {
  return (
    <div className="lost" role="status">
      <Loader size={14} />
      <span>
        Connecting to Sluice again.{' '}
        {tries < PATIENCE
          ? 'What you see is how things stood; nothing is lost.'
          : 'It does not answer: if it was closed, start it again with the same address.'}
      </span>
    </div>
  );
}

/** The tab or window tells how far things are, for somebody who looks at another one. */
function useTitle(): void {
  const { bytes, moving } = useTotals();
  const share = bytes.total === 0 ? 0 : Math.floor((bytes.committed / bytes.total) * 100);
  const title = moving > 0 ? `${share} % · Sluice` : 'Sluice';
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** A page that sends files itself asks before it goes: what is under way would wait for somebody to come back. */
function useStayWhileSending(): void {
  const { uploads } = useWorkbench();
  const { active, pending } = useExternal(uploads.view);
  const sending = active + pending > 0;
  useEffect(() => {
    if (!sending) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [sending]);
}
