import { open, writeFile } from 'node:fs/promises';
import { globless } from '../../formats/index.ts';
import { literal } from '../../sql/index.ts';
import { countWith, headWith } from './engine-reader.ts';
import { UNCHANGED, type OutputWriter } from './writer.ts';

const copySql = (query: string, path: string, array: boolean): string =>
  `COPY (\n${query}\n) TO ${literal(path)} (FORMAT json, ARRAY ${String(array)}, COMPRESSION none, USE_TMP_FILE false)`;

const rowsOf = (path: string, format: 'newline_delimited' | 'array'): string =>
  `read_json(${literal(globless(path))}, format = '${format}')`;

/** One object a line. */
export const jsonLines: OutputWriter = {
  write: async ({ session, query, path }) => {
    await session.run(copySql(query, path, false));
    // Of no rows DuckDB makes an empty line, which is no JSON.
    if ((await sizeOf(path)) <= 1) await writeFile(path, '');
    return UNCHANGED;
  },
  // Line ends within texts are escaped.
  count: (_session, path) => countLines(path),
  head: async (session, path, rows) =>
    (await sizeOf(path)) === 0
      ? { columns: [], rows: [] }
      : headWith(session, rowsOf(path, 'newline_delimited'), path, rows),
  sql: (query) => copySql(query, '…', false),
};

/** One array of objects. */
export const jsonArray: OutputWriter = {
  write: async ({ session, query, path }) => {
    await session.run(copySql(query, path, true));
    return UNCHANGED;
  },
  count: (session, path) => countWith(session, rowsOf(path, 'array')),
  head: (session, path, rows) => headWith(session, rowsOf(path, 'array'), path, rows),
  sql: (query) => copySql(query, '…', true),
};

async function sizeOf(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function countLines(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    let lines = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
    }
    return lines;
  } finally {
    await handle.close();
  }
}
