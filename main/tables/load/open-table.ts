import type { Column, Reading, RejectedRow, TableWarning } from '#shared/domain';
import { detectTable, type Detected, type TextSample } from '../detect/index.ts';
import { bytesInFile, type RowCutter } from '../text/index.ts';
import { dateOrderOf, habitsOf, inferColumn, type Habits } from '../types/index.ts';
import { sampleSource, type Content, type Identity, type SourceSample } from './source.ts';
import { narrowed } from './narrow.ts';
import { rowStart, shapeOf } from './shape.ts';
import { TableReader } from './table-reader.ts';
import type { Reject, RowSink, TableShape } from './table-shape.ts';
import { columnWarnings, layoutWarnings } from './warnings.ts';
import { assertWidth } from './width.ts';

/** A file of which the beginning, a piece of the middle and the end were read: how it is a table, and its first rows. */
export interface OpenTable {
  readonly path: string;
  readonly name: string;
  readonly identity: Identity;
  readonly sample: SourceSample;
  readonly detected: Detected;
  readonly shape: TableShape;
  readonly habits: Habits;
  /** Values of each column in the sample, for its type. */
  readonly cells: readonly (readonly string[])[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rejects: readonly RejectedRow[];
  readonly rowsEstimated: number;
  /** Why DuckDB cannot read the file where it is; null where it can. */
  readonly needsCleaning: string | null;
  readonly warnings: readonly TableWarning[];
}

const SHOWN = 50;
const HEAD_ROWS = 1500;
const PART_ROWS = 500;

/** Keeps the first rows as they are shown, and the text of all as what types are told by. */
class SampleSink implements RowSink {
  readonly rows: (string | null)[][] = [];
  readonly columns: string[][];
  readonly rejects: Reject[] = [];
  irregular = 0;
  readonly #width: number;
  readonly #shown: number;

  constructor(width: number, shown: number) {
    this.#width = width;
    this.#shown = shown;
    this.columns = Array.from({ length: width }, () => []);
  }

  row(cutter: RowCutter): void {
    if (!cutter.regular) this.irregular += 1;
    this.cells(cutter.cells());
  }

  cells(values: readonly string[]): void {
    for (let index = 0; index < this.#width; index += 1) {
      const cell = values[index];
      if (cell !== undefined) this.columns[index]?.push(cell);
    }
    if (this.rows.length < this.#shown) {
      this.rows.push(Array.from({ length: this.#width }, (_, index) => values[index] ?? null));
    }
  }

  reject(reject: Reject): void {
    this.rejects.push(reject);
  }
}

/** Detects how a file is a table, from its beginning, middle and end. Throws SOURCE_* and TABLE_*. */
export async function openTable(
  content: Content,
  asked: Reading,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<OpenTable> {
  const sample = await sampleSource(content, asked.encoding);
  const { text, encoding } = sample;
  const found = largestTable(sample.name, text, asked);
  const narrow = narrowed(found, text.head);
  const detected = narrow?.detected ?? found;
  const shape = shapeOf(detected, text.head, narrow?.rows);

  const sink = new SampleSink(detected.width, SHOWN);
  const reader = new TableReader(shape, sink, (at) =>
    bytesInFile(text.head.subarray(0, at), encoding.encoding),
  );
  const read = reader.read(text.head, detected.dataStart, text.whole, text.whole ? undefined : HEAD_ROWS);
  if (text.whole) reader.end();
  const headRows = reader.counts.rows;
  const parts = text.parts.map((part, index) =>
    readPart(part, content.whole && index === text.parts.length - 1, shape, sink),
  );

  const habits = habitsOf(
    detected.names.map((name, index) => ({ name, cells: sink.columns[index] ?? [] })),
    assumedOrder(asked, environment),
  );
  const inferred = detected.names.map((name, index) => inferColumn(name, sink.columns[index] ?? [], habits));
  const columns = detected.names.map((name, index): Column => ({
    name,
    type: inferred[index]?.type ?? { kind: 'text' },
    note: inferred[index]?.note ?? null,
  }));
  const rowsEstimated = text.whole ? headRows : estimate(sample, detected, read, headRows);
  return {
    path: content.path,
    name: sample.name,
    identity: sample.identity,
    sample,
    detected,
    shape,
    habits,
    cells: sink.columns,
    columns,
    rows: sink.rows,
    rejects: sink.rejects.map((reject) => rejectedRow(reject, detected.linesAbove)),
    rowsEstimated,
    needsCleaning: whyClean(sample, detected, [reader, ...parts], sink.irregular),
    warnings: [
      ...layoutWarnings({ sample, detected, counts: reader.counts, rows: headRows, whole: text.whole }),
      ...columnWarnings(
        detected.names.filter((_, index) => inferred[index]?.ambiguousDates === true),
        habits.assumed?.order ?? 'dmy',
      ),
    ],
  };
}

export function rejectedRow(reject: Reject, linesAbove: number): RejectedRow {
  return {
    line: linesAbove + reject.line + 1,
    byte: reject.byte,
    column: null,
    reason: reject.reason,
    raw: reject.raw,
  };
}

/** How 01/02/2024 is meant where the file leaves doubt: as a person says, else as the locale has it. */
function assumedOrder(
  { dayFirst }: Reading,
  environment: Readonly<Record<string, string | undefined>>,
): NonNullable<Habits['assumed']> | null {
  if (dayFirst !== null) return { order: dayFirst ? 'dmy' : 'mdy', by: 'person' };
  const order = dateOrderOf(environment);
  return order === null ? null : { order, by: 'locale' };
}

/** Of several tables in a file the one with the most rows in its beginning. */
function largestTable(name: string, text: TextSample, asked: Reading): Detected {
  const detected = detectTable(text, asked);
  assertWidth(name, detected.width);
  if (asked.skipLines !== null) return detected;
  const shape = shapeOf(detected, text.head);
  const reader = new TableReader(shape, new SampleSink(shape.width, 0), (at) => at);
  reader.read(text.head, detected.dataStart, text.whole, HEAD_ROWS);
  const { foreign, foreignFrom, rows } = reader.counts;
  if (foreignFrom === null || foreign - 1 <= rows) return detected;
  return detectTable(text, { ...asked, skipLines: detected.linesAbove + foreignFrom });
}

function readPart(part: Buffer, isEnd: boolean, shape: TableShape, sink: SampleSink): TableReader {
  // A piece may begin inside a quoted cell: rows that do not fit are no evidence, and are not shown as rejected.
  const evidence: RowSink = {
    row: (cutter) => {
      if (cutter.count === shape.width) sink.row(cutter);
    },
    cells: () => undefined,
    reject: () => undefined,
  };
  const reader = new TableReader(shape, evidence, (at) => at);
  reader.read(part, rowStart(part, shape), isEnd, isEnd ? undefined : PART_ROWS);
  if (isEnd) reader.end();
  return reader;
}

function estimate(sample: SourceSample, detected: Detected, read: number, rows: number): number {
  if (rows === 0) return 0;
  const { head } = sample.text;
  const perRow = bytesInFile(head.subarray(detected.dataStart, read), sample.encoding.encoding) / rows;
  return Math.max(rows, Math.round((sample.content.size - detected.dataStart) / perRow));
}

function whyClean(
  { encoding }: SourceSample,
  detected: Detected,
  readers: readonly TableReader[],
  irregular: number,
): string | null {
  const { cut } = detected;
  if (readers.every(({ counts }) => counts.rows === 0)) return 'no rows';
  if (encoding.encoding !== 'utf-8' || encoding.guessed) return 'encoding';
  if (detected.width === 1 || Buffer.byteLength(cut.delimiter) !== 1 || cut.collapse) return 'delimiter';
  if (cut.trim === true || cut.framed !== undefined || cut.fixed !== undefined) return 'aligned cells';
  if (cut.escape !== null) return 'escape';
  if (cut.edge !== undefined || cut.nested === true || cut.wrapped === true) return 'quotes of another kind';
  if (detected.linesUncertain) return 'quoted line ends above the data';
  if (irregular > 0) return 'irregular quotes or signs';
  let kinds = 0;
  const sum = { lf: 0, crlf: 0, cr: 0 };
  for (const { counts } of readers) {
    if (counts.short + counts.rejected + counts.repaired + counts.dropped + counts.fitted > 0)
      return 'ragged rows';
    sum.lf += counts.lf;
    sum.crlf += counts.crlf;
    sum.cr += counts.cr;
  }
  for (const count of Object.values(sum)) if (count > 0) kinds += 1;
  if (kinds > 1 || detected.newline === 'mixed') return 'mixed line ends';
  return null;
}
