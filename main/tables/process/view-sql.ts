import type { Column, ColumnSpan, RowFilter, TableView } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { literal, misfitSql, physicalType, valueSql, whiteSpace } from '../sql/index.ts';

/** The name of a column in a snapshot; those of the file could be anything. */
export const cellName = (index: number): string => `c${index}`;

/** Its value as the column's type, null where it does not fit. */
function typedSql(index: number, { type }: Column): string {
  return valueSql(cellName(index), type, physicalType(type, null));
}

const blankSql = (cell: string): string => `(${cell} IS NULL OR trim(${cell}, ${whiteSpace}) = '')`;

/** Whether a cell holds something that its column's type cannot be read from; never null. */
function isMisfitSql(index: number, column: Column): string {
  if (column.type.kind === 'text') return 'false';
  const cell = cellName(index);
  return `coalesce(${misfitSql(cell, `(${typedSql(index, column)})`, column.type)} > 0, false)`;
}

/** A list of the indexes of columns that do not fit, some of them null. */
export function misfitsSql(columns: readonly Column[], { from, count }: ColumnSpan): string {
  const marks = columns.slice(from, from + count).flatMap((column, place) => {
    if (column.type.kind === 'text') return [];
    return [`CASE WHEN ${isMisfitSql(from + place, column)} THEN ${from + place} END`];
  });
  return marks.length === 0 ? '[]' : `[${marks.join(', ')}]`;
}

/** What rows of a view have to be like; `true` where all are in it. Throws INPUT_INVALID. */
export function whereSql(columns: readonly Column[], filters: readonly RowFilter[]): string {
  return filters.length === 0
    ? 'true'
    : filters.map((filter) => `(${conditionSql(columnAt(columns, filter.column), filter)})`).join(' AND ');
}

function conditionSql(column: Column, filter: RowFilter): string {
  const cell = cellName(filter.column);
  switch (filter.kind) {
    case 'contains': {
      const has = holdsSql(cell, filter.text);
      return filter.not ? `${cell} IS NULL OR NOT ${has}` : has;
    }
    case 'equals': {
      const among = `${cell} IN (${filter.values.map(literal).join(', ')})`;
      return filter.not ? `${cell} IS NULL OR NOT ${among}` : among;
    }
    case 'range': {
      const value = typedSql(filter.column, column);
      const ends: string[] = [];
      if (filter.from !== null) ends.push(`${value} >= ${boundSql(filter.from, column)}`);
      if (filter.to !== null) ends.push(`${value} <= ${boundSql(filter.to, column)}`);
      return ends.length === 0 ? 'true' : ends.join(' AND ');
    }
    case 'empty':
      return filter.not ? `NOT ${blankSql(cell)}` : blankSql(cell);
    case 'fits': {
      const misfit = isMisfitSql(filter.column, column);
      return filter.not ? misfit : `NOT ${blankSql(cell)} AND NOT ${misfit}`;
    }
    default:
      return assertNever(filter);
  }
}

/** What a person wrote as the end of a range: as the column writes its values, or as SQL does. */
export function boundSql(text: string, { type }: Column): string {
  if (type.kind === 'text') return literal(text);
  const physical = physicalType(type, null);
  const cell = literal(text.trim());
  return `coalesce(${valueSql(cell, type, physical)}, TRY_CAST(${cell} AS ${physical}))`;
}

/** The ends of ranges, each with what it is to be read as: those that come out null say nothing. */
export function boundsOf(
  columns: readonly Column[],
  filters: readonly RowFilter[],
): readonly { readonly text: string; readonly column: Column }[] {
  return filters.flatMap((filter) => {
    if (filter.kind !== 'range') return [];
    const column = columnAt(columns, filter.column);
    return [filter.from, filter.to].flatMap((text) => (text === null ? [] : [{ text, column }]));
  });
}

/** The order of a view. Values that do not fit come after those that do, what is absent at the very end. */
export function orderSql(columns: readonly Column[], sort: TableView['sort']): string {
  const keys = sort.flatMap(({ column: index, descending }) => {
    const column = columnAt(columns, index);
    const way = descending ? 'DESC NULLS LAST' : 'ASC NULLS LAST';
    const cell = cellName(index);
    if (column.type.kind === 'text') {
      return [`${blankSql(cell)} ASC`, `lower(${cell}) ${way}`, `${cell} ${way}`];
    }
    return [
      `${typedSql(index, column)} ${way}`,
      `CASE WHEN ${typedSql(index, column)} IS NULL AND NOT ${blankSql(cell)} THEN ${cell} END ${way}`,
    ];
  });
  return [...keys, 'p ASC'].join(', ');
}

/** Whether a text is in one of a row's cells, whatever its case. */
export function anywhereSql(columns: readonly Column[], text: string): string {
  return columns.map((_, index) => `coalesce(${holdsSql(cellName(index), text)}, false)`).join(' OR ');
}

/** The first column with a text in it. */
export function firstWithSql(columns: readonly Column[], text: string): string {
  return `CASE ${columns.map((_, index) => `WHEN ${holdsSql(cellName(index), text)} THEN ${index}`).join(' ')} END`;
}

function holdsSql(cell: string, text: string): string {
  return `contains(lower(${cell}), lower(${literal(text)}))`;
}

function columnAt(columns: readonly Column[], index: number): Column {
  const column = columns[index];
  if (column === undefined) throw sluiceError('INPUT_INVALID', { what: `there is no column ${index + 1}` });
  return column;
}
