import { Button, Checkbox, Group, Modal, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { type Column, type RowFilter, type TableView } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { ErrorNote, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { nameOf } from './grid/index.ts';

const KINDS = [
  { value: 'equals', label: 'is one of' },
  { value: 'equals-not', label: 'is none of' },
  { value: 'contains', label: 'contains' },
  { value: 'contains-not', label: 'does not contain' },
  { value: 'range', label: 'is from … to …' },
  { value: 'empty', label: 'is empty' },
  { value: 'empty-not', label: 'is not empty' },
  { value: 'fits-not', label: 'does not fit its type' },
  { value: 'fits', label: 'fits its type' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

const OFFERED = 50;
const TYPING_MS = 250;

interface Props {
  readonly transferId: string;
  /** Changes with what the file is read as. */
  readonly revision: string;
  readonly index: number;
  readonly column: Column;
  /** The one that is changed; null for a new one. */
  readonly filter: RowFilter | null;
  /** The rows its values are counted in. */
  readonly within: TableView;
  readonly onApply: (filter: RowFilter) => void;
  readonly onClose: () => void;
}

/** Which rows of a column are wanted. */
export function FilterForm({ transferId, revision, index, column, filter, within, onApply, onClose }: Props) {
  const [kind, setKind] = useState<Kind>(kindOf(filter));
  const [text, setText] = useState(filter?.kind === 'contains' ? filter.text : '');
  const [from, setFrom] = useState(filter?.kind === 'range' ? (filter.from ?? '') : '');
  const [to, setTo] = useState(filter?.kind === 'range' ? (filter.to ?? '') : '');
  const [values, setValues] = useState<readonly string[]>(filter?.kind === 'equals' ? filter.values : []);
  const made = filterOf(kind, index, { text, from, to, values });
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (made !== null) onApply(made);
  };
  const isAmong = kind === 'equals' || kind === 'equals-not';
  return (
    <Modal opened onClose={onClose} title={`Rows where ${nameOf(column, index)} …`} size={440}>
      <form className="filter-form" onSubmit={apply}>
        <Select
          aria-label="Condition"
          data={[...KINDS]}
          value={kind}
          allowDeselect={false}
          data-autofocus={!isAmong || undefined}
          onChange={(value) => setKind(KINDS.find((one) => one.value === value)?.value ?? kind)}
        />
        {(kind === 'contains' || kind === 'contains-not') && (
          <TextInput
            label="Text, in upper or lower case"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
        {kind === 'range' && (
          <Group grow>
            <TextInput
              label="From"
              placeholder="open"
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <TextInput
              label="To"
              placeholder="open"
              value={to}
              onChange={({ currentTarget }) => setTo(currentTarget.value)}
            />
          </Group>
        )}
        {isAmong && (
          <Values
            transferId={transferId}
            revision={revision}
            index={index}
            within={within}
            chosen={values}
            onChosen={setValues}
          />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={made === null}>
            Filter
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface ValuesProps {
  readonly transferId: string;
  readonly revision: string;
  readonly index: number;
  readonly within: TableView;
  readonly chosen: readonly string[];
  readonly onChosen: (values: readonly string[]) => void;
}

function Values({ transferId, revision, index, within, chosen, onChosen }: ValuesProps) {
  const { client } = useWorkbench();
  const [text, setText] = useState('');
  const [sought] = useDebouncedValue(text, TYPING_MS);
  const { answer, ask } = useQuestion(
    (signal) =>
      client.tables.values(
        { transferId, view: within, column: index, text: sought, limit: OFFERED },
        { signal },
      ),
    [client, transferId, revision, within, index, sought],
    { atOnce: true },
  );
  const offered = answer.kind === 'answered' ? answer.value : [];
  const others = chosen.filter((value) => !offered.some((one) => one.value === value));
  const toggle = (value: string) =>
    onChosen(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const typed = text !== '' && !offered.some(({ value }) => value === text) && !chosen.includes(text);
  return (
    <div className="filter-values">
      <TextInput
        label="Find a value, or write one"
        value={text}
        data-autofocus
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      <div className="filter-list" role="group" aria-label="Values" aria-busy={answer.kind === 'asking'}>
        {typed && <Checkbox label={`“${text}”, as written`} checked={false} onChange={() => toggle(text)} />}
        {others.map((value) => (
          <Checkbox key={value} label={value} checked onChange={() => toggle(value)} />
        ))}
        {offered.map(({ value, count }) => (
          <div key={value} className="filter-value">
            <Checkbox
              label={value === '' ? 'empty text' : value}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            <span className="dim number">{formatCount(count)}</span>
          </div>
        ))}
        {answer.kind === 'asking' && <p className="dim">Counting values…</p>}
        {answer.kind === 'answered' && offered.length === 0 && <p className="dim">No value holds that.</p>}
      </div>
      {offered.length === OFFERED && <p className="dim">The {OFFERED} most common are listed.</p>}
    </div>
  );
}

function kindOf(filter: RowFilter | null): Kind {
  if (filter === null) return 'equals';
  if (filter.kind === 'range') return 'range';
  return filter.not ? `${filter.kind}-not` : filter.kind;
}

function filterOf(
  kind: Kind,
  column: number,
  { text, from, to, values }: { text: string; from: string; to: string; values: readonly string[] },
): RowFilter | null {
  const not = kind.endsWith('-not');
  switch (kind) {
    case 'contains':
    case 'contains-not':
      return text === '' ? null : { kind: 'contains', column, text, not };
    case 'range': {
      const ends = { from: from.trim() === '' ? null : from, to: to.trim() === '' ? null : to };
      return ends.from === null && ends.to === null ? null : { kind: 'range', column, ...ends };
    }
    case 'empty':
    case 'empty-not':
      return { kind: 'empty', column, not };
    case 'fits':
    case 'fits-not':
      return { kind: 'fits', column, not };
    case 'equals':
    case 'equals-not':
      return values.length === 0 ? null : { kind: 'equals', column, values: [...values], not };
    default:
      return kind satisfies never;
  }
}
