import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useCallback } from 'react';
import { formatBytes, formatDuration, formatRate } from '#shared/lib';
import { counted, StateGlyph, useAction, WAITS } from '#renderer/components';
import { DownloadsMenu } from '#renderer/features/downloads';
import { LimitMenu } from '#renderer/features/limits';
import { useExternal } from '#renderer/lib';
import { type Totals, useTotals, useWorkbench } from '#renderer/state';
import { type QueueView } from '#renderer/uploads';
import './transfer-bar.css';

/** The whole truth at a glance: how much, how fast, how long, what waits and why; and one button for all of it. */
export function TransferBar() {
  const totals = useTotals();
  const { client, uploads } = useWorkbench();
  const view = useExternal(uploads.view);
  const pauseAll = useAction(
    useCallback(() => {
      uploads.pause();
      return client.transfers.pauseAll();
    }, [client, uploads]),
  );
  const resumeAll = useAction(
    useCallback(() => {
      uploads.resume();
      return client.transfers.resumeAll();
    }, [client, uploads]),
  );
  const { bytes, moving, queued, scheduled, paused, verifying, sessions } = totals;
  const busy = moving + queued + scheduled + verifying > 0 || totals.waiting.size > 0;
  const share = bytes.total === 0 ? 0 : bytes.committed / bytes.total;
  const flying = bytes.total === 0 ? 0 : (bytes.committed + bytes.inFlight) / bytes.total;
  const counts = countsOf(totals, view).join(' · ');
  return (
    <footer className="bar" aria-label="Transfers">
      {sessions > 0 && (
        <div className="bar-line" aria-hidden="true">
          <i className="bar-flying" style={{ transform: `scaleX(${Math.min(1, flying)})` }} />
          <i className="bar-sent" style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
      <div className="bar-row">
        <div className="bar-now">
          <Headline totals={totals} busy={busy} />
          <span className="bar-counts" title={counts}>
            {counts}
          </span>
        </div>
        {sessions > 0 && (
          <dl className="bar-figures">
            <div className="bar-much">
              <dt className="unseen">How much</dt>
              <dd>
                {formatBytes(bytes.committed)} of {formatBytes(bytes.total)}
              </dd>
            </div>
            <div className="bar-fast">
              <dt className="unseen">How fast</dt>
              <dd>{totals.bytesPerSecond > 0 ? formatRate(totals.bytesPerSecond) : '–'}</dd>
            </div>
            <div className="bar-long">
              <dt className="unseen">How long</dt>
              <dd>{totals.secondsLeft === null ? '–' : `${formatDuration(totals.secondsLeft)} left`}</dd>
            </div>
          </dl>
        )}
        <DownloadsMenu />
        <LimitMenu />
        {(paused > 0 || (view.held && view.pending > 0)) && (
          <Button
            variant="default"
            loading={resumeAll.busy}
            leftSection={<IconPlayerPlay size={14} />}
            onClick={resumeAll.run}
          >
            Resume all
          </Button>
        )}
        {busy && (
          <Button
            variant="default"
            loading={pauseAll.busy}
            leftSection={<IconPlayerPause size={14} />}
            onClick={pauseAll.run}
          >
            Pause all
          </Button>
        )}
      </div>
    </footer>
  );
}

function Headline({ totals, busy }: { readonly totals: Totals; readonly busy: boolean }) {
  const { bytes, moving, downloading, queued, scheduled, verifying, paused, waiting, failed } = totals;
  const share = bytes.total === 0 ? 0 : Math.floor((bytes.committed / bytes.total) * 100);
  if (moving > 0)
    return (
      <Line
        kind={downloading === moving ? 'coming' : 'moving'}
        text={`${wayOf(moving, downloading)}, ${share} %`}
      />
    );
  if (verifying > 0) return <Line kind="proving" text="Being proven" />;
  if (waiting.size > 0) return <Line kind="waiting" text="Waiting" />;
  if (queued > 0) return <Line kind="queued" text="About to start" />;
  if (scheduled > 0) return <Line kind="queued" text="Starts later" />;
  if (busy) return <Line kind="queued" text="About to start" />;
  if (paused > 0) return <Line kind="paused" text={`Paused at ${share} %`} />;
  if (failed > 0) return <Line kind="attention" text="Nothing is moving" />;
  return <Line kind="idle" text="Nothing is moving" />;
}

function wayOf(moving: number, downloading: number): string {
  if (downloading === 0) return 'Sending';
  return downloading === moving ? 'Downloading' : 'Sending and downloading';
}

function Line({
  kind,
  text,
}: {
  readonly kind: Parameters<typeof StateGlyph>[0]['kind'];
  readonly text: string;
}) {
  return (
    <span className="bar-headline">
      <StateGlyph kind={kind} />
      {text}
    </span>
  );
}

/** What there is beside the headline, and why it waits. */
function countsOf(totals: Totals, { pending, held, notes }: QueueView): readonly string[] {
  const { moving, verifying, queued, scheduled, paused, waiting, failed, waitingSentence } = totals;
  const said: string[] = [];
  if (moving > 0) said.push(`${counted(moving, 'file')} moving`);
  if (verifying > 0) said.push(`${verifying} being proven`);
  if (queued > 0) said.push(`${counted(queued, 'file')} in line`);
  if (scheduled > 0) said.push(`${counted(scheduled, 'file')} at a set time`);
  for (const [reason, count] of waiting) {
    said.push(
      `${count.toLocaleString('en-US')} ${WAITS[reason].replace('Waits', count === 1 ? 'waits' : 'wait')}`,
    );
  }
  if (waitingSentence !== null) said.push(waitingSentence);
  const [note] = notes.values();
  if (note !== undefined) said.push(note);
  if (paused > 0) said.push(`${paused.toLocaleString('en-US')} paused`);
  if (failed > 0) said.push(`${counted(failed, 'file')} failed`);
  if (pending > 0) {
    const what = held ? 'held back until you resume' : 'to be sent by this page; keep it open';
    said.push(`${counted(pending, 'file')} ${what}`);
  }
  return said;
}
