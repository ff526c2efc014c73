import {
  Button,
  type ComboboxLikeRenderOptionInput,
  type ComboboxItem,
  MultiSelect,
  Select,
} from '@mantine/core';
import { useMemo } from 'react';
import type { FieldOf } from '../steps/index.ts';
import { TYPE_WORDS, useAround } from './around.ts';
import { columnOptions } from './column-options.ts';

/** More would make the list slow; the others are found by writing part of the name. */
const OFFERED = 200;
const NOTHING = 'No column has that in its name';

function useOptions(accepts: 'any' | 'text' | 'number') {
  const { columns } = useAround();
  return useMemo(() => columnOptions(columns ?? [], accepts), [columns, accepts]);
}

/** The name of a column with its type beside it. */
function useRenderOption() {
  const { columns } = useAround();
  return useMemo(() => {
    const types = new Map((columns ?? []).map(({ name, type }) => [name, type]));
    return ({ option }: ComboboxLikeRenderOptionInput<ComboboxItem>) => (
      <span className="column-option">
        <span className="cut">{option.label}</span>
        <span className="dim">{TYPE_WORDS[types.get(option.value) ?? '']}</span>
      </span>
    );
  }, [columns]);
}

interface Props<F, V> {
  readonly field: F;
  readonly value: V;
  readonly onChange: (value: V) => void;
}

export function ColumnsField({
  field,
  value,
  onChange,
}: Props<FieldOf<'columns'>, readonly string[] | undefined>) {
  const { columns } = useAround();
  const { data, fitting, hint } = useOptions(field.accepts ?? 'any');
  const renderOption = useRenderOption();
  const chosen = value ?? [];
  const missing = columns === null ? [] : chosen.filter((name) => columns.every((one) => one.name !== name));
  const write = (names: readonly string[]) =>
    onChange(names.length === 0 && field.none !== undefined && field.emptyList !== true ? undefined : names);
  return (
    <div className="field-columns">
      <MultiSelect
        size="xs"
        label={field.label}
        description={field.description ?? hint ?? undefined}
        placeholder={chosen.length > 0 ? undefined : (field.none ?? 'Choose columns')}
        data={data}
        value={[...chosen]}
        onChange={write}
        error={missing.length > 0 ? `Not there at this step: ${missing.join(', ')}` : undefined}
        renderOption={renderOption}
        searchable
        hidePickedOptions
        clearable
        limit={OFFERED}
        nothingFoundMessage={NOTHING}
        comboboxProps={{ transitionProps: { duration: 100 } }}
      />
      {fitting.length > 1 && chosen.length < fitting.length && (
        <Button className="field-all" variant="subtle" size="compact-xs" onClick={() => write(fitting)}>
          All {fitting.length}
          {field.accepts === undefined ? '' : field.accepts === 'text' ? ' of text' : ' of numbers'}
        </Button>
      )}
    </div>
  );
}

export function ColumnField({ field, value, onChange }: Props<FieldOf<'column'>, string | null>) {
  const { columns, otherColumns } = useAround();
  const here = useOptions(field.accepts ?? 'any');
  const renderOption = useRenderOption();
  const other = field.ofOther === true;
  const names = other ? otherColumns : (columns?.map(({ name }) => name) ?? null);
  const gone = value !== null && value !== '' && names !== null && !names.includes(value);
  return (
    <Select
      label={field.label}
      description={field.description ?? (other ? undefined : (here.hint ?? undefined))}
      placeholder={
        other && otherColumns === null ? 'Choose the other file first' : (field.none ?? 'Choose a column')
      }
      data={[
        ...(other ? [...new Set(otherColumns ?? [])].filter((name) => name !== '') : here.data),
        // What is not there is still shown.
        ...(gone ? [value] : []),
      ]}
      value={value === '' ? null : value}
      onChange={(name) => onChange(name ?? (field.none === undefined ? '' : null))}
      error={gone ? 'Not there at this step' : undefined}
      {...(other ? {} : { renderOption })}
      searchable
      clearable={field.none !== undefined}
      allowDeselect={false}
      limit={OFFERED}
      nothingFoundMessage={NOTHING}
    />
  );
}
