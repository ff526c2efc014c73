import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { type ErrorReport } from '#shared/errors';
import { external, useExternal } from '#renderer/lib';
import { ErrorNote } from './error-note.tsx';
import './notices.css';

interface Told {
  readonly kind: 'told';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** After which it goes by itself. */
  readonly seconds: number;
  readonly onGone?: () => void;
}
interface Failed {
  readonly kind: 'failed';
  readonly report: ErrorReport;
  readonly onRetry?: (() => void) | undefined;
}
type Notice = (Told | Failed) & { readonly id: number };

const notices = external<readonly Notice[]>([]);
let last = 0;

function add(notice: Told | Failed): number {
  last += 1;
  const id = last;
  notices.set((now) => [...now.slice(-3), { ...notice, id }]);
  return id;
}

function drop(id: number): void {
  notices.set((now) => now.filter((notice) => notice.id !== id));
}

export function tell(text: string, action?: Told['action']): void {
  add({ kind: 'told', text, seconds: 5, ...(action === undefined ? {} : { action }) });
}

export function tellFailure(report: ErrorReport, onRetry?: () => void): void {
  if (report.code === 'CANCELLED') return;
  add({ kind: 'failed', report, onRetry });
}

const UNDO_SECONDS = 6;

/** Does what cannot be taken back only after there was time to say so. */
export function doUnlessUndone(text: string, act: () => void, undo: () => void = () => undefined): void {
  let open = true;
  const close = (run: () => void) => () => {
    if (!open) return;
    open = false;
    run();
  };
  const finish = close(act);
  // A page that closes must not leave half of it undone.
  window.addEventListener('pagehide', finish, { once: true });
  add({
    kind: 'told',
    text,
    seconds: UNDO_SECONDS,
    action: { label: 'Undo', run: close(undo) },
    onGone: finish,
  });
}

/** Short news at the lower edge; failures stay until they were read. */
export function Notices() {
  const all = useExternal(notices);
  return (
    <section className="notices" aria-label="Notices">
      <div aria-live="polite" role="log">
        {all.map((notice) => (
          <NoticeView key={notice.id} notice={notice} />
        ))}
      </div>
    </section>
  );
}

function NoticeView({ notice }: { readonly notice: Notice }) {
  const { id } = notice;
  useEffect(() => {
    if (notice.kind !== 'told') return undefined;
    const timer = setTimeout(() => {
      drop(id);
      notice.onGone?.();
    }, notice.seconds * 1000);
    return () => clearTimeout(timer);
  }, [id, notice]);

  if (notice.kind === 'failed') {
    const { report, onRetry } = notice;
    return (
      <div className="notice notice-failed">
        <ErrorNote
          report={report}
          onRetry={
            onRetry &&
            (() => {
              drop(id);
              onRetry();
            })
          }
        />
        <ActionIcon className="notice-close" aria-label="Dismiss" size={24} onClick={() => drop(id)}>
          <IconX size={14} />
        </ActionIcon>
      </div>
    );
  }
  const { text, action } = notice;
  return (
    <div className="notice">
      <span>{text}</span>
      {action !== undefined && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            drop(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
    </div>
  );
}
