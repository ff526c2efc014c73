import { NativeSelect, TextInput } from '@mantine/core';

export interface SpeedText {
  readonly kind: 'full' | 'limit' | 'still';
  /** Megabytes a second, as written. */
  readonly text: string;
}

interface Props {
  readonly label: string;
  readonly speed: SpeedText;
  readonly onChange: (speed: SpeedText) => void;
  /** Whether nothing at all may be chosen. */
  readonly standsStill: boolean;
}

export function SpeedField({ label, speed, onChange, standsStill }: Props) {
  return (
    <div className="speed">
      <NativeSelect
        label={label}
        value={speed.kind}
        data={[
          { value: 'full', label: 'As fast as it goes' },
          { value: 'limit', label: 'At most' },
          ...(standsStill ? [{ value: 'still', label: 'Stand still' }] : []),
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...speed, kind: value === 'limit' || value === 'still' ? value : 'full' })
        }
      />
      {speed.kind === 'limit' && (
        <TextInput
          label="MB/s"
          className="speed-number"
          inputMode="decimal"
          value={speed.text}
          onChange={(event) => onChange({ ...speed, text: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
