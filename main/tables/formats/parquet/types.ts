import type { ColumnType } from '#shared/domain';
import { identifier, literal } from '../../sql/index.ts';

/** How a column of Parquet is read: the SQL of its text, which loses nothing, and the type the text has. */
export interface ParquetColumn {
  readonly text: string;
  readonly type: ColumnType;
  readonly note: string | null;
}

const TEXT: ColumnType = { kind: 'text' };
const INTEGER: ColumnType = { kind: 'integer', thousands: null };
const DECIMAL: ColumnType = { kind: 'decimal', point: '.', thousands: null };
const TIMESTAMPS = ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f'];

/** @param type as DuckDB names it */
export function parquetColumn(name: string, type: string): ParquetColumn {
  const cell = identifier(name);
  const plain = `CAST(${cell} AS VARCHAR)`;
  const as = (columnType: ColumnType, text = plain, note: string | null = null): ParquetColumn => ({
    text,
    type: columnType,
    note,
  });
  if (/[[\]]$|^(?:STRUCT|MAP|UNION|LIST)/.test(type)) return as(TEXT, `CAST(to_json(${cell}) AS VARCHAR)`);
  if (/^U?(?:TINY|SMALL|BIG|HUGE)INT$|^U?INTEGER$/.test(type)) return as(INTEGER);
  const places = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(type)?.[1];
  if (places !== undefined) return as(places === '0' ? INTEGER : DECIMAL);
  switch (type) {
    case 'VARCHAR':
      return as(TEXT, cell);
    case 'FLOAT':
    case 'DOUBLE':
      return as(DECIMAL, plainDouble(plain, cell));
    case 'BOOLEAN':
      return as({ kind: 'boolean', yes: ['true'], no: ['false'] });
    case 'DATE':
      return as({ kind: 'date', formats: ['%Y-%m-%d'] });
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
      return as({ kind: 'timestamp', formats: TIMESTAMPS });
    case 'TIMESTAMP_NS':
      return as({ kind: 'timestamp', formats: [...TIMESTAMPS, '%Y-%m-%d %H:%M:%S.%n'] });
    case 'TIMESTAMP WITH TIME ZONE':
      // The instant, in UTC; the zone is said in every cell.
      return as(
        { kind: 'timestamp', formats: TIMESTAMPS.map((format) => `${format}Z`) },
        `CAST(${cell} AT TIME ZONE 'UTC' AS VARCHAR) || 'Z'`,
        'Times are in UTC.',
      );
    default:
      // Times of day, intervals, UUIDs, bytes, enumerations: their text is all there is.
      return as(TEXT);
  }
}

/** Doubles beyond 1e15 and below 1e-5 have a power of ten in SQL; written out, they keep the same digits. */
function plainDouble(text: string, cell: string): string {
  const part = (pattern: string, group: number): string =>
    `regexp_extract(${text}, ${literal(pattern)}, ${group})`;
  const form = '^(-?)([0-9])(?:[.]([0-9]+))?e([+-][0-9]+)$';
  const digits = `(${part(form, 2)} || ${part(form, 3)})`;
  const power = `TRY_CAST(${part(form, 4)} AS INTEGER)`;
  const whole = `${digits} || repeat('0', ${power} + 1 - length(${digits})) || '.0'`;
  const broken = `left(${digits}, ${power} + 1) || '.' || substr(${digits}, ${power} + 2)`;
  const large = `${part(form, 1)} || CASE WHEN length(${digits}) > ${power} + 1 THEN ${broken} ELSE ${whole} END`;
  const small = `${part(form, 1)} || '0.' || repeat('0', -${power} - 1) || ${digits}`;
  return `CASE WHEN ${cell} IS NULL THEN NULL WHEN NOT contains(${text}, 'e') THEN ${text} WHEN ${power} > 0 THEN ${large} ELSE ${small} END`;
}
