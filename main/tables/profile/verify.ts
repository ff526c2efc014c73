import type { Column } from '#shared/domain';
import { identifier, misfitSql, valueSql } from '../sql/index.ts';
import { FITTING, inferColumn, isNothing, type Habits } from '../types/index.ts';
import { likelyKey, spansLittle } from './guess.ts';
import { scanInGroups } from './scan-groups.ts';
import { hashOf, type Cell, type ColumnFacts, type RowKey, type ScannedColumn } from './scan.ts';

/** Runs a query and gives its rows. */
export type Query = (sql: string) => Promise<readonly (readonly Cell[])[]>;

/** The columns of a table with the types that their whole content allows, and what was found on the way. */
export interface VerifiedColumns {
  readonly rows: number;
  /** Rows unlike any before them; null where it was not asked. */
  readonly distinctRows: number | null;
  readonly columns: readonly VerifiedColumn[];
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
  readonly rowsEstimated: number;
}

/** Values that do not fit which a type is told by anew. */
const EXAMPLES = 400;
const ROUNDS = 3;
/** From so many rows on, one in eight tells percentiles well enough. */
const MANY = 500_000;

/**
 * Holds the types that the sample suggested against every cell. Where cells do not fit, the type is told again with them
 * in mind; a column keeps a type only while nothing in it would be lost and nearly all of it fits.
 *
 * @param statistics whether to take what a profile shows in the same look
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
  let distinctRows: number | null = null;
  /** Columns that turned out to have more different values than their sample promised. */
  const tooMany = new Set<number>();
  for (let round = 1; pending.length > 0; round += 1) {
    const looked = pending.flatMap((index) => {
      const column = columns[index];
      return column === undefined ? [] : [scanned(column, sampled.cells[index] ?? [], !tooMany.has(index))];
    });
    const rowKey = statistics && round === 1 ? rowKeyOf(columns, sampled) : null;
    const many = sampled.rowsEstimated > MANY;
    const result = await scanInGroups(query, source, looked, { statistics, rowKey, many });
    ({ rows } = result);
    distinctRows ??= result.distinctRows;
    const again: number[] = [];
    for (const [place, index] of pending.entries()) {
      const found = result.columns[place];
      const column = columns[index];
      if (found === undefined || column === undefined) continue;
      const proven = rowKey?.kind === 'numbers' && rowKey.index === index && result.distinctRows === rows;
      facts[index] = proven ? withDistinct(found, rows) : found;
      const isCounted = !statistics || found.statistics !== null;
      if (!isCounted) tooMany.add(index);
      if (found.misfits === 0) {
        columns = columns.with(index, settled(column, found));
        if (!isCounted) again.push(index);
        continue;
      }
      const next = await retell(query, source, column, sampled, index, found, round >= ROUNDS);
      columns = columns.with(index, next);
      if (!isCounted || !isSameType(next, column)) again.push(index);
    }
    pending = again;
  }
  if (statistics && distinctRows === null) {
    const names = columns.map(({ name }) => name);
    const [[distinct] = [0]] = await query(
      `SELECT count(DISTINCT ${hashOf(names)}) FROM ${identifier(source)}`,
    );
    distinctRows = Number(distinct);
  }
  return {
    rows,
    distinctRows,
    columns: columns.flatMap((column, index) => {
      const found = facts[index];
      return found === undefined ? [] : [{ column, facts: found }];
    }),
  };
}

/** What was counted stands above what was guessed. */
function withDistinct(facts: ColumnFacts, distinct: number): ColumnFacts {
  const { statistics } = facts;
  return statistics?.kind === 'measured' ? { ...facts, statistics: { ...statistics, distinct } } : facts;
}

function rowKeyOf(columns: readonly Column[], { cells, rowsEstimated }: SampledColumns): RowKey {
  const key = rowsEstimated > MANY ? likelyKey(columns, cells, rowsEstimated) : null;
  return key ?? { kind: 'columns', names: columns.map(({ name }) => name) };
}

function scanned({ name, type, note }: Column, cells: readonly string[], few: boolean): ScannedColumn {
  return {
    few: few && (hasFewValues(cells) || spansLittle(type, cells)),
    name,
    type,
    places: type.kind === 'decimal' ? samplePlaces(cells) : null,
    proof: note !== null && (type.kind === 'date' || type.kind === 'timestamp'),
  };
}

/** Whether the later part of the sample, from further down the file, brings hardly any value that is new. */
function hasFewValues(cells: readonly string[]): boolean {
  const known = new Set<string>();
  const early = Math.ceil(cells.length * 0.7);
  for (const cell of cells.slice(0, early)) known.add(cell);
  if (known.size > early / 2 && cells.length > 20) return false;
  let fresh = 0;
  for (const cell of cells.slice(early)) if (!known.has(cell)) fresh += 1;
  return fresh <= (cells.length - early) * 0.05;
}

/** Places after the point, where all values of the sample have as many. */
function samplePlaces(cells: readonly string[]): number | null {
  let places: number | null = null;
  for (const cell of cells) {
    const text = cell.trim();
    if (isNothing(text)) continue;
    const found = /^[+-]?\d*\.(\d+)$/.exec(text)?.[1]?.length;
    if (found === undefined || (places !== null && places !== found)) return null;
    places = found;
  }
  return places;
}

function isSameType(a: Column, b: Column): boolean {
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
  const share = facts.misfits / (facts.values + facts.misfits);
  const holds = share <= 1 - FITTING;
  if (last) return holds ? column : text;
  const misfits = await misfitValues(query, source, column);
  const known = (sampled.cells[index] ?? []).filter((cell) => !misfits.includes(cell.trim()));
  // The misfits stand among the known values in the share they have in the whole column.
  const wanted = holds ? Math.ceil((known.length * share) / (1 - share)) : misfits.length;
  const told = inferColumn(column.name, [...known, ...misfits.slice(0, Math.max(1, wanted))], sampled.habits);
  const next: Column = { name: column.name, type: told.type, note: told.note };
  if (told.type.kind !== 'text' && !isSameType(next, column)) return next;
  return holds ? column : text;
}

async function misfitValues(query: Query, source: string, column: Column): Promise<string[]> {
  const cell = identifier(column.name);
  const value = valueSql(cell, column.type, PHYSICAL[column.type.kind]);
  const rows = await query(
    `SELECT DISTINCT trim(x) AS x FROM (SELECT ${cell} AS x FROM ${identifier(source)} WHERE ${misfitSql(cell, `(${value})`, column.type)} > 0 LIMIT 5000) ORDER BY x LIMIT ${EXAMPLES}`,
  );
  return rows.map(([found]) => (typeof found === 'string' ? found : ''));
}

const PHYSICAL: Readonly<Record<Column['type']['kind'], string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

const UNSETTLED = /Dates such as 01\/02\/2024 are read (?:day|month) first: [^.]*\. ?/;

/** A day that can be no month further down the file settles what the sample left open. */
function settled(column: Column, facts: ColumnFacts): Column {
  if (facts.provenDates === 0 || column.note === null) return column;
  const note = column.note.replace(UNSETTLED, '').trim();
  return { ...column, note: note === '' ? null : note };
}
