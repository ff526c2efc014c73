import { open } from 'node:fs/promises';
import { ENCODING_NAMES, type Reading, type TableFormat, type TableWarning } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { formatCount } from '#shared/lib';
import { columnNames } from '../../detect/index.ts';
import { sourceError, type Content } from '../../load/index.ts';
import { bytesInFile, createTranscoder, guessEncoding } from '../../text/index.ts';
import type { JsonRewriting, JsonTable, Origin, RewriteOptions } from '../table.ts';
import { ColumnEvidence, RowWriter, type TypedCell } from '../typed/index.ts';
import { JsonReader } from './reader.ts';
import { findShape, type FoundShape } from './shape.ts';

/** So much is looked at when a file is opened; smaller ones wholly. */
const HEAD = 8 << 20;
const CHUNK = 1 << 20;
const SHOWN = 50;
const LONGEST_RECORD = 32 << 20;
const NO_HABITS = { commaIsPoint: false, dateOrder: null } as const;

interface Look {
  readonly reader: JsonReader;
  readonly evidence: readonly ColumnEvidence[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** What is learnt of the columns while records go by. */
class Learner {
  readonly evidence: ColumnEvidence[] = [];
  readonly rows: (string | null)[][] = [];

  readonly row = (cells: readonly (TypedCell | null)[]): void => {
    for (const [index, cell] of cells.entries()) {
      const evidence = (this.evidence[index] ??= new ColumnEvidence());
      if (cell !== null && cell !== undefined) evidence.add(cell);
    }
    if (this.rows.length < SHOWN) this.rows.push(Array.from(cells, (cell) => cell?.text ?? null));
  };
}

/** Throws SOURCE_*, FILE_DAMAGED where nothing of it can be read. */
export async function openJson(origin: Origin, content: Content, asked: Reading): Promise<JsonTable> {
  const head = await readHead(content);
  const whole = content.whole && head.length >= content.size;
  const guess = guessEncoding([head]);
  const encoding = asked.encoding ?? guess.encoding;
  const encodingGuessed = asked.encoding === null && guess.guessed;
  const text = createTranscoder(encoding).push(head, whole);
  const found = findShape(text, whole);
  const learner = new Learner();
  const reader = new JsonReader(found, encoding, learner.row);
  reader.skip(text.subarray(0, found.start));
  const read = reader.read(text.subarray(found.start), whole) + found.start;
  if (reader.counts.rows === 0 && reader.counts.rejected > 0 && whole) {
    const [first] = reader.rejects;
    const reason = `line ${first?.line ?? 1}: ${first?.reason ?? 'nothing in it is whole'}`;
    throw sluiceError('FILE_DAMAGED', { name: content.name, what: 'JSON', reason });
  }
  if (reader.counts.rows === 0 && !whole) {
    const reason = `its first record is longer than ${HEAD >> 20} MB`;
    throw sluiceError('TABLE_UNREADABLE', { name: content.name, reason });
  }
  const perRow = bytesInFile(text.subarray(found.start, read), encoding) / Math.max(1, reader.counts.rows);
  const base = {
    ...origin,
    kind: 'json' as const,
    content,
    encoding,
    encodingGuessed,
    found,
    habits: NO_HABITS,
    columnsKnown: whole,
    rowsEstimated: whole ? reader.counts.rows : Math.round((content.size - found.start) / perRow),
    rowsExact: whole,
    needsCleaning: 'JSON',
  };
  return {
    ...base,
    ...described({ reader, evidence: learner.evidence, rows: learner.rows }, base, whole),
    whole,
  };
}

/** Columns, first rows, rejects and warnings, as what was looked at shows them. */
function described(
  { reader, evidence, rows }: Look,
  file: JsonFile,
  whole: boolean,
): Pick<JsonTable, 'columns' | 'cells' | 'rows' | 'rejects' | 'warnings' | 'keys'> {
  const keys = [...reader.columns.keys()];
  const asked = keys.map((key) => (typeof key === 'number' ? '' : key === '' ? 'value' : key));
  const { names, changed } = columnNames([asked], Math.max(1, keys.length));
  const settled = names.map((name, index) => (evidence[index] ?? new ColumnEvidence()).settle(name));
  const warnings = settled.flatMap(({ warning }) => (warning === null ? [] : [warning]));
  return {
    keys,
    columns: settled.map(({ column }) => column),
    cells: names.map((_, index) => evidence[index]?.cells ?? []),
    rows: rows.map((row) => names.map((_, index) => row[index] ?? null)),
    rejects: reader.rejects,
    warnings: [...encodingWarnings(file), ...jsonWarnings(reader, file.found, changed, whole), ...warnings],
  };
}

type JsonFile = Pick<JsonTable, 'found' | 'encoding' | 'encodingGuessed'>;

function encodingWarnings({ encoding, encodingGuessed }: JsonFile): TableWarning[] {
  if (!encodingGuessed) return [];
  const sentence =
    encoding === 'utf-8'
      ? 'Most of the file is UTF-8; lines that are not were read in the encoding they are likeliest in. Check names with accents.'
      : `JSON is to be UTF-8, which this is not; it was read as ${ENCODING_NAMES[encoding]}. Check names with accents.`;
  return [{ code: 'encoding-guessed', sentence, count: null }];
}

function jsonWarnings(
  { counts, ended, columns }: JsonReader,
  { shape, others }: FoundShape,
  changed: readonly string[],
  whole: boolean,
): TableWarning[] {
  const warnings: TableWarning[] = [];
  const some = whole ? '' : ' of those looked at';
  const exact = (count: number): number | null => (whole ? count : null);
  if (others.length > 0) {
    const named = `${others.slice(0, 5).join(', ')}${others.length > 5 ? ' and so on' : ''}`;
    warnings.push({
      code: 'other-content',
      sentence: `The rows are those of ${shape.member ?? ''}; what else the object holds (${named}) is no part of the table.`,
      count: null,
    });
  }
  if (whole && shape.kind !== 'lines' && !ended) {
    warnings.push({
      code: 'cut-short',
      sentence: 'The file ends before its list does; what was complete was read.',
      count: null,
    });
  }
  if (counts.rejected > 0) {
    warnings.push({
      code: 'broken-records',
      sentence: `${formatCount(counts.rejected)} record${counts.rejected === 1 ? '' : 's'}${some} could not be read and stand${counts.rejected === 1 ? 's' : ''} among the rejected rows.`,
      count: exact(counts.rejected),
    });
  }
  if (counts.repeated > 0) {
    warnings.push({
      code: 'repeated-keys',
      sentence: `In ${formatCount(counts.repeated)} record${counts.repeated === 1 ? '' : 's'}${some} a name stands twice; its last value was taken.`,
      count: exact(counts.repeated),
    });
  }
  const named = [...columns.keys()].some((key) => typeof key === 'string' && key !== '');
  if (changed.length > 0 && named) {
    warnings.push({
      code: 'duplicate-names',
      sentence: `Names that differ in upper and lower case only, or are empty, are called ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ' and so on' : ''}.`,
      count: changed.length,
    });
  }
  if (counts.rows === 0 && whole && counts.rejected === 0)
    warnings.push({ code: 'header-only', sentence: 'There are no records in the file.', count: 0 });
  return warnings;
}

export function jsonFormat({ found }: JsonTable): TableFormat {
  return { kind: 'json', shape: found.shape.kind, member: found.shape.member };
}

/**
 * Rewrites the records as rows. Where a name first comes late, all are written once more, so that every row has all
 * columns. Memory is a few chunks, or the longest record.
 */
export async function rewriteJson(
  table: JsonTable,
  target: string,
  options: RewriteOptions,
): Promise<JsonRewriting> {
  const known = new Map(table.keys.map((key, index) => [key, index]));
  let made = await writeRows(table, target, options, known);
  if (made.look.reader.columns.size > known.size)
    made = await writeRows(table, target, options, made.look.reader.columns);
  const { look, longestRow } = made;
  const seen = described(look, table, true);
  const { counts, rejects } = look.reader;
  return {
    kind: 'json',
    path: target,
    delimiter: ',',
    longestRow,
    counts,
    rejects,
    table: {
      ...table,
      ...seen,
      rowsEstimated: counts.rows,
      rowsExact: true,
      columnsKnown: true,
      whole: true,
    },
  };
}

async function writeRows(
  table: JsonTable,
  target: string,
  { signal, onProgress }: RewriteOptions,
  known: ReadonlyMap<string | number, number>,
): Promise<{ look: Look; longestRow: number }> {
  const writer = await RowWriter.create(target);
  try {
    const learner = new Learner();
    const reader = new JsonReader(table.found, table.encoding, (cells) => {
      learner.row(cells);
      writer.row(
        cells.map((cell) => cell?.text ?? null),
        Math.max(1, known.size),
      );
    });
    for (const [key, index] of known) reader.columns.set(key, index);
    await eachChunk(
      table,
      signal,
      async (text, final, position) => {
        const read = reader.read(text, final);
        if (writer.isFull) await writer.flush();
        onProgress?.(position, table.content.size);
        return reader.ended ? null : read;
      },
      (text) => reader.skip(text),
    );
    await writer.finish();
    return {
      look: { reader, evidence: learner.evidence, rows: learner.rows },
      longestRow: writer.longestRow * 3,
    };
  } catch (error) {
    await writer.discard();
    if (signal.aborted) throw sluiceError('CANCELLED', {}, error);
    throw isSluiceError(error) ? error : sourceError(error, table.path);
  }
}

/** Gives a file from its records on as UTF-8, with what was left of the last piece at the beginning of the next. */
async function eachChunk(
  { content, encoding, found, name }: JsonTable,
  signal: AbortSignal,
  take: (text: Buffer, final: boolean, position: number) => Promise<number | null>,
  skipped: (text: Buffer) => void,
): Promise<void> {
  const handle = await open(content.path, 'r');
  try {
    const transcoder = createTranscoder(encoding);
    let skip = found.start;
    let rest: Buffer = Buffer.alloc(0);
    let position = 0;
    for (let final = false; !final;) {
      signal.throwIfAborted();
      const chunk = Buffer.allocUnsafe(Math.max(CHUNK, rest.length));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      final = bytesRead === 0 || position >= content.size;
      let fresh = transcoder.push(chunk.subarray(0, bytesRead), final);
      if (skip > 0) {
        const above = fresh.subarray(0, skip);
        skipped(above);
        skip -= above.length;
        fresh = fresh.subarray(above.length);
      }
      const text = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      const read = await take(text, final, position);
      if (read === null) return;
      rest = Buffer.from(text.subarray(read));
      if (rest.length > LONGEST_RECORD) {
        throw sluiceError('TABLE_ROW_TOO_LONG', { name, limitMb: LONGEST_RECORD >> 20 });
      }
    }
  } finally {
    await handle.close();
  }
}

async function readHead(content: Content): Promise<Buffer> {
  const handle = await open(content.path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.allocUnsafe(Math.min(size, HEAD));
    let read = 0;
    while (read < head.length) {
      const { bytesRead } = await handle.read(head, read, head.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return head.subarray(0, read);
  } catch (error) {
    throw sourceError(error, content.path);
  } finally {
    await handle.close();
  }
}
