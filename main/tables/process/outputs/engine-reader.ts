import type { Head } from '../../protocol.ts';
import { EngineError, type Session } from '../database.ts';

/** Rows that DuckDB finds in a file. */
export async function countWith(session: Session, from: string): Promise<number> {
  const [[rows = 0] = []] = await session.query(`SELECT count(*) FROM ${from}`);
  return Number(rows);
}

/** The first rows that DuckDB finds in a file, as text. Throws TABLE_*. */
export async function headWith(
  open: () => Promise<Session>,
  from: string,
  path: string,
  rows: number,
): Promise<Head> {
  using session = await open();
  try {
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
