import { Checkbox, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FieldOf } from '../steps/index.ts';

interface Props<F> {
  readonly field: F;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

export function TextField({ field, value, onChange }: Props<FieldOf<'text'>>) {
  const shared = {
    label: field.label,
    description: field.description,
    placeholder: field.placeholder,
    value: typeof value === 'string' ? value : '',
    classNames: field.mono === true ? { input: 'mono' } : {},
    spellCheck: field.mono !== true,
  };
  return field.long === true ? (
    <Textarea
      {...shared}
      size="xs"
      autosize
      minRows={2}
      maxRows={14}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

const PERCENT = 100;

export function NumberField({ field, value, onChange }: Props<FieldOf<'number'>>) {
  const scale = field.percent === true ? PERCENT : 1;
  const shown = typeof value === 'number' ? Math.round(value * scale * 1e6) / 1e6 : '';
  return (
    <NumberInput
      size="xs"
      label={field.label}
      description={field.description}
      placeholder={field.none}
      value={shown}
      min={field.min * scale}
      {...(field.max === undefined ? {} : { max: field.max * scale })}
      clampBehavior="blur"
      allowDecimal={field.whole !== true}
      onChange={(next) => onChange(typeof next === 'number' ? next / scale : undefined)}
    />
  );
}

export function ChoiceField({ field, value, onChange }: Props<FieldOf<'choice'>>) {
  return (
    <Select
      label={field.label}
      description={field.description}
      placeholder={field.none}
      data={[...field.options]}
      value={typeof value === 'string' ? value : null}
      clearable={field.none !== undefined}
      allowDeselect={false}
      onChange={(next) => onChange(next)}
    />
  );
}

export function FlagField({ field, value, onChange }: Props<FieldOf<'flag'>>) {
  return (
    <Checkbox
      label={field.label}
      description={field.description}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function WordsField({ field, value, onChange }: Props<FieldOf<'words'>>) {
  const words = Array.isArray(value) ? (value as string[]) : [];
  const labels = new Map(field.options?.map((option) => [option.value, option.label]));
  return (
    <TagsInput
      size="xs"
      label={field.label}
      description={field.description}
      placeholder={words.length === 0 ? (field.none ?? field.placeholder) : field.placeholder}
      value={words}
      data={[...labels.keys()]}
      splitChars={[]}
      clearable
      renderOption={({ option }) => (
        <span className="column-option">
          <span className="mono">{option.value}</span>
          <span className="dim">{labels.get(option.value)}</span>
        </span>
      )}
      onChange={(next) => onChange(next.length === 0 && field.none !== undefined ? null : next)}
      comboboxProps={{ transitionProps: { duration: 100 } }}
    />
  );
}

/** Numbers between semicolons; what is being written is kept as it is written. */
export function NumbersField({ field, value, onChange }: Props<FieldOf<'numbers'>>) {
  const [text, setText] = useState(() => (Array.isArray(value) ? value.join('; ') : ''));
  const read = (written: string) =>
    written
      .split(';')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(Number);
  const wrong = read(text).some((number) => !Number.isFinite(number));
  return (
    <TextInput
      label={field.label}
      description={field.description}
      placeholder={field.placeholder}
      value={text}
      error={wrong ? 'Write numbers with semicolons between them, such as 0; 10; 99.5.' : undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(read(event.currentTarget.value));
      }}
    />
  );
}
