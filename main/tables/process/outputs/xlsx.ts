import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { writeXlsxStream, type XlsxWriteStreamOptions } from 'hucre/xlsx';
import { sluiceError } from '#shared/errors';
import type { Session } from '../database.ts';
import { columnsOf } from './columns.ts';
import { CellRules, cellsOf, statisticsSql, type SheetColumn } from './xlsx-cells.ts';
import { countRows, headOf } from './xlsx-read.ts';
import type { Changes, OutputWriter, Writing } from './writer.ts';

/** What a sheet holds, by the format. */
const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;
/** Above so many bytes of cells a sheet may be larger than a plain zip can say. */
const ZIP64_ABOVE = 1_000_000_000;
/** What a cell takes beside its own text: its tags and its place. bytes */
const TAGS = 60;
const SHEET = 'Data';

/** Typed cells, streamed; further sheets where one is full, each with the names of the columns on top. */
export const xlsx = xlsxWriter(MOST_ROWS);

/** @param rowsPerSheet with the row of names; smaller than a sheet holds only to be tried */
export function xlsxWriter(rowsPerSheet: number): OutputWriter {
  return {
    write: (writing) => write(writing, rowsPerSheet),
    count: (_session, path) => countRows(path),
    head: (_session, path, rows) => headOf(path, rows),
    sql: (query) => `-- as cells of a workbook\n${query}`,
  };
}

async function write({ session, query, path }: Writing, rowsPerSheet: number): Promise<Changes> {
  const described = await columnsOf(session, query);
  if (described.length > MOST_COLUMNS) {
    const reason = `it has ${described.length} columns, and a sheet holds ${MOST_COLUMNS}`;
    throw sluiceError('OUTPUT_UNFIT', { format: 'A workbook', reason });
  }
  const [statistics = []] = await session.query(statisticsSql(described, query));
  const { columns, rows, bytes } = cellsOf(described, statistics);
  const rules = new CellRules();
  const names = columns.map(({ name }) => rules.text(name));
  const style = (column: SheetColumn, index: number): { width: number; numFmt?: string } => ({
    width: column.width,
    // The first column always has a style, so that a row in which nothing stands is a row all the same.
    ...(column.format === null && index > 0 ? {} : { numFmt: column.format ?? 'General' }),
  });
  const perSheet = Math.min(rows, rowsPerSheet) / Math.max(1, rows);
  const options: XlsxWriteStreamOptions = {
    name: SHEET,
    columns: columns.map(style),
    freezePane: { rows: 1 },
    maxRowsPerSheet: rowsPerSheet,
    zip64: (bytes + rows * columns.length * TAGS) * perSheet > ZIP64_ABOVE,
  };
  const cells = columns.flatMap((column) => column.cells).join(', ');
  const selected = `SELECT ${cells} FROM (\n${query}\n)`;
  const stream = writeXlsxStream(rowsOf(session, selected, names, columns, rules), options);
  await stream.pipeTo(Writable.toWeb(createWriteStream(path)) as WritableStream<Uint8Array>);
  const sheets = Math.max(1, Math.ceil(rows / (rowsPerSheet - 1)));
  return { defused: 0, notes: rules.notes(columns, sheets) };
}

type SheetValue = string | number | boolean | null;

/** The names of the columns, then the rows: the first row is repeated on every sheet. */
async function* rowsOf(
  session: Session,
  query: string,
  names: readonly string[],
  columns: readonly SheetColumn[],
  rules: CellRules,
): AsyncGenerator<SheetValue[]> {
  yield [...names];
  for await (const chunk of session.chunks(query)) {
    const count = chunk[0]?.length ?? 0;
    for (let row = 0; row < count; row += 1) {
      let from = 0;
      const values: SheetValue[] = [];
      for (const column of columns) {
        let value: unknown = chunk[from]?.[row] ?? null;
        // What is no number, date or time of Excel stands beside it as text.
        if (value === null && column.cells.length > 1) value = chunk[from + 1]?.[row] ?? null;
        from += column.cells.length;
        values.push(typeof value === 'string' ? rules.text(value) : (value as SheetValue));
      }
      yield values;
    }
  }
}
