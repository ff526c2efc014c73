import type { OutputFormat } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { globless } from '../formats/index.ts';
import { openSource } from '../load/index.ts';
import type { Head } from '../protocol.ts';
import { literal } from '../sql/index.ts';
import { RowCutter } from '../text/index.ts';
import { EngineError, type Database } from './database.ts';

/** The first rows of an output that a run wrote, as text. Throws SOURCE_*, TABLE_UNREADABLE. */
export async function head(
  database: () => Promise<Database>,
  signal: AbortSignal,
  path: string,
  format: OutputFormat,
  rows: number,
): Promise<Head> {
  const { handle, identity } = await openSource(path);
  try {
    if (format === 'csv') return await csvHead(handle, identity.size, rows);
  } finally {
    await handle.close();
  }
  using session = await (await database()).session(signal);
  try {
    const from = `${reader(format)}(${literal(globless(path))})`;
    const described = await session.query(`DESCRIBE SELECT * FROM ${from}`);
    const found = await session.query(`SELECT COLUMNS(*)::VARCHAR FROM ${from} LIMIT ${Math.floor(rows)}`);
    return {
      columns: described.map(([name]) => String(name)),
      rows: found.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
    };
  } catch (error) {
    throw error instanceof EngineError ? error.toSluiceError(path, null) : error;
  }
}

function reader(format: Exclude<OutputFormat, 'csv'>): string {
  switch (format) {
    case 'parquet':
      return 'read_parquet';
    case 'json':
      return 'read_json';
    default:
      return assertNever(format);
  }
}

/** Outputs are plain CSV with a header: nothing has to be detected. */
async function csvHead(
  handle: Awaited<ReturnType<typeof openSource>>['handle'],
  size: number,
  limit: number,
): Promise<Head> {
  const cutter = new RowCutter({ delimiter: ',', quote: '"', escape: null, collapse: false, loneCr: false });
  let text: Buffer = Buffer.alloc(0);
  const cut: (string | null)[][] = [];
  let at = 0;
  for (let position = 0; cut.length <= limit;) {
    const chunk = Buffer.allocUnsafe(Math.max(256 * 1024, text.length - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    position += bytesRead;
    const final = bytesRead === 0 || position >= size;
    text = Buffer.concat([text.subarray(at), chunk.subarray(0, bytesRead)]);
    at = 0;
    while (at < text.length && cut.length <= limit && cutter.cut(text, at, final)) {
      cut.push(cutter.cells().map((cell, index) => (cell === '' && !cutter.isQuoted(index) ? null : cell)));
      at = cutter.next;
    }
    if (final) break;
  }
  const [columns = [], ...rows] = cut;
  return { columns: columns.map((name) => name ?? ''), rows: rows.slice(0, limit) };
}
