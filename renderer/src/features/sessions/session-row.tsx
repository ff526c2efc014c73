import { type Session } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { counted, Middle, sessionGlyph, SESSION_WORDS, StateGlyph, When } from '#renderer/components';
import { useSession } from '#renderer/state';

/** Wakes only when its own session changes. */
export function SessionRow({ id }: { readonly id: string }) {
  const session = useSession(id);
  if (session === undefined) return null;
  const { title, state, createdAt } = session;
  return (
    <div className="session-row" role="gridcell">
      <StateGlyph kind={sessionGlyph(session)} />
      <div className="session-row-text">
        <div className="session-row-title">
          <Middle text={title} />
        </div>
        <div className="session-row-line">
          <span className="cut">
            <span className="unseen">{SESSION_WORDS[state]}. </span>
            {lineOf(session)}
          </span>
          <When at={createdAt} />
        </div>
      </div>
      {state === 'working' && <ShareBar session={session} />}
    </div>
  );
}

function lineOf({ state, files, bytes }: Session): string {
  if (files.failed > 0) return `${counted(files.failed, 'file')} failed`;
  const share = bytes.total === 0 ? 0 : Math.floor((bytes.committed / bytes.total) * 100);
  if (state === 'working') return `${share} % of ${formatBytes(bytes.total)}`;
  if (state === 'paused') return `Paused at ${share} %`;
  if (state === 'attention') return 'Needs you';
  return files.total === 0 ? 'Empty' : `${counted(files.total, 'file')}, ${formatBytes(bytes.total)}`;
}

function ShareBar({ session: { bytes } }: { readonly session: Session }) {
  const share = bytes.total === 0 ? 0 : bytes.committed / bytes.total;
  return (
    <div className="session-row-bar" aria-hidden="true">
      <div style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
