import type { Column } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { list, literal, physicalType, valueSql } from '../sql/index.ts';
import type { Query } from '../profile/index.ts';
import { binsOf, edge, unitFor } from './scale.ts';

export type Cell = string | number | null;

/** How an axis takes a column's values. */
export type Role = 'number' | 'time' | 'category';

/** Where the values of an axis fall: the SQL of the place, and what it says. */
export interface Places {
  /** Null for values that are not drawn. */
  readonly sql: string;
  /** From where to where; `to` is null where it is a point. */
  readonly read: (place: unknown) => { readonly at: Cell; readonly to: Cell };
  /** Of categories, in the order they are drawn; null where the values have an order of their own. */
  readonly order: readonly string[] | null;
  readonly notes: readonly string[];
}

/** Texts are cut to so many letters: a category is a word, not a document. */
const LONGEST = 200;
export const EMPTY = '(empty)';

export const isNumber = ({ type }: Column): boolean => type.kind === 'integer' || type.kind === 'decimal';
export const isTime = ({ type }: Column): boolean => type.kind === 'date' || type.kind === 'timestamp';

/** @returns the SQL of a cell as the axis takes it; null where there is no such value */
export function cellSql(cell: string, { type }: Column, role: Role): string {
  const value = valueSql(cell, type, physicalType(type, null));
  switch (role) {
    case 'number': {
      const number = `TRY_CAST(${value} AS DOUBLE)`;
      return `CASE WHEN isfinite(${number}) THEN ${number} END`;
    }
    case 'time':
      return `TRY_CAST(${value} AS TIMESTAMP)`;
    case 'category':
      return type.kind === 'text' || type.kind === 'boolean'
        ? `nullif(left(trim(${cell}), ${LONGEST}), '')`
        : `CAST(${value} AS VARCHAR)`;
    default:
      return role satisfies never;
  }
}

/** Equal ranges of a column of numbers; values far from all others are not drawn, and said. */
export async function rangesOf(
  query: Query,
  table: string,
  key: string,
  most: number,
  whole: boolean,
): Promise<Places> {
  const [row = []] = await query(
    `SELECT min(${key}), max(${key}), approx_quantile(${key}, 0.005), approx_quantile(${key}, 0.995), count(${key}) FROM ${table}`,
  );
  const [min = 0, max = 0, low = 0, high = 0, values = 0] = row.map(Number);
  const isFar = values > 1000 && high > low && max - min > 20 * (high - low);
  const [from, to] = isFar
    ? [Math.max(min, low - (high - low) / 2), Math.min(max, high + (high - low) / 2)]
    : [min, max];
  const bins = binsOf(from, to, most, whole);
  const [first, last] = [edge(bins, 0), edge(bins, bins.count)];
  const notes: string[] = [];
  if (isFar) {
    const [[beyond] = [0]] = await query(
      `SELECT count(*) FROM ${table} WHERE ${key} < ${first} OR ${key} >= ${last}`,
    );
    if (Number(beyond) > 0)
      notes.push(
        `${formatCount(Number(beyond))} values lie outside ${first.toLocaleString('en-US')} to ${last.toLocaleString('en-US')} and are not drawn.`,
      );
  }
  const bin = `CAST(floor((${key} - (${bins.low})) / ${bins.width}) AS BIGINT)`;
  const inside = `least(${bins.count - 1}, greatest(0, ${bin}))`;
  return {
    sql: isFar ? `CASE WHEN ${key} >= ${first} AND ${key} < ${last} THEN ${inside} END` : inside,
    read: (place) => ({ at: edge(bins, Number(place)), to: edge(bins, Number(place) + 1) }),
    order: null,
    notes,
  };
}

/** Times put together by a unit that suits how far they reach. */
export async function timesOf(
  query: Query,
  table: string,
  key: string,
  type: 'date' | 'timestamp',
): Promise<Places> {
  const [row = []] = await query(`SELECT epoch(max(${key})) - epoch(min(${key})) FROM ${table}`);
  const { unit, seconds, step } = unitFor(Number(row[0] ?? 0), type);
  const format = literal(seconds >= 86_400 ? '%Y-%m-%d' : '%Y-%m-%d %H:%M:%S');
  const start = `date_trunc('${unit}', ${key})`;
  return {
    // An interval of hours makes a date a time, and one of days does not: both are times here.
    sql: `strftime(CAST(${start} AS TIMESTAMP), ${format}) || '/' || strftime(CAST(${start} AS TIMESTAMP) + INTERVAL ${step}, ${format})`,
    read: (place) => {
      const [at = '', to = ''] = String(place).split('/');
      return { at, to };
    },
    order: null,
    notes: [unit === 'day' || unit === 'second' ? '' : `Times are put together by ${unit}.`].filter(Boolean),
  };
}

/** The categories with the most of something; the others are put together. @param by SQL of what there has to be most of */
export async function categoriesOf(
  query: Query,
  table: string,
  key: string,
  most: number,
  { by = 'count(*)', numeric = false, where = 'true' } = {},
): Promise<Places> {
  const rows = await query(
    `SELECT ${key} FROM ${table} WHERE ${key} IS NOT NULL AND ${where} GROUP BY ${key} ORDER BY ${by} DESC NULLS LAST, ${key} LIMIT ${most + 1}`,
  );
  const found = rows.map(([value]) => String(value));
  const kept = found.slice(0, found.length > most ? most : undefined);
  if (numeric) kept.sort((a, b) => Number(a) - Number(b));
  const plain = { read: (place: unknown) => ({ at: String(place), to: null }) };
  if (found.length <= most) return { ...plain, sql: key, order: kept, notes: [] };
  let others = 'others';
  while (kept.includes(others)) others = `(${others})`;
  return {
    ...plain,
    sql: `CASE WHEN ${key} IS NULL THEN NULL WHEN list_contains(${list(kept)}, ${key}) THEN ${key} ELSE ${literal(others)} END`,
    order: [...kept, others],
    notes: [`All but ${kept.length} values are put together as “${others}”.`],
  };
}
