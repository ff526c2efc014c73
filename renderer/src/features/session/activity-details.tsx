import { type Activity } from '#shared/domain';
import { Details, ErrorNote, Loading, Middle, StateGlyph, useQuestion, When } from '#renderer/components';
import { useSession, useWorkbench } from '#renderer/state';

const GLYPHS = { ok: 'done', failed: 'failed', cancelled: 'cancelled' } as const;
const OUTCOMES = { ok: 'done', failed: 'failed', cancelled: 'cancelled' } as const;

/** The audit trail of one session: what was done, to what, with what outcome. */
export function ActivityDetails({
  sessionId,
  onClose,
}: {
  readonly sessionId: string;
  readonly onClose: () => void;
}) {
  const { client } = useWorkbench();
  const session = useSession(sessionId);
  // Read again whenever the session moved on a step, not with every byte.
  const step = `${session?.state ?? ''}:${session?.files.done ?? 0}:${session?.outputs ?? 0}`;
  const { answer, ask } = useQuestion(
    (signal) => client.sessions.activity({ id: sessionId }, { signal }),
    [client, sessionId, step],
    { atOnce: true },
  );
  return (
    <Details title="Activity" label="Activity of this session" onClose={onClose}>
      {answer.kind === 'asking' && <Loading label="Reading the activity" />}
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      {answer.kind === 'answered' && <Lines lines={answer.value} />}
    </Details>
  );
}

const SHOWN = 500;

function Lines({ lines }: { readonly lines: readonly Activity[] }) {
  if (lines.length === 0) return <p className="dim activity-none">Nothing was done here yet.</p>;
  const newest = lines.toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, SHOWN);
  return (
    <ol className="activity">
      {newest.map(({ id, at, action, subject, outcome, detail }) => (
        <li key={id}>
          <StateGlyph kind={GLYPHS[outcome]} />
          <div className="activity-text">
            <div className="activity-line">
              <span>
                <b>{action}</b> {OUTCOMES[outcome]}
              </span>
              <span className="dim">
                <When at={at} />
              </span>
            </div>
            <Middle text={subject} />
            {detail !== '' && <div className="dim activity-detail">{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
