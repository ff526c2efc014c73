import { open, writeFile } from 'node:fs/promises';
import type { CsvDialect, CsvStyle } from '#shared/domain';
import { formatCount } from '#shared/lib';
import type { Head } from '../../protocol.ts';
import { identifier, literal } from '../../sql/index.ts';
import { RowCutter } from '../../text/index.ts';
import type { Session } from '../database.ts';
import { columnsOf, type OutputColumn } from './columns.ts';
import { defused, defusedSql, formulaLikeSql, isFormulaLike } from './defuse.ts';
import { UNCHANGED, type Changes, type OutputWriter, type Writing } from './writer.ts';

interface Marks {
  readonly delimiter: string;
  readonly newline: string;
  readonly bom: boolean;
  readonly decimalComma: boolean;
}

const MARKS: Readonly<Record<CsvDialect, Marks>> = {
  plain: { delimiter: ',', newline: '\n', bom: false, decimalComma: false },
  spreadsheet: { delimiter: ',', newline: '\r\n', bom: true, decimalComma: false },
  'spreadsheet-semicolon': { delimiter: ';', newline: '\r\n', bom: true, decimalComma: true },
};

const BOM = '\uFEFF';

/** UTF-8, quotes by RFC 4180, dates and times as in ISO 8601. */
export const csv: OutputWriter = {
  write: async (writing) => {
    const style = writing.options.csv;
    const marks = MARKS[style.dialect];
    if (style.dialect === 'plain' && !style.safe) {
      await writing.session.run(plainSql(writing.query, writing.path));
      return UNCHANGED;
    }
    return writeStyled(writing, style, marks);
  },

  count: (_session, path) => countRecords(path),

  head: (_session, path, rows) => csvHead(path, rows),

  sql: (query) => plainSql(query, '…'),
};

function plainSql(query: string, path: string): string {
  // An absent cell is written as nothing and an empty text as "", so that reading it again tells them apart.
  return `COPY (\n${query}\n) TO ${literal(path)} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', COMPRESSION none, USE_TMP_FILE false)`;
}

async function writeStyled(
  { session, query, path }: Writing,
  { safe }: CsvStyle,
  marks: Marks,
): Promise<Changes> {
  const columns = await columnsOf(session, query);
  const header = columns.map(({ name }) => field(safe ? defused(name) : name, marks)).join(marks.delimiter);
  const start = `${marks.bom ? BOM : ''}${header}${marks.newline}`;
  const changed = safe ? await countFormulas(session, query, columns) : { rows: null, defused: 0 };
  const rows = changed.rows ?? (await countAll(session, query));
  if (rows === 0) {
    // DuckDB would end what is before the rows and what is after them with a line each.
    await writeFile(path, start);
  } else {
    const cells = columns.map((column) => cellSql(column, safe, marks)).join(', ');
    const newline = marks.newline === '\n' ? '\\n' : '\\r\\n';
    await session.run(
      `COPY (SELECT ${cells} FROM (\n${query}\n)) TO ${literal(path)} (FORMAT csv, HEADER false, PREFIX ${literal(start)}, SUFFIX ${literal(marks.newline)}, NEW_LINE '${newline}', DELIMITER '${marks.delimiter}', QUOTE '"', ESCAPE '"', NULLSTR '', COMPRESSION none, USE_TMP_FILE false)`,
    );
  }
  return { defused: changed.defused, notes: notesOf(columns, changed.defused, marks) };
}

function cellSql({ name, kind }: OutputColumn, safe: boolean, marks: Marks): string {
  const cell = identifier(name);
  if (kind === 'text' && safe) return defusedSql(cell);
  if ((kind === 'decimal' || kind === 'real') && marks.decimalComma)
    return `replace(${cell}::VARCHAR, '.', ',')`;
  return cell;
}

async function countFormulas(
  session: Session,
  query: string,
  columns: readonly OutputColumn[],
): Promise<{ rows: number; defused: number }> {
  const texts = columns.filter(({ kind }) => kind === 'text');
  const counts = texts.map(({ name }) => `count(*) FILTER (WHERE ${formulaLikeSql(identifier(name))})`);
  const [[rows = 0, ...found] = []] = await session.query(
    `SELECT ${['count(*)', ...counts].join(', ')} FROM (\n${query}\n)`,
  );
  const inHeader = columns.filter(({ name }) => isFormulaLike(name)).length;
  return { rows: Number(rows), defused: found.reduce<number>((sum, n) => sum + Number(n), inHeader) };
}

async function countAll(session: Session, query: string): Promise<number> {
  const [[rows = 0] = []] = await session.query(`SELECT count(*) FROM (\n${query}\n)`);
  return Number(rows);
}

function notesOf(columns: readonly OutputColumn[], changed: number, marks: Marks): readonly string[] {
  const notes: string[] = [];
  if (changed > 0)
    notes.push(
      `${formatCount(changed)} ${changed === 1 ? 'text' : 'texts'} that a spreadsheet would take for a formula got a ' before it.`,
    );
  const commas = columns.filter(({ kind }) => kind === 'decimal' || kind === 'real').length;
  if (marks.decimalComma && commas > 0) notes.push('Numbers are written with a decimal comma.');
  return notes;
}

function field(text: string, { delimiter }: Marks): string {
  return text === '' || text.includes(delimiter) || /["\r\n]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

const QUOTE = 34;
const LF = 10;

/** Line ends outside quotes, less that of the header. */
async function countRecords(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    let lines = 0;
    let quoted = false;
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === LF && !quoted) lines += 1;
      }
    }
    return Math.max(0, lines - 1);
  } finally {
    await handle.close();
  }
}

/** Outputs are CSV with a header in one of three dialects: nothing has to be detected but which. */
async function csvHead(path: string, limit: number): Promise<Head> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    let text: Buffer = Buffer.alloc(0);
    let cutter: RowCutter | null = null;
    const cut: (string | null)[][] = [];
    let at = 0;
    for (let position = 0; cut.length <= limit;) {
      const chunk = Buffer.allocUnsafe(Math.max(256 * 1024, text.length - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      const final = bytesRead === 0 || position >= size;
      text = Buffer.concat([text.subarray(at), chunk.subarray(0, bytesRead)]);
      at = 0;
      if (cutter === null) {
        const bom = text.indexOf(BOM, 0, 'utf8') === 0;
        at = bom ? Buffer.byteLength(BOM) : 0;
        const delimiter = bom ? delimiterOf(text.toString('utf8', at)) : ',';
        cutter = new RowCutter({ delimiter, quote: '"', escape: null, collapse: false, loneCr: false });
      }
      while (at < text.length && cut.length <= limit && cutter.cut(text, at, final)) {
        const of = cutter;
        cut.push(of.cells().map((cell, index) => (cell === '' && !of.isQuoted(index) ? null : cell)));
        at = cutter.next;
      }
      if (final) break;
    }
    const [columns = [], ...rows] = cut;
    return { columns: columns.map((name) => name ?? ''), rows: rows.slice(0, limit) };
  } finally {
    await handle.close();
  }
}

/** The first of the two that stands outside quotes in the header; a table of one column has none. */
function delimiterOf(text: string): string {
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ',' || sign === ';')) return sign;
    else if (!quoted && sign === '\n') break;
  }
  return ',';
}
