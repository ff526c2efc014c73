import type { FileToRead, Tables } from '#main/tables';
import type { ColumnFacts, TableReport } from '#shared/domain';
import { reportPage } from './page.ts';

/** A closer look costs a look at all rows for each column: so many are looked at closely. */
const CLOSELY = 60;

export interface ReportOptions {
  /** A column that the others are held against; null for none. */
  readonly target: number | null;
  readonly signal: AbortSignal;
}

/** All there is to say of a table. Throws INPUT_INVALID for a target that is not there, SOURCE_*, TABLE_*, DISK_*. */
export async function reportOf(
  tables: Tables,
  file: FileToRead,
  { target, signal }: ReportOptions,
): Promise<TableReport> {
  const { rows: _, tookMs: __, ...preview } = await tables.preview(file, signal);
  const profile = await tables.profile(file, { signal });
  const facts: ColumnFacts[] = [];
  for (let index = 0; index < Math.min(CLOSELY, profile.columns.length); index += 1)
    facts.push(await tables.facts(file, index, signal));
  return {
    version: 1,
    preview,
    profile,
    facts,
    keys: [...(await tables.keys(file, signal))],
    relations: target === null ? null : await tables.relations(file, target, signal),
  };
}

/** The report as a file. @param of the name of the table's own file */
export function reportFile(
  report: TableReport,
  as: 'html' | 'json',
  of: string,
): { readonly name: string; readonly text: string } {
  const name = `${of}.report.${as}`;
  return as === 'json'
    ? { name, text: `${JSON.stringify(report, null, 2)}\n` }
    : { name, text: reportPage(report) };
}
