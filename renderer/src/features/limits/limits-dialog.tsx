import { Button, Modal, NativeSelect } from '@mantine/core';
import { type FormEvent, useCallback, useState } from 'react';
import { type LimitSpan, type TransferSettings } from '#shared/domain';
import { tell, useAction } from '#renderer/components';
import { overlay, useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { bytesOfMegabytes, limitWords, megabytes } from './limit-words.ts';
import { SpeedField, type SpeedText } from './speed-field.tsx';
import { Timetable, type SpanDraft } from './timetable.tsx';
import './limits.css';

/** How much of the line transfers may take, and when. */
export function LimitsDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'limits') return null;
  return (
    <Modal opened onClose={() => overlay.set(null)} title="Transfers" size={640}>
      <LimitsForm />
    </Modal>
  );
}

const speedOf = (bytes: number | null): SpeedText =>
  bytes === null
    ? { kind: 'full', text: '5' }
    : bytes === 0
      ? { kind: 'still', text: '5' }
      : { kind: 'limit', text: megabytes(bytes) };

const draftOf = (span: LimitSpan, key: number): SpanDraft => ({
  key,
  days: span.days,
  from: span.from,
  to: span.to,
  speed: speedOf(span.bytesPerSecond),
});

/** @returns undefined where it is no number */
function bytesOf({ kind, text }: SpeedText): number | null | undefined {
  if (kind === 'full') return null;
  if (kind === 'still') return 0;
  return bytesOfMegabytes(text) ?? undefined;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

const STREAMS = [1, 2, 4, 8, 16, 32, 64] as const;

function LimitsForm() {
  const { client, state } = useWorkbench();
  const { settings, now } = useExternal(state.limits);
  const [speed, setSpeed] = useState<SpeedText>(() => speedOf(settings.bytesPerSecond));
  const [spans, setSpans] = useState<readonly SpanDraft[]>(() => settings.timetable.map(draftOf));
  const [maxStreams, setMaxStreams] = useState(settings.maxStreams);
  const [wrong, setWrong] = useState<string | null>(null);

  const save = useAction(
    useCallback(async () => {
      const read = settingsOf(speed, spans, maxStreams);
      if (typeof read === 'string') {
        setWrong(read);
        return;
      }
      setWrong(null);
      state.limits.set(await client.limits.set(read));
      overlay.set(null);
      tell('The limits hold from now on.');
    }, [client, state, speed, spans, maxStreams]),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  return (
    <form className="limits" onSubmit={submit} noValidate aria-label="Limits of transfers">
      <p className="dim" role="status">
        {limitWords(now)}
        {now.by === 'hand' ? ', set by hand in the bar below.' : '.'}
      </p>
      <SpeedField label="Speed" speed={speed} onChange={setSpeed} standsStill={false} />
      <Timetable spans={spans} onChange={setSpans} />
      <NativeSelect
        label="Most parts under way at once"
        description="How many really are is found out from what the store bears."
        value={String(maxStreams)}
        data={[...new Set([...STREAMS, maxStreams])].sort((a, b) => a - b).map(String)}
        onChange={(event) => setMaxStreams(Number(event.currentTarget.value))}
      />
      {wrong !== null && (
        <p className="limits-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="dialog-actions">
        <Button variant="default" onClick={() => overlay.set(null)}>
          Cancel
        </Button>
        <Button type="submit" loading={save.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** @returns a sentence where something is not as it must be */
function settingsOf(
  speed: SpeedText,
  spans: readonly SpanDraft[],
  maxStreams: number,
): Omit<TransferSettings, 'override'> | string {
  const bytesPerSecond = bytesOf(speed);
  if (bytesPerSecond === undefined) return 'Write the speed as a number of megabytes a second, such as 5.';
  const timetable: LimitSpan[] = [];
  for (const [index, span] of spans.entries()) {
    const line = `Line ${index + 1} of the timetable`;
    const bytes = bytesOf(span.speed);
    if (span.days.length === 0) return `${line} has no day.`;
    if (!TIME.test(span.from) || !TIME.test(span.to)) return `${line} needs two times such as 08:00.`;
    if (bytes === undefined) return `${line} needs a speed in megabytes a second, such as 5.`;
    timetable.push({ days: [...span.days], from: span.from, to: span.to, bytesPerSecond: bytes });
  }
  return { bytesPerSecond, timetable, maxStreams };
}
