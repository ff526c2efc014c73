import { IconFilePlus, IconFolderPlus } from '@tabler/icons-react';
import { type DragEvent as ReactDragEvent, type ReactNode, useEffect, useState } from 'react';
import { type Connection } from '#shared/domain';
import { counted } from '#renderer/components';
import { dropWords, nextDrop } from '#renderer/features/options';
import { route, useExternal } from '#renderer/lib';
import { useSession } from '#renderer/state';
import { addressOf, useDestination } from './destination.ts';
import { describeRules, useScanRules } from './folder-options.tsx';
import { type Place, usePlace } from './place.ts';
import { useIntake } from './use-intake.ts';
import './drop-overlay.css';

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** How many things are being dragged over the window; null when nothing is. */
function useDraggedCount(): number | null {
  const [count, setCount] = useState<number | null>(null);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setCount(event.dataTransfer?.items.length ?? 0);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setCount(null);
    };
    const end = (event: DragEvent) => {
      // Else the browser would open the file in place of the page.
      if (holdsFiles(event)) event.preventDefault();
      setCount(null);
    };
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop: end, dragend: end } as const;
    for (const [name, listener] of Object.entries(listeners)) {
      window.addEventListener(name as keyof typeof listeners, listener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        window.removeEventListener(name as keyof typeof listeners, listener);
      }
    };
  }, []);
  return count;
}

/** Over the whole window while something is dragged: says what will happen and where it goes, before it happens. */
export function DropOverlay() {
  const count = useDraggedCount();
  const here = useExternal(route);
  if (count === null) return null;
  return <Targets count={count} sessionId={here.kind === 'session' ? here.id : null} />;
}

function Targets({ count, sessionId }: { readonly count: number; readonly sessionId: string | null }) {
  const { drop, sendsItself } = useIntake();
  const destination = useDestination();
  const { place } = usePlace(destination);
  const session = useSession(sessionId ?? '');
  const next = useExternal(nextDrop);
  const withOptions = (connectionId: string | undefined) =>
    next !== null && next.connectionId === connectionId ? ` With: ${dropWords(next, true)}.` : '';
  const things = count > 0 ? counted(count, 'item') : 'These files';
  const rules = describeRules(useScanRules());
  const after = sendsItself
    ? 'This page sends them straight to the bucket: keep it open until they are up.'
    : 'They are read where they lie; nothing is copied first.';
  const said = `${after} ${rules}`;
  return (
    <div className="drop-overlay">
      {session !== undefined && (
        <Target
          icon={<IconFilePlus size={28} stroke={1.5} />}
          title={`Add to “${session.title}”`}
          line={`${things} → s3://${session.bucket}/${session.prefix}`}
          after={`${said}${withOptions(session.connectionId)}`}
          onDrop={(data) => drop(data, session.id)}
        />
      )}
      <Target
        icon={<IconFolderPlus size={28} stroke={1.5} />}
        title="Start a new session"
        line={
          destination === null ? things : `${things} → ${destination.name}, ${addressIn(destination, place)}`
        }
        after={`${said}${withOptions(destination?.id)}`}
        onDrop={(data) => drop(data, null)}
      />
    </div>
  );
}

/** @returns e.g. `s3://bucket/reports, names kept` */
function addressIn(connection: Connection, { keepNames, folder }: Place): string {
  return keepNames
    ? `${addressOf({ bucket: connection.bucket, prefix: folder })}, names kept`
    : addressOf(connection);
}

interface TargetProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly line: string;
  readonly after: string;
  readonly onDrop: (data: DataTransfer) => void;
}

function Target({ icon, title, line, after, onDrop }: TargetProps) {
  const [over, setOver] = useState(false);
  const take = (event: ReactDragEvent) => {
    event.preventDefault();
    onDrop(event.dataTransfer);
  };
  return (
    <div
      className="drop-target"
      data-over={over}
      data-testid="drop-target"
      onDragEnter={() => setOver(true)}
      onDragOver={() => setOver(true)}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={take}
    >
      {icon}
      <p className="drop-title">{title}</p>
      <p className="drop-line">{line}</p>
      <p className="dim">The upload starts at once. {after}</p>
    </div>
  );
}
