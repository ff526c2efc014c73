import type { ChartData, ChartSpec } from '#shared/domain';
import { drawChart } from '../charts/index.ts';
import type { TableSource } from '../protocol.ts';
import { looking, type LookContext } from './look.ts';
import { cellName } from './view-sql.ts';

/** What a chart of the rows of a table shows. Throws INPUT_INVALID, SOURCE_*, TABLE_*, DISK_*. */
export function chart(context: LookContext, source: TableSource, spec: ChartSpec): Promise<ChartData> {
  return looking(context, source, null, async (session, snapshot) => {
    const rows = snapshot.rowsSql(await snapshot.whole(context.fixes));
    const query = (sql: string) => session.query(sql);
    return drawChart({ query, rows, columns: snapshot.columns, cell: cellName }, spec);
  });
}
