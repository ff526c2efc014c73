import type { Fix, RejectedRow } from '#shared/domain';
import { identifier, literal } from '../sql/index.ts';
import type { Session } from './database.ts';

/** Fixes of lines that are there as they were, in the order of the file, and those of lines that are not. */
export function applicable(
  fixes: readonly Fix[],
  rejects: readonly RejectedRow[],
  width: number,
): { readonly holding: readonly Fix[]; readonly lost: readonly Fix[] } {
  const raws = new Map(rejects.map(({ byte, raw }) => [byte, raw]));
  const holds = ({ byte, raw, cells }: Fix): boolean => raws.get(byte) === raw && cells.length === width;
  return {
    holding: fixes.filter(holds).sort((a, b) => a.byte - b.byte),
    lost: fixes.filter((fix) => !holds(fix)),
  };
}

/** The rows of fixes, as a query. */
export function fixedRowsSql(fixes: readonly Fix[], names: readonly string[]): string {
  const rows = fixes.map(
    ({ cells }) =>
      `(${cells.map((cell) => (cell === null ? 'NULL::VARCHAR' : `${literal(cell)}::VARCHAR`)).join(', ')})`,
  );
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS fixed(${names.map(identifier).join(', ')})`;
}

/** Puts fixed rows at the end of a view of rows. */
export async function appendFixes(
  session: Session,
  view: string,
  fixes: readonly Fix[],
  names: readonly string[],
): Promise<void> {
  const read = identifier(`${view} as read`);
  await session.run(`ALTER VIEW ${identifier(view)} RENAME TO ${read}`);
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${identifier(view)} AS SELECT * FROM ${read} UNION ALL ${fixedRowsSql(fixes, names)}`,
  );
}
