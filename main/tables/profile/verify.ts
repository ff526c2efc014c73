import type { Column } from '#shared/domain';
import { identifier, misfitSql, valueSql } from '../sql/index.ts';
import { FITTING, inferColumn, type Habits } from '../types/index.ts';
import { readScan, scanSql, type ColumnFacts } from './scan.ts';

/** Runs a query and gives its rows. */
export type Query = (
  sql: string,
) => Promise<readonly (readonly (string | number | boolean | null | readonly unknown[])[])[]>;

/** The columns of a table with the types that their whole content allows, and what was found on the way. */
export interface VerifiedColumns {
  readonly rows: number;
  readonly columns: readonly VerifiedColumn[];
  /** Whether the facts hold what a profile shows. */
  readonly statistics: boolean;
}

export interface VerifiedColumn {
  readonly column: Column;
  readonly facts: ColumnFacts;
}

export interface SampledColumns {
  readonly columns: readonly Column[];
  /** The values the types were told by. */
  readonly cells: readonly (readonly string[])[];
  readonly habits: Habits;
}

const EXAMPLES = 400;
const ROUNDS = 3;

/**
 * Holds the types that the sample suggested against every cell. Where cells do not fit, the type is told again with them
 * in mind; a column keeps a type only while nothing in it would be lost and nearly all of it fits.
 */
export async function verifyColumns(
  query: Query,
  source: string,
  sampled: SampledColumns,
  statistics: boolean,
): Promise<VerifiedColumns> {
  let columns = [...sampled.columns];
  const facts: ColumnFacts[] = [];
  let pending = columns.map((_, index) => index);
  let rows = 0;
  for (let round = 1; pending.length > 0; round += 1) {
    const looked = pending.map((index) => columns[index]).filter((column) => column !== undefined);
    const [row] = await query(scanSql(source, looked, statistics));
    const result = readScan((row ?? []) as never, looked, statistics);
    ({ rows } = result);
    const again: number[] = [];
    for (const [place, index] of pending.entries()) {
      const found = result.columns[place];
      const column = columns[index];
      if (found === undefined || column === undefined) continue;
      facts[index] = found;
      if (found.misfits === 0 || column.type.kind === 'text') {
        columns = columns.with(index, settled(column, found));
        continue;
      }
      const next = await retell(query, source, column, sampled, index, found, round >= ROUNDS);
      columns = columns.with(index, next);
      if (!sameType(next, column)) again.push(index);
    }
    pending = again;
  }
  return {
    rows,
    statistics,
    columns: columns.flatMap((column, index) => {
      const found = facts[index];
      return found === undefined ? [] : [{ column, facts: found }];
    }),
  };
}

function sameType(a: Column, b: Column): boolean {
  return JSON.stringify(a.type) === JSON.stringify(b.type);
}

/** The type anew, with the values that did not fit among those it is told by; text where it cannot be held. */
async function retell(
  query: Query,
  source: string,
  column: Column,
  sampled: SampledColumns,
  index: number,
  facts: ColumnFacts,
  last: boolean,
): Promise<Column> {
  const text: Column = { name: column.name, type: { kind: 'text' }, note: null };
  if (facts.losing > 0) return text;
  const holds = facts.misfits <= (facts.values + facts.misfits) * (1 - FITTING);
  const misfits = await misfitValues(query, source, column);
  // So many misfits as there are in the whole column, and so many fitting values, in the sample's size.
  const known = (sampled.cells[index] ?? []).slice(0, 2000);
  const share = facts.misfits / Math.max(1, facts.values + facts.misfits);
  const wanted = Math.max(1, Math.min(misfits.length, Math.ceil(known.length * share)));
  const told = inferColumn(
    column.name,
    [...known, ...misfits.slice(0, holds ? wanted : misfits.length)],
    sampled.habits,
  );
  const next: Column = { name: column.name, type: told.type, note: told.note };
  if (!last && told.type.kind !== 'text' && !sameType(next, column)) return next;
  return holds ? column : text;
}

async function misfitValues(query: Query, source: string, column: Column): Promise<string[]> {
  const cell = identifier(column.name);
  const value = valueSql(cell, column.type, column.type.kind === 'decimal' ? 'DOUBLE' : physicalFor(column));
  const rows = await query(
    `SELECT DISTINCT x FROM (SELECT ${cell} AS x FROM ${identifier(source)} WHERE ${misfitSql(cell, `(${value})`, column.type)} > 0 LIMIT 5000) ORDER BY x LIMIT ${EXAMPLES}`,
  );
  return rows.map(([value]) => String(value as string));
}

function physicalFor(column: Column): string {
  switch (column.type.kind) {
    case 'integer':
      return 'BIGINT';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'boolean':
      return 'BOOLEAN';
    case 'decimal':
      return 'DOUBLE';
    case 'text':
      return 'VARCHAR';
  }
}

const UNSETTLED = /Dates such as 01\/02\/2024 are read (?:day|month) first: [^.]*\. ?/;

/** A day that can be no month further down the file settles what the sample left open. */
function settled(column: Column, facts: ColumnFacts): Column {
  if (facts.provenDates === 0 || column.note === null) return column;
  const note = column.note.replace(UNSETTLED, '').trim();
  return { ...column, note: note === '' ? null : note };
}
