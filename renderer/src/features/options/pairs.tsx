import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';

type Pairs = Readonly<Record<string, string>>;

interface Props {
  /** e.g. `tag`. */
  readonly what: string;
  readonly pairs: Pairs;
  readonly most: number;
  readonly onChange: (pairs: Pairs) => void;
}

interface Row {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

const rowsOf = (pairs: Pairs): readonly Row[] =>
  Object.entries(pairs).map(([name, value], key) => ({ key, name, value }));

/** A row without a name counts for nothing. */
const pairsOf = (rows: readonly Row[]): Pairs =>
  Object.fromEntries(
    rows.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );

const areSame = (a: Pairs, b: Pairs): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([name, value]) => b[name] === value);

/** Names and values, one pair a line. */
export function PairsField({ what, pairs, most, onChange }: Props) {
  const [written, setWritten] = useState<readonly Row[]>(() => rowsOf(pairs));
  const rows = areSame(pairsOf(written), pairs) ? written : rowsOf(pairs); // they were set from elsewhere
  const set = (next: readonly Row[]) => {
    setWritten(next);
    onChange(pairsOf(next));
  };
  const edit = (key: number, change: Partial<Row>) =>
    set(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const next = Math.max(-1, ...rows.map(({ key }) => key)) + 1;
  return (
    <div className="pairs">
      {rows.map(({ key, name, value }, index) => (
        <div key={key} className="pair">
          <TextInput
            aria-label={`Name of ${what} ${index + 1}`}
            placeholder="name"
            value={name}
            spellCheck={false}
            onChange={(event) => edit(key, { name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={`Value of ${what} ${index + 1}`}
            placeholder="value"
            value={value}
            spellCheck={false}
            onChange={(event) => edit(key, { value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label={`Remove ${what} ${index + 1}`}
            onClick={() => set(rows.filter((row) => row.key !== key))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        disabled={rows.length >= most}
        onClick={() => set([...rows, { key: next, name: '', value: '' }])}
      >
        Add a {what}
      </Button>
    </div>
  );
}
