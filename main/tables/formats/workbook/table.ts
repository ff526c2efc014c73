import type { Reading, TableFormat, TableWarning } from '#shared/domain';
import { sluiceError, isSluiceError } from '#shared/errors';
import { formatCount } from '#shared/lib';
import { sourceError, type Content } from '../../load/index.ts';
import type { Origin, RewriteOptions, WorkbookRewriting, WorkbookTable } from '../table.ts';
import { ColumnEvidence, RowWriter, type TypedCell } from '../typed/index.ts';
import { BookArchive, type Book, type SheetPlace } from './book.ts';
import { RowJudge } from './judge.ts';
import { sheetLayout, type SheetLayout } from './layout.ts';
import { SheetReader, type SheetRow } from './sheet-rows.ts';

const HEAD_ROWS = 1500;
const SHOWN = 50;
const MOST_SHEET = 64 * 2 ** 30;
const NO_HABITS = { commaIsPoint: false, dateOrder: null } as const;

interface SheetHead {
  readonly place: SheetPlace;
  readonly rows: readonly SheetRow[];
  readonly reader: SheetReader;
  /** Whether these are all rows. */
  readonly whole: boolean;
  readonly rowsEstimated: number;
}

/** Opens a sheet of a workbook: the one asked for, or the first in sight that holds a table. Throws SHEET_MISSING, FILE_DAMAGED. */
export async function openWorkbook(origin: Origin, content: Content, asked: Reading): Promise<WorkbookTable> {
  const archive = await BookArchive.open(content);
  const book = await archive.book();
  const head = await chooseSheet(archive, book, content.name, asked.sheet);
  const layout = sheetLayout(head.rows, head.reader.merges, asked);
  const { learner, judge } = learn(head, layout);
  const described = describe(learner, judge, head.reader, layout, head.whole);
  const above = head.rows.filter(({ number }) => number < layout.firstRow).length;
  return {
    ...origin,
    ...described,
    kind: 'workbook',
    content,
    book,
    sheet: head.place,
    layout,
    habits: NO_HABITS,
    columnsKnown: true,
    rowsEstimated: head.whole ? judge.counts.rows : Math.max(judge.counts.rows, head.rowsEstimated - above),
    rowsExact: head.whole,
    whole: head.whole,
    needsCleaning: 'workbook',
  };
}

async function chooseSheet(
  archive: BookArchive,
  book: Book,
  name: string,
  asked: string | null,
): Promise<SheetHead> {
  if (asked !== null) {
    const place = book.sheets.find((sheet) => sheet.name === asked);
    if (place === undefined) throw sluiceError('SHEET_MISSING', { name, sheet: asked });
    return readHead(archive, book, place);
  }
  let first: SheetHead | null = null;
  for (const place of book.sheets.filter(({ hidden }) => !hidden)) {
    const head = await readHead(archive, book, place);
    if (head.rows.length === 0) continue;
    first ??= head;
    const widest = Math.max(
      ...head.rows.map(({ cells }) => cells.filter((cell) => (cell ?? null) !== null).length),
    );
    if (head.rows.length > 1 && widest > 1) return head;
  }
  const [any] = book.sheets;
  if (first !== null) return first;
  if (any === undefined)
    throw sluiceError('FILE_DAMAGED', { name, what: 'Excel', reason: 'it has no sheet' });
  return readHead(archive, book, any);
}

/** The rows a sheet begins with, and its merged cells, which stand at its end: what is between is only looked over. */
async function readHead(archive: BookArchive, book: Book, place: SheetPlace): Promise<SheetHead> {
  const rows: SheetRow[] = [];
  const reader = new SheetReader(book, (row) => {
    if (rows.length < HEAD_ROWS) rows.push(row);
    else beyond += 1;
  });
  let beyond = 0;
  let skipping = false;
  let last = '';
  await archive.each(place.part, MOST_SHEET, (piece) => {
    if (!skipping) {
      reader.push(piece);
      skipping = beyond > 0;
      return true;
    }
    const text = last + piece;
    const end = text.indexOf('sheetData>');
    if (end === -1) {
      beyond += countRows(piece);
      last = text.slice(-16);
      return true;
    }
    skipping = false;
    beyond += countRows(text.slice(last.length, end));
    reader.skipTo(text.slice(end + 'sheetData>'.length));
    return true;
  });
  return { place, rows, reader, whole: beyond === 0, rowsEstimated: rows.length + beyond };
}

function countRows(piece: string): number {
  let count = 0;
  for (let at = piece.indexOf('</row>'); at !== -1; at = piece.indexOf('</row>', at + 6)) count += 1;
  return count;
}

/** What is learnt of the columns while rows go by. */
class Learner {
  readonly evidence: readonly ColumnEvidence[];
  readonly rows: (string | null)[][] = [];

  constructor(width: number) {
    this.evidence = Array.from({ length: width }, () => new ColumnEvidence());
  }

  row(cells: readonly (TypedCell | null)[]): void {
    for (const [index, cell] of cells.entries()) if (cell !== null) this.evidence[index]?.add(cell);
    if (this.rows.length < SHOWN) this.rows.push(cells.map((cell) => cell?.text ?? null));
  }
}

function learn({ rows, whole }: SheetHead, layout: SheetLayout): { learner: Learner; judge: RowJudge } {
  const learner = new Learner(layout.width);
  const judge = new RowJudge(layout, (cells) => learner.row(cells));
  for (const row of rows) judge.take(row);
  judge.end(whole);
  return { learner, judge };
}

function describe(
  { evidence, rows }: Learner,
  judge: RowJudge,
  reader: SheetReader,
  layout: SheetLayout,
  whole: boolean,
): Pick<WorkbookTable, 'columns' | 'cells' | 'rows' | 'rejects' | 'warnings'> {
  const settled = layout.names.map((name, index) => (evidence[index] ?? new ColumnEvidence()).settle(name));
  const columns = settled.map(({ column }, index) =>
    column.note === null && column.type.kind !== 'text' && reader.percents.has(layout.left + index)
      ? { ...column, note: 'Shown as percentages in the workbook; here 0.5 is 50 %.' }
      : column,
  );
  return {
    columns,
    cells: evidence.map(({ cells }) => cells),
    rows,
    rejects: judge.rejects,
    warnings: [
      ...sheetWarnings(judge, reader, layout, whole),
      ...settled.flatMap(({ warning }) => (warning === null ? [] : [warning])),
    ],
  };
}

function sheetWarnings(
  judge: RowJudge,
  reader: SheetReader,
  layout: SheetLayout,
  whole: boolean,
): TableWarning[] {
  const warnings: TableWarning[] = [];
  const add = (code: TableWarning['code'], sentence: string, count: number | null = null): void => {
    warnings.push({ code, sentence, count });
  };
  const some = whole ? '' : ' of those looked at';
  const { preamble, renamed, hasHeader } = layout;
  if (preamble > 0) {
    const [rows, are] = preamble === 1 ? ['row', 'is'] : ['rows', 'are'];
    add('preamble-skipped', `${preamble} ${rows} above the table ${are} no part of it.`, preamble);
  }
  if (!hasHeader) add('no-header', 'The first row is data, so the columns were given numbers for names.');
  else if (judge.counts.rows === 0 && whole)
    add('header-only', 'There are names of columns but no rows below them.', 0);
  if (hasHeader && renamed.length > 0) {
    const shown = `${renamed.slice(0, 5).join(', ')}${renamed.length > 5 ? ' and so on' : ''}`;
    add(
      'duplicate-names',
      `Columns that had no name, or one that stood before, are called ${shown}.`,
      renamed.length,
    );
  }
  if (judge.counts.rejected > 0) {
    const [rows, fit] = judge.counts.rejected === 1 ? ['row does', 'stands'] : ['rows do', 'stand'];
    add(
      'ragged-rows',
      `${formatCount(judge.counts.rejected)} ${rows} not belong to the table${some} and ${fit} among the rejected rows.`,
      whole ? judge.counts.rejected : null,
    );
  }
  const errors = [...reader.errors.values()].reduce((sum, count) => sum + count, 0);
  if (errors > 0) {
    const kinds = [...reader.errors.keys()].slice(0, 4).join(', ');
    add(
      'cell-errors',
      `${formatCount(errors)} cell${errors === 1 ? ' holds' : 's hold'} an error of a formula (${kinds})${some} and ${errors === 1 ? 'is' : 'are'} empty here.`,
      whole ? errors : null,
    );
  }
  return warnings;
}

export function workbookFormat({ book, sheet }: WorkbookTable): TableFormat {
  return {
    kind: 'workbook',
    sheets: book.sheets.map(({ name, hidden }) => ({ name, hidden })),
    sheet: sheet.name,
  };
}

/** Rewrites the rows of a sheet, streaming. */
export async function rewriteWorkbook(
  table: WorkbookTable,
  target: string,
  { signal, onProgress }: RewriteOptions,
): Promise<WorkbookRewriting> {
  const { layout, content, book, sheet } = table;
  const writer = await RowWriter.create(target);
  try {
    const archive = await BookArchive.open(content);
    const learner = new Learner(layout.width);
    const judge = new RowJudge(layout, (cells) => {
      learner.row(cells);
      writer.row(
        cells.map((cell) => cell?.text ?? null),
        layout.width,
      );
    });
    const reader = new SheetReader(book, (row) => judge.take(row));
    await archive.each(sheet.part, MOST_SHEET, async (piece, share) => {
      signal.throwIfAborted();
      reader.push(piece);
      if (writer.isFull) await writer.flush();
      onProgress?.(Math.round(share * table.identity.size), table.identity.size);
      return true;
    });
    judge.end(true);
    await writer.finish();
    const seen = describe(learner, judge, reader, layout, true);
    return {
      kind: 'workbook',
      path: target,
      delimiter: ',',
      longestRow: writer.longestRow * 3,
      counts: judge.counts,
      rejects: judge.rejects,
      table: { ...table, ...seen, rowsEstimated: judge.counts.rows, rowsExact: true, whole: true },
    };
  } catch (error) {
    await writer.discard();
    if (signal.aborted) throw sluiceError('CANCELLED', {}, error);
    throw isSluiceError(error) ? error : sourceError(error, table.path);
  }
}
