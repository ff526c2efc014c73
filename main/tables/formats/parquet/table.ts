import { open } from 'node:fs/promises';
import { isSluiceError, sluiceError } from '#shared/errors';
import type { Content } from '../../load/index.ts';
import { identifier, literal } from '../../sql/index.ts';
import { globless } from '../csv-sql.ts';
import type { OpenTools, Origin, ParquetTable } from '../table.ts';
import { parquetColumn } from './types.ts';

const SAMPLE = 1500;
const SHOWN = 50;
const MAGIC = 'PAR1';

/** Opens a Parquet file by what stands at its end: names, types and the count of rows. Throws FILE_DAMAGED. */
export async function openParquet(origin: Origin, content: Content, tools: OpenTools): Promise<ParquetTable> {
  const { path, name } = content;
  await assertWhole(path, name);
  try {
    const file = literal(globless(path));
    const described = await tools.query(`DESCRIBE SELECT * FROM read_parquet(${file})`);
    const columns = described.map(([column, type]) => ({
      name: String(column),
      ...parquetColumn(String(column), String(type)),
    }));
    const [[rows] = [0]] = await tools.query(`SELECT num_rows FROM parquet_file_metadata(${file})`);
    const texts = columns.map(({ text, name: column }) => `${text} AS ${identifier(column)}`);
    const sample = await tools.query(`SELECT ${texts.join(', ')} FROM read_parquet(${file}) LIMIT ${SAMPLE}`);
    const text = (cell: unknown): string | null => (typeof cell === 'string' ? cell : null);
    const count = Number(rows);
    return {
      ...origin,
      kind: 'parquet',
      content,
      texts,
      columns: columns.map(({ name: column, type, note }) => ({ name: column, type, note })),
      cells: columns.map((_, index) => sample.flatMap((row) => text(row[index]) ?? [])),
      habits: { commaIsPoint: false, dateOrder: null },
      rows: sample.slice(0, SHOWN).map((row) => columns.map((_, index) => text(row[index]))),
      columnsKnown: true,
      rejects: [],
      rowsEstimated: count,
      rowsExact: true,
      whole: true,
      needsCleaning: null,
      warnings:
        count > 0
          ? []
          : [{ code: 'header-only', sentence: 'There are columns but no rows in them.', count: 0 }],
    };
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw damaged(name, 'its description at the end cannot be read', error);
  }
}

/** The index of the file is at its end: where that is missing, so is everything. */
async function assertWhole(path: string, name: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const end = Buffer.alloc(8);
    if (size >= 12) await handle.read(end, 0, 8, size - 8);
    const mark = end.toString('latin1', 4);
    if (mark === 'PARE') throw sluiceError('TABLE_NOT_TEXT', { name, kind: 'an encrypted Parquet file' });
    if (mark !== MAGIC) throw damaged(name, 'it ends before its description of the columns');
    if (end.readUInt32LE(0) > size - 12) throw damaged(name, 'its description is larger than the file');
  } finally {
    await handle.close();
  }
}

function damaged(name: string, reason: string, cause?: unknown): Error {
  return sluiceError('FILE_DAMAGED', { name, what: 'Parquet', reason }, cause);
}

export function parquetSql({ content, texts }: ParquetTable): string {
  return `SELECT ${texts.join(', ')} FROM read_parquet(${literal(globless(content.path))})`;
}
