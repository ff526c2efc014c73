import {
  IconCalendar,
  IconClock,
  IconDecimal,
  IconHash,
  IconLetterCase,
  IconToggleLeft,
} from '@tabler/icons-react';
import {
  ENCODING_NAMES,
  type ColumnType,
  type Dialect,
  type EncodingName,
  type TableFormat,
} from '#shared/domain';
import { assertNever, formatDuration } from '#shared/lib';

const ICONS = {
  text: IconLetterCase,
  integer: IconHash,
  decimal: IconDecimal,
  boolean: IconToggleLeft,
  date: IconCalendar,
  timestamp: IconClock,
} as const;

export const TYPE_WORDS: Readonly<Record<ColumnType['kind'], string>> = {
  text: 'text',
  integer: 'whole number',
  decimal: 'number',
  boolean: 'yes or no',
  date: 'date',
  timestamp: 'date and time',
};

export const isNumeric = ({ kind }: ColumnType): boolean => kind === 'integer' || kind === 'decimal';

export function TypeMark({ type }: { readonly type: ColumnType }) {
  const Icon = ICONS[type.kind];
  return (
    <span className="type-mark dim" title={describeType(type)}>
      <Icon size={14} aria-hidden="true" />
      {TYPE_WORDS[type.kind]}
    </span>
  );
}

/** The last day of a year, by the letters of strptime: no part of it could be taken for another. */
const SIGNS: Readonly<Record<string, string>> = {
  a: 'Thu',
  A: 'Thursday',
  b: 'Dec',
  B: 'December',
  d: '31',
  f: '250',
  g: '250',
  H: '23',
  I: '11',
  m: '12',
  M: '59',
  n: '250',
  p: 'PM',
  S: '58',
  y: '26',
  Y: '2026',
  z: '+01:00',
  Z: 'UTC',
};

/** @param format e.g. `%d/%m/%Y`; @returns how a date looks in it, e.g. `31/12/2026` */
const example = (format: string): string =>
  format.replaceAll(/%-?([A-Za-z])/g, (pattern, letter: string) => SIGNS[letter] ?? pattern);

/** What stands in and around the digits of numbers. */
function around({ thousands, unit }: Extract<ColumnType, { kind: 'integer' | 'decimal' }>): string {
  const parted = thousands === null ? '' : `, thousands by “${thousands}”`;
  return unit === undefined ? parted : `${parted}, in ${unit}`;
}

/** @returns the type with what is special about it, e.g. `number, decimal comma, thousands by "."` */
export function describeType(type: ColumnType): string {
  const word = TYPE_WORDS[type.kind];
  switch (type.kind) {
    case 'text':
      return word;
    case 'integer':
      return `${word}${around(type)}`;
    case 'decimal': {
      const point = type.point === ',' ? ', decimal comma' : '';
      return `${word}${point}${around(type)}`;
    }
    case 'boolean':
      return `${word}: ${type.yes.join(', ')} / ${type.no.join(', ')}`;
    case 'date':
    case 'timestamp':
      return `${word}, written as ${type.formats.map(example).join(' or ')}`;
    default:
      return assertNever(type);
  }
}

export const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
};
/** @returns e.g. `Windows-1252` */
export const shortEncoding = (name: EncodingName): string => ENCODING_NAMES[name].replace(/ \(.*/, '');

const NEWLINES = { lf: 'LF', crlf: 'CRLF', cr: 'CR', mixed: 'mixed line ends' } as const;
/** @returns what a file is as short facts */
export function describeFormat(format: TableFormat): readonly string[] {
  switch (format.kind) {
    case 'delimited':
      return describeDialect(format.dialect);
    case 'workbook':
      return ['workbook', `sheet “${format.sheet}”`];
    case 'json':
      return [format.shape === 'lines' ? 'JSON lines' : 'JSON'];
    case 'parquet':
      return ['Parquet'];
    default:
      return assertNever(format);
  }
}

/** @returns the dialect as short facts, in the order one would ask; lines above the table are told by a warning */
function describeDialect(dialect: Dialect): readonly string[] {
  const { encoding, bom, delimiter, quote, newline, hasHeader } = dialect;
  return [
    `${shortEncoding(encoding)}${bom ? ' with BOM' : ''}`,
    `cut by ${DELIMITERS[delimiter] ?? `“${delimiter}”`}`,
    quote === null ? 'no quotes' : `quoted by ${quote}`,
    NEWLINES[newline],
    hasHeader ? 'with a header' : 'no header',
  ];
}

/** @returns how long something took, e.g. `312 ms`, `4 s` */
export const took = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms / 1000));
