import { ENCODING_NAMES, type Reading, type TableFormat, type TableWarning } from '#shared/domain';
import { shownDialect } from '../detect/index.ts';
import { countsOf, layoutWarnings, normalise, openTable, type Content } from '../load/index.ts';
import { literal } from '../sql/index.ts';
import { csvSql } from './csv-sql.ts';
import type { DelimitedRewriting, DelimitedTable, Origin, RewriteOptions } from './table.ts';

/** Throws SOURCE_*, TABLE_NOT_TEXT. */
export async function openDelimited(
  origin: Origin,
  content: Content,
  asked: Reading,
): Promise<DelimitedTable> {
  const text = await openTable(content, asked);
  return {
    ...origin,
    kind: 'delimited',
    text,
    content,
    columns: text.columns,
    columnsKnown: true,
    cells: text.cells,
    habits: text.habits,
    rows: text.rows,
    rejects: text.rejects,
    rowsEstimated: text.rowsEstimated,
    rowsExact: text.sample.text.whole,
    whole: text.sample.text.whole,
    needsCleaning: text.needsCleaning,
    warnings: text.warnings,
  };
}

export function delimitedFormat({ text: { detected, sample } }: DelimitedTable): TableFormat {
  return {
    kind: 'delimited',
    dialect: shownDialect(detected, detected.cut, sample.encoding),
    runnerUp: detected.runnerUp === null ? null : shownDialect(detected, detected.runnerUp, sample.encoding),
    encodings: sample.encoding.others.map(({ encoding, sample: line }) => ({ name: encoding, sample: line })),
  };
}

export async function rewriteDelimited(
  table: DelimitedTable,
  target: string,
  options: RewriteOptions,
): Promise<DelimitedRewriting> {
  const normalised = await normalise(table.text, target, options);
  const { path, delimiter, longestRow, counts, rejects } = normalised;
  return { kind: 'delimited', normalised, table, path, delimiter, longestRow, counts, rejects };
}

/** The rows where they are. Strict: a row that does not fit is an error here and never a guess of DuckDB's. */
export function delimitedSql({ text: { detected, path } }: DelimitedTable): string {
  const { delimiter, quote } = detected.cut;
  return csvSql(path, detected.names, [
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote ?? '')}`,
    `escape = ${literal(quote ?? '')}`,
    `skip = ${detected.linesAbove}`,
  ]);
}

export function delimitedWarnings(
  { text: { sample, detected } }: DelimitedTable,
  rewriting: DelimitedRewriting | null,
  rows: number,
): TableWarning[] {
  const counts = rewriting?.normalised.counts ?? countsOf(rows);
  const warnings = layoutWarnings({ sample, detected, counts, rows, whole: true });
  const stray = rewriting?.normalised.strayLines ?? 0;
  const as = ENCODING_NAMES[rewriting?.normalised.strayEncoding ?? 'windows-1252'];
  if (stray > 0 && !warnings.some(({ code }) => code === 'encoding-guessed')) {
    warnings.unshift({
      code: 'encoding-guessed',
      sentence: `${stray} line${stray === 1 ? ' is' : 's are'} no UTF-8 and ${stray === 1 ? 'was' : 'were'} read as ${as}. Check names with accents.`,
      count: stray,
    });
  }
  return warnings;
}
