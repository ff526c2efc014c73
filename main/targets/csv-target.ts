import { extname } from 'node:path';
import { sluiceError } from '#shared/errors';
import { CsvReader, type CsvCut, type Record } from './csv-read.ts';
import type { TargetDialect } from './csv-write.ts';

/** What a target says of itself in its first line. */
export interface TargetHead {
  readonly dialect: TargetDialect;
  /** Null: it has no rows yet, not even a header. */
  readonly columns: readonly string[] | null;
  /** No text at all, though perhaps a byte order mark. */
  readonly blank: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const QUOTES = ['"', "'"] as const;

/**
 * @param head the first bytes of the target, or all of it
 * @param whole whether it is all of it
 * @param names of the columns that will be added; they tell the delimiter where more than one would do
 */
export function readHead(
  path: string,
  head: Uint8Array,
  whole: boolean,
  names: readonly string[],
): TargetHead {
  const text = decodeHead(path, head);
  if (text.trim() === '') {
    if (!whole)
      throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'it begins with nothing but spaces' });
    return { dialect: emptyDialect(path, text), columns: null, blank: text === '' };
  }
  const readings = QUOTES.flatMap((quote) =>
    DELIMITERS.flatMap((delimiter) => {
      const first = firstRecord(text, { delimiter, quote }, whole);
      return first === null ? [] : [{ cut: { delimiter, quote }, first, columns: namesOf(first) }];
    }),
  );
  const wanted = readings.find(({ columns }) => sameNames(columns, names));
  // Else the one that cuts it into the most columns; the first of the list where that is a draw.
  const [best] = [...readings].sort((a, b) => b.columns.length - a.columns.length);
  const reading = wanted ?? best;
  if (reading === undefined)
    throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'its first line does not end' });
  return {
    dialect: { ...reading.cut, newline: reading.first.newline ?? '\n' },
    columns: reading.columns,
    blank: false,
  };
}

function decodeHead(path: string, head: Uint8Array): string {
  const [a, b] = head;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'it is UTF-16' });
  }
  if (head.includes(0)) throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'it holds binary data' });
  try {
    // The last sign may be cut in two; the mark that leads is taken off.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch (error) {
    throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'it is not UTF-8' }, error);
  }
}

/** Checks the end of the target, where rows will be added: a file can begin in one encoding and go on in another. */
export function mustEndInUtf8(path: string, tail: Uint8Array): void {
  // The first sign may have been cut in two.
  const start = tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(tail.subarray(Math.max(0, start)));
  } catch (error) {
    throw sluiceError('TARGET_UNSUPPORTED', { path, reason: 'it is not UTF-8' }, error);
  }
}

function emptyDialect(path: string, text: string): TargetDialect {
  const tabs = ['.tsv', '.tab'].includes(extname(path).toLowerCase());
  return { delimiter: tabs ? '\t' : ',', quote: '"', newline: text.includes('\r\n') ? '\r\n' : '\n' };
}

function firstRecord(text: string, cut: CsvCut, whole: boolean): Record | null {
  const reader = new CsvReader(cut);
  const [first] = reader.push(text);
  if (first !== undefined) return first;
  return whole ? (reader.end()[0] ?? null) : null;
}

const namesOf = ({ row }: Record) => row.map(({ text }) => text.trim());

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const left = a.toSorted();
  return b.toSorted().every((name, index) => name === left[index]);
}

/**
 * @param columns those of the target, in its order
 * @param names those of the rows to be added, in theirs
 * @returns for each column of the target, which cell of a row goes there. Throws TARGET_COLUMNS_DIFFER.
 */
export function matchColumns(
  path: string,
  columns: readonly string[],
  names: readonly string[],
): readonly number[] {
  const inPlace = columns.length === names.length && columns.every((name, index) => name === names[index]);
  if (inPlace) return columns.map((_name, index) => index);
  const distinct = new Set(columns).size === columns.length && new Set(names).size === names.length;
  const missing = names.filter((name) => !columns.includes(name));
  const extra = columns.filter((name) => !names.includes(name));
  if (missing.length > 0 || extra.length > 0 || !distinct) {
    throw sluiceError('TARGET_COLUMNS_DIFFER', {
      path,
      missing: list(missing),
      extra: list(distinct ? extra : [...extra, ...repeated([...columns]), ...repeated([...names])]),
    });
  }
  return columns.map((name) => names.indexOf(name));
}

const repeated = (names: readonly string[]) =>
  names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} twice`);

/** At most five by name: a sentence, not a table. */
function list(names: readonly string[]): string {
  const shown = [...new Set(names)].slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
