import type { Column, ColumnType } from '#shared/domain';
import type { NumberFacts } from '../types/index.ts';
import { assertNever } from '#shared/lib';
import type { ValueType } from './tree.ts';

/** A column of the file with the type its whole content allows. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly note?: string | null;
  readonly numbers: NumberFacts | null;
}

/** A column as it is between two steps. */
export interface SchemaColumn {
  readonly name: string;
  readonly type: ValueType;
  /** How its text can be read without loss, while it still is the text of the file; how it was read, once it was. */
  readonly reading: Omit<TypedColumn, 'name'> | null;
  /** Set where only the data can tell the type. */
  readonly unsure?: true;
}

/** What is known of a table between two steps. */
export interface Schema {
  readonly columns: readonly SchemaColumn[];
  /** Whether there may be columns that only the data can tell. */
  readonly open: boolean;
  /** Whether the recipe asked for real types, so that files that come in later get them too. */
  readonly typed: boolean;
  /** The column that tells training rows, once the table was split. */
  readonly split: string | null;
}

export function sourceSchema(columns: readonly TypedColumn[]): Schema {
  return {
    columns: columns.map(({ name, ...reading }) => ({ name, type: 'text', reading })),
    open: false,
    typed: false,
    split: null,
  };
}

export const isNumber = (type: ValueType): boolean => type === 'integer' || type === 'decimal';

/** What a type is called in a sentence. */
export function inWords(type: ValueType): string {
  switch (type) {
    case 'text':
      return 'text';
    case 'integer':
      return 'a whole number';
    case 'decimal':
      return 'a number';
    case 'boolean':
      return 'yes or no';
    case 'date':
      return 'a date';
    case 'timestamp':
      return 'a date with a time';
    default:
      return assertNever(type);
  }
}

/** @returns the column as results describe it */
export function describeColumn({ name, type, reading }: SchemaColumn): Column {
  if (reading !== null && reading.type.kind === type && type !== 'text')
    return { name, type: reading.type, note: reading.note ?? null };
  return { name, type: plainType(type), note: null };
}

/** @returns the type as values are written by an engine */
export function plainType(type: ValueType): ColumnType {
  switch (type) {
    case 'text':
      return { kind: 'text' };
    case 'integer':
      return { kind: 'integer', thousands: null };
    case 'decimal':
      return { kind: 'decimal', point: '.', thousands: null };
    case 'boolean':
      return { kind: 'boolean', yes: ['true'], no: ['false'] };
    case 'date':
      return { kind: 'date', formats: ['%Y-%m-%d'] };
    case 'timestamp':
      return { kind: 'timestamp', formats: ['%Y-%m-%d %H:%M:%S'] };
    default:
      return assertNever(type);
  }
}

/** Names of columns are told apart as tables stores do: upper and lower case make no difference. */
export const folded = (name: string): string => name.toLowerCase();

/** @returns the name that is most like one that is not there, or '' */
export function nearest(wanted: string, names: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(wanted.length / 2));
  for (const name of names) {
    const distance = editDistance(folded(wanted).trim(), folded(name).trim(), least);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Levenshtein's, as far as it is under a limit. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 200) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit;
}
