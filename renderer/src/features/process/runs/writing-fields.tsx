import { Button, Checkbox, Popover, Select } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { csvDialect, type CsvStyle } from '#shared/domain';
import { FORMAT_WORDS } from '#renderer/components';
import { CSV_WORDS, csvWords, FORMATS, type Writing } from './writing.ts';

interface Props {
  readonly writing: Writing;
  readonly onChange: (writing: Writing) => void;
}

/** The formats to write, and how CSV is written. */
export function WritingFields({ writing, onChange }: Props) {
  const { formats } = writing;
  return (
    <div className="writing">
      <fieldset className="formats">
        <legend>Write</legend>
        {FORMATS.map((format) => (
          <Checkbox
            key={format}
            label={FORMAT_WORDS[format]}
            checked={formats.includes(format)}
            onChange={() =>
              onChange({
                ...writing,
                formats: FORMATS.filter((one) => (one === format) !== formats.includes(one)),
              })
            }
          />
        ))}
      </fieldset>
      {formats.includes('csv') && <CsvOptions writing={writing} onChange={onChange} />}
    </div>
  );
}

function CsvOptions({ writing, onChange }: Props) {
  const { options } = writing;
  const { csv } = options;
  const change = (next: Partial<CsvStyle>) =>
    onChange({ ...writing, options: { ...options, csv: { ...csv, ...next } } });
  return (
    <Popover position="top-start" width={340} trapFocus>
      <Popover.Target>
        <Button variant="subtle" size="compact-xs" rightSection={<IconChevronDown size={14} />}>
          CSV is written {csvWords(csv)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="csv-options" aria-label="How CSV is written">
        <Select
          label="CSV is written"
          data={csvDialect.options.map((value) => ({ value, label: CSV_WORDS[value] }))}
          value={csv.dialect}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(dialect) => dialect !== null && change({ dialect })}
        />
        <Checkbox
          label="Safe for spreadsheets"
          description="A text that a spreadsheet would run as a formula (it begins with =, +, - or @) gets a ' before it. Numbers and dates never do. How many were changed is said with the result."
          checked={csv.safe}
          onChange={() => change({ safe: !csv.safe })}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
