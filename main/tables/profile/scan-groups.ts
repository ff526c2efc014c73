import { identifier } from '../sql/index.ts';
import { hashOf, scan, type Cell, type ScannedColumn, type ScanOptions, type ScanResult } from './scan.ts';

/** What planning a look costs grows with the cube of its columns: 100 take a second, 200 take ten. */
const GROUP = 16;
/** A table of its own, in which columns are looked at apart without the file being read again for each group. */
const WIDE = 'wide_rows';

/** Looks at all columns: at once where they are few, else group by group in a table that is made once. */
export async function scanInGroups(
  query: (sql: string) => Promise<readonly (readonly Cell[])[]>,
  source: string,
  columns: readonly ScannedColumn[],
  options: ScanOptions,
): Promise<ScanResult> {
  const look = async (
    from: string,
    group: readonly ScannedColumn[],
    asked: ScanOptions,
  ): Promise<ScanResult> => {
    const { sql, read } = scan(from, group, asked);
    const [row = []] = await query(sql);
    return read(row);
  };
  if (columns.length <= GROUP * 1.5) return look(source, columns, options);

  const { rowKey } = options;
  const key = rowKey?.kind === 'columns' ? `, ${hashOf(rowKey.names)} AS row_key` : '';
  const names = columns.map(({ name }, index) => `${identifier(name)} AS c${index}`).join(', ');
  await query(`CREATE OR REPLACE TEMP TABLE ${WIDE} AS SELECT ${names}${key} FROM ${identifier(source)}`);
  try {
    const [[rows = 0, distinct = null] = []] = await query(
      `SELECT count(*), ${key === '' ? 'NULL' : 'count(DISTINCT row_key)'} FROM ${WIDE}`,
    );
    const found: ScanResult['columns'][number][] = [];
    for (let from = 0; from < columns.length; from += GROUP) {
      const group = columns
        .slice(from, from + GROUP)
        .map((column, at) => ({ ...column, name: `c${from + at}` }));
      const { columns: facts } = await look(WIDE, group, { ...options, rowKey: null });
      found.push(...facts);
    }
    return {
      rows: Number(rows),
      distinctRows: distinct === null ? null : Number(distinct),
      columns: found,
    };
  } finally {
    await query(`DROP TABLE IF EXISTS ${WIDE}`);
  }
}
