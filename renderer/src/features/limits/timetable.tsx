import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { SpeedField, type SpeedText } from './speed-field.tsx';

export interface SpanDraft {
  readonly key: number;
  /** 0 is Sunday. */
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly speed: SpeedText;
}

const DAYS = [
  { day: 1, name: 'Mon' },
  { day: 2, name: 'Tue' },
  { day: 3, name: 'Wed' },
  { day: 4, name: 'Thu' },
  { day: 5, name: 'Fri' },
  { day: 6, name: 'Sat' },
  { day: 0, name: 'Sun' },
] as const;

const OFFICE = {
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  to: '18:00',
  speed: { kind: 'limit', text: '5' },
} as const;
const MOST = 50;

interface Props {
  readonly spans: readonly SpanDraft[];
  readonly onChange: (spans: readonly SpanDraft[]) => void;
}

/** When another speed holds. The first line that holds wins. */
export function Timetable({ spans, onChange }: Props) {
  const next = Math.max(-1, ...spans.map(({ key }) => key)) + 1;
  const edit = (key: number, change: Partial<SpanDraft>) =>
    onChange(spans.map((span) => (span.key === key ? { ...span, ...change } : span)));
  return (
    <fieldset className="timetable">
      <legend>Timetable</legend>
      <p className="dim">
        At these times another speed holds; a line whose end is before its beginning runs over midnight. The
        first line that holds wins.
      </p>
      {spans.map((span, index) => (
        <Span
          key={span.key}
          span={span}
          number={index + 1}
          onChange={(change) => edit(span.key, change)}
          onRemove={() => onChange(spans.filter(({ key }) => key !== span.key))}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={spans.length >= MOST}
        onClick={() => onChange([...spans, { ...OFFICE, key: next }])}
      >
        Add a line
      </Button>
    </fieldset>
  );
}

interface SpanProps {
  readonly span: SpanDraft;
  readonly number: number;
  readonly onChange: (change: Partial<SpanDraft>) => void;
  readonly onRemove: () => void;
}

function Span({ span: { days, from, to, speed }, number, onChange, onRemove }: SpanProps) {
  return (
    <fieldset className="span">
      <legend className="unseen">Line {number}</legend>
      <div className="span-days">
        {DAYS.map(({ day, name }) => (
          <Checkbox
            key={day}
            label={name}
            checked={days.includes(day)}
            onChange={(event) =>
              onChange({
                days: event.currentTarget.checked ? [...days, day] : days.filter((one) => one !== day),
              })
            }
          />
        ))}
        <ActionIcon className="span-remove" aria-label={`Remove line ${number}`} onClick={onRemove}>
          <IconX size={14} />
        </ActionIcon>
      </div>
      <div className="span-times">
        <TextInput
          label="From"
          type="time"
          value={from}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          label="To"
          type="time"
          value={to}
          onChange={(event) => onChange({ to: event.currentTarget.value })}
        />
        <SpeedField label="Speed" speed={speed} standsStill onChange={(next) => onChange({ speed: next })} />
      </div>
    </fieldset>
  );
}
