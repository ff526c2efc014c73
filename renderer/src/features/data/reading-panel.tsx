import { Button, NumberInput, Select } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import {
  ENCODING_NAMES,
  encodingName,
  type EncodingName,
  type Reading,
  type TablePreview,
} from '#shared/domain';
import { DELIMITERS, shortEncoding } from './type-words.tsx';

/** What of a reading can be changed. */
export type ReadingPart = keyof Reading;

interface Props {
  /** How the file was found to be, or is read now. */
  readonly table: TablePreview;
  readonly reading: Reading;
  /** What the person came to change; it takes the focus. */
  readonly part: ReadingPart | null;
  readonly onChange: (reading: Reading) => void;
}

const FOUND = '';
/** Letters of a line that show how an encoding reads it. */
const SAMPLE = 40;
const QUOTES = [
  { value: '"', label: '" double' },
  { value: "'", label: "' single" },
  { value: '`', label: '` back tick' },
  { value: 'none', label: 'none' },
];

/** How the file is read, each part with what was found; a change is shown before it is kept. */
export function ReadingPanel({ table, reading, part, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (part !== null) box.current?.querySelector<HTMLElement>(`[data-part="${part}"] input`)?.focus();
  }, [part]);
  const set = (change: Partial<Reading>) => onChange({ ...reading, ...change });
  const { format, container } = table;
  return (
    <div ref={box} className="reading" role="group" aria-label="How the file is read">
      {container?.kind === 'zip' && (
        <Choice
          part="entry"
          label="File in the archive"
          value={reading.entry}
          found={container.entry}
          options={container.entries.map(({ name }) => ({ value: name, label: name }))}
          onChange={(entry) => set({ entry, sheet: null })}
        />
      )}
      {format.kind === 'workbook' && (
        <Choice
          part="sheet"
          label="Sheet"
          value={reading.sheet}
          found={format.sheet}
          options={format.sheets.map(({ name, hidden }) => ({
            value: name,
            label: hidden ? `${name} (hidden)` : name,
          }))}
          onChange={(sheet) => set({ sheet })}
        />
      )}
      {format.kind === 'delimited' && (
        <>
          <Choice
            part="encoding"
            label="Encoding"
            value={reading.encoding}
            found={shortEncoding(format.dialect.encoding)}
            options={encodingsOf(format.encodings ?? [])}
            onChange={(value) => set({ encoding: encodingName.safeParse(value).data ?? null })}
            wide
          />
          <Delimiter
            value={reading.delimiter}
            found={format.dialect.delimiter}
            onChange={(delimiter) => set({ delimiter })}
          />
          <Choice
            part="quote"
            label="Quotes"
            value={reading.quote}
            found={format.dialect.quote ?? 'none'}
            options={QUOTES}
            onChange={(value) =>
              set({ quote: (['"', "'", '`', 'none'] as const).find((one) => one === value) ?? null })
            }
          />
          <Count
            part="skipLines"
            label="Lines left out"
            value={reading.skipLines}
            found={format.dialect.preambleLines}
            most={100_000}
            onChange={(skipLines) => set({ skipLines })}
          />
        </>
      )}
      {(format.kind === 'delimited' || format.kind === 'workbook') && (
        <Count
          part="headerRows"
          label="Header rows"
          value={reading.headerRows}
          found={format.kind === 'delimited' && !format.dialect.hasHeader ? 0 : 1}
          most={20}
          onChange={(headerRows) => set({ headerRows })}
        />
      )}
      {format.kind === 'delimited' && (
        <Choice
          part="dayFirst"
          label="01/02/2024 is"
          value={reading.dayFirst === null ? null : reading.dayFirst ? 'day' : 'month'}
          found={null}
          options={[
            { value: 'day', label: '1 February: day first' },
            { value: 'month', label: 'January 2: month first' },
          ]}
          onChange={(value) => set({ dayFirst: value === null ? null : value === 'day' })}
        />
      )}
    </div>
  );
}

/** The likely ones first, each with how it reads a line of the file. */
function encodingsOf(likely: readonly { readonly name: EncodingName; readonly sample: string }[]) {
  const first = likely.map(({ name, sample }) => ({
    value: name,
    label: `${ENCODING_NAMES[name]}: ${sample.trim().slice(0, SAMPLE)}`,
  }));
  const others = encodingName.options.filter((name) => !likely.some((one) => one.name === name));
  return [...first, ...others.map((value) => ({ value, label: ENCODING_NAMES[value] }))];
}

interface ChoiceProps {
  readonly part: ReadingPart;
  readonly label: string;
  /** Null: as it is found. */
  readonly value: string | null;
  /** Null where it is told column by column. */
  readonly found: string | null;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | null) => void;
  readonly wide?: boolean;
}

function Choice({ part, label, value, found, options, onChange, wide = false }: ChoiceProps) {
  const asFound = found === null ? 'as the file tells' : value === null ? `${found} (found)` : 'as found';
  return (
    <Select
      className={wide ? 'reading-wide' : 'reading-part'}
      wrapperProps={{ 'data-part': part }}
      comboboxProps={{ width: wide ? 400 : 'target', position: 'bottom-start' }}
      label={label}
      data={[{ value: FOUND, label: asFound }, ...options]}
      value={value ?? FOUND}
      searchable={options.length > 8}
      allowDeselect={false}
      onChange={(next) => onChange(next === FOUND ? null : next)}
    />
  );
}

const KNOWN_DELIMITERS = Object.entries(DELIMITERS).map(([value, label]) => ({ value, label }));

function Delimiter({
  value,
  found,
  onChange,
}: {
  readonly value: string | null;
  readonly found: string;
  readonly onChange: (value: string | null) => void;
}) {
  const [typed, setTyped] = useState('');
  const known = [...KNOWN_DELIMITERS];
  for (const one of [value, typed.trim()]) {
    if (one === null || one === '' || one.length > 16 || known.some((other) => other.value === one)) continue;
    if (!known.some(({ label }) => label.startsWith(one))) known.push({ value: one, label: `“${one}”` });
  }
  return (
    <Select
      className="reading-part"
      wrapperProps={{ 'data-part': 'delimiter' }}
      label="Cut by"
      data={[
        {
          value: FOUND,
          label: value === null ? `${DELIMITERS[found] ?? `“${found}”`} (found)` : 'as found',
        },
        ...known,
      ]}
      value={value ?? FOUND}
      searchable
      allowDeselect={false}
      nothingFoundMessage="Write the sign itself"
      onSearchChange={setTyped}
      onChange={(next) => onChange(next === FOUND ? null : next)}
    />
  );
}

interface CountProps {
  readonly part: ReadingPart;
  readonly label: string;
  readonly value: number | null;
  readonly found: number;
  readonly most: number;
  readonly onChange: (value: number | null) => void;
}

function Count({ part, label, value, found, most, onChange }: CountProps) {
  return (
    <div className="reading-count">
      <NumberInput
        size="xs"
        wrapperProps={{ 'data-part': part }}
        label={label}
        min={0}
        max={most}
        clampBehavior="strict"
        allowDecimal={false}
        value={value ?? found}
        onChange={(next) => {
          if (typeof next === 'number' && next !== (value ?? found)) onChange(next);
        }}
      />
      {value !== null && (
        <Button variant="subtle" size="compact-xs" onClick={() => onChange(null)}>
          as found
        </Button>
      )}
    </div>
  );
}
