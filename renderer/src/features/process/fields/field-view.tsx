import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Condition } from '#shared/domain';
import { assertNever } from '#shared/lib';
import type { Field, FieldOf } from '../steps/index.ts';
import { useAround } from './around.ts';
import { ColumnField, ColumnsField } from './column-fields.tsx';
import { ConditionField } from './condition-field.tsx';
import { ChoiceField, FlagField, NumberField, NumbersField, TextField, WordsField } from './plain-fields.tsx';
import { TesterField } from './tester-field.tsx';

type Values = Readonly<Record<string, unknown>>;

interface FieldsProps {
  readonly fields: readonly Field[];
  readonly values: Values;
  /** @param field the key of what was changed, for the changes that belong together */
  readonly onChange: (values: Values, field: string) => void;
}

/** A form made of what a step, or a part of one, is told. */
export function Fields({ fields, values, onChange }: FieldsProps) {
  return fields.map((field) => (
    <FieldView
      key={`${field.kind}-${field.key}`}
      field={field}
      values={values}
      onChange={(value) => onChange({ ...values, [field.key]: value }, field.key)}
    />
  ));
}

interface Props {
  readonly field: Field;
  readonly values: Values;
  readonly onChange: (value: unknown) => void;
}

function FieldView({ field, values, onChange }: Props) {
  const value = values[field.key];
  switch (field.kind) {
    case 'columns':
      return (
        <ColumnsField field={field} value={value as readonly string[] | undefined} onChange={onChange} />
      );
    case 'column':
      return (
        <ColumnField field={field} value={(value as string | null | undefined) ?? null} onChange={onChange} />
      );
    case 'text':
      return <TextField field={field} value={value} onChange={onChange} />;
    case 'value':
      return (
        <TextField
          field={{ ...field, kind: 'text', maybeEmpty: true }}
          value={typeof value === 'number' || typeof value === 'boolean' ? String(value) : value}
          onChange={onChange}
        />
      );
    case 'number':
      return <NumberField field={field} value={value} onChange={onChange} />;
    case 'choice':
      return <ChoiceField field={field} value={value} onChange={onChange} />;
    case 'flag':
      return <FlagField field={field} value={value} onChange={onChange} />;
    case 'words':
      return <WordsField field={field} value={value} onChange={onChange} />;
    case 'numbers':
      return <NumbersField field={field} value={value} onChange={onChange} />;
    case 'condition':
      return <ConditionField label={field.label} value={value as Condition} onChange={onChange} />;
    case 'file':
      return <FileField field={field} value={value} onChange={onChange} />;
    case 'tester':
      return <TesterField step={values} />;
    case 'ways':
      return <WaysField field={field} value={value as Values} onChange={onChange} />;
    case 'list':
      return (
        <ListField field={field} value={(value as readonly Values[] | undefined) ?? []} onChange={onChange} />
      );
    default:
      return assertNever(field);
  }
}

function FileField({
  field,
  value,
  onChange,
}: {
  readonly field: FieldOf<'file'>;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const { files } = useAround();
  const name = typeof value === 'string' ? value : '';
  const gone = name !== '' && files.every((file) => file.name !== name);
  return (
    <Select
      label={field.label}
      description={
        files.length === 0
          ? 'There is no other file in this session. Drop one onto this page.'
          : field.description
      }
      placeholder="Choose a file"
      data={files.map((file) => file.name)}
      value={gone || name === '' ? null : name}
      error={gone ? `The recipe calls it “${name}”. Choose which file of this session that is.` : undefined}
      searchable
      limit={100}
      allowDeselect={false}
      nothingFoundMessage="No file has that in its name"
      onChange={onChange}
    />
  );
}

function WaysField({
  field,
  value,
  onChange,
}: {
  readonly field: FieldOf<'ways'>;
  readonly value: Values;
  readonly onChange: (value: unknown) => void;
}) {
  const way = field.ways.find(({ kind }) => kind === value['kind']);
  return (
    <>
      <Select
        label={field.label}
        data={field.ways.map(({ kind, label }) => ({ value: kind, label }))}
        value={way?.kind ?? null}
        allowDeselect={false}
        onChange={(kind) => onChange({ kind, ...field.ways.find((one) => one.kind === kind)?.blank })}
      />
      {way?.fields !== undefined && (
        <Fields key={way.kind} fields={way.fields} values={value} onChange={(next) => onChange(next)} />
      )}
    </>
  );
}

function ListField({
  field,
  value,
  onChange,
}: {
  readonly field: FieldOf<'list'>;
  readonly value: readonly Values[];
  readonly onChange: (value: unknown) => void;
}) {
  return (
    <fieldset className="field-list">
      <legend>{field.label}</legend>
      {value.map((item, index) => (
        // Items have no names of their own; their place is what they are known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="field-item" key={index} role="group" aria-label={`${field.label} ${index + 1}`}>
          <div className="field-item-fields">
            <Fields
              fields={field.item}
              values={item}
              onChange={(next) => onChange(value.with(index, next))}
            />
          </div>
          {value.length > 1 && (
            <ActionIcon
              size={24}
              aria-label={`Take ${index + 1} away`}
              onClick={() => onChange(value.toSpliced(index, 1))}
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
          onClick={() => onChange([...value, field.blank])}
        >
          {field.add}
        </Button>
      </div>
    </fieldset>
  );
}
