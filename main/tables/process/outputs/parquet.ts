import { globless } from '../../formats/index.ts';
import { literal } from '../../sql/index.ts';
import { countWith, headWith } from './engine-reader.ts';
import { UNCHANGED, type OutputWriter } from './writer.ts';

const copySql = (query: string, path: string): string =>
  `COPY (\n${query}\n) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`;

const rowsOf = (path: string): string => `read_parquet(${literal(globless(path))})`;

/** Typed columns, zstd. */
export const parquet: OutputWriter = {
  write: async ({ session, query, path }) => {
    await session.run(copySql(query, path));
    return UNCHANGED;
  },
  count: (session, path) => countWith(session, rowsOf(path)),
  head: (session, path, rows) => headWith(session, rowsOf(path), path, rows),
  sql: (query) => copySql(query, '…'),
};
