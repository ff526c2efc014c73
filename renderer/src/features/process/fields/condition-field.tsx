import { ActionIcon, Button, Select, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Comparison, Condition, PlainValue } from '#shared/domain';
import { useAround } from './around.ts';
import { ColumnField } from './column-fields.tsx';
import {
  BLANK,
  conditionOf,
  groupOf,
  type How,
  isComparison,
  operatorOptions,
  withOperator,
} from './condition.ts';

const HOWS: readonly { readonly value: How; readonly label: string }[] = [
  { value: 'all', label: 'All of these hold' },
  { value: 'any', label: 'Any of these holds' },
  { value: 'none', label: 'None of these holds' },
  { value: 'not-all', label: 'Not all of these hold' },
];
/** Groups in groups, as deep as a recipe may have them. */
const DEEPEST = 3;

interface Props {
  readonly label: string;
  readonly value: Condition;
  readonly onChange: (value: Condition) => void;
  readonly depth?: number;
}

export function ConditionField({ label, value, onChange, depth = 1 }: Props) {
  const { how, of } = groupOf(value);
  const write = (next: readonly Condition[]) => onChange(conditionOf({ how, of: next }));
  return (
    <fieldset className="condition" data-depth={depth}>
      <legend className="unseen">{label}</legend>
      {(of.length > 1 || how !== 'all') && (
        <Select
          aria-label={`${label}: how the conditions go together`}
          data={[...HOWS]}
          value={how}
          allowDeselect={false}
          onChange={(next) => next !== null && onChange(conditionOf({ how: next, of }))}
        />
      )}
      {of.map((part, index) => (
        // Conditions have no names of their own; their place is what they are known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="condition-part" key={index}>
          {isComparison(part) ? (
            <ComparisonFields value={part} onChange={(next) => write(of.with(index, next))} />
          ) : (
            <ConditionField
              label={`Group ${index + 1}`}
              depth={depth + 1}
              value={part}
              onChange={(next) => write(of.with(index, next))}
            />
          )}
          {of.length > 1 && (
            <ActionIcon
              size={24}
              aria-label={`Take condition ${index + 1} away`}
              onClick={() => write(of.toSpliced(index, 1))}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      <div className="field-adds">
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => write([...of, BLANK])}
        >
          Condition
        </Button>
        {depth < DEEPEST && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => write([...of, { any: [BLANK, BLANK] }])}
          >
            Group
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface ComparisonProps {
  readonly value: Comparison;
  readonly onChange: (value: Comparison) => void;
}

function ComparisonFields({ value, onChange }: ComparisonProps) {
  const { columns } = useAround();
  const type = columns?.find(({ name }) => name === value.column)?.type;
  const change = (column: string | null) => {
    const next = { ...value, column: column ?? '' };
    const nextType = columns?.find(({ name }) => name === next.column)?.type;
    const allowed = operatorOptions(nextType, 'equal').some((option) => option.value === next.is);
    onChange(allowed ? next : withOperator(next, 'equal'));
  };
  return (
    <div className="comparison">
      <ColumnField
        field={{ kind: 'column', key: 'column', label: 'Column' }}
        value={value.column}
        onChange={change}
      />
      <Select
        aria-label="Question"
        data={operatorOptions(type, value.is)}
        value={value.is}
        allowDeselect={false}
        onChange={(is) => is !== null && onChange(withOperator(value, is))}
      />
      <Values value={value} type={type} onChange={onChange} />
    </div>
  );
}

function Values({ value, type, onChange }: ComparisonProps & { readonly type: string | undefined }) {
  switch (value.is) {
    case 'missing':
    case 'present':
      return null;
    case 'between':
      return (
        <div className="comparison-two">
          <ValueInput
            label="From"
            type={type}
            value={value.low}
            onChange={(low) => onChange({ ...value, low })}
          />
          <ValueInput
            label="To"
            type={type}
            value={value.high}
            onChange={(high) => onChange({ ...value, high })}
          />
        </div>
      );
    case 'one-of':
      return (
        <TagsInput
          size="xs"
          aria-label="Values"
          placeholder="Value, then Enter"
          splitChars={[]}
          value={value.values.map(String)}
          onChange={(values) => onChange({ ...value, values })}
        />
      );
    case 'contains':
    case 'starts-with':
    case 'ends-with':
    case 'matches':
      return (
        <ValueInput
          label="Text"
          type="text"
          value={value.value}
          onChange={(next) => onChange({ ...value, value: String(next) })}
        />
      );
    default:
      return (
        <ValueInput
          label="Value"
          type={type}
          value={value.value}
          onChange={(next) => onChange({ ...value, value: next })}
        />
      );
  }
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  date: '2026-03-31',
  timestamp: '2026-03-31 14:05',
  integer: 'Number',
  decimal: 'Number',
};

function ValueInput({
  label,
  type,
  value,
  onChange,
}: {
  readonly label: string;
  readonly type: string | undefined;
  readonly value: PlainValue;
  readonly onChange: (value: PlainValue) => void;
}) {
  if (type === 'boolean') {
    return (
      <Select
        aria-label={label}
        placeholder="Yes or no"
        data={[
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]}
        value={value === '' ? null : String(value)}
        allowDeselect={false}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={PLACEHOLDERS[type ?? ''] ?? label}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
