import type { Session } from '../database.ts';

export type ColumnKind =
  | 'text'
  | 'whole'
  | 'decimal'
  | 'real'
  | 'boolean'
  | 'date'
  | 'time'
  | 'moment'
  | 'other';

/** A column of a query, as the formats tell columns apart. */
export interface OutputColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** DuckDB's name of its type. */
  readonly type: string;
}

const WHOLE = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$|^BIGNUM$/;

export async function columnsOf(session: Session, query: string): Promise<readonly OutputColumn[]> {
  const described = await session.query(`DESCRIBE ${query}`);
  return described.map(([name, type]) => ({
    name: String(name),
    type: String(type),
    kind: kindOf(String(type)),
  }));
}

export function kindOf(type: string): ColumnKind {
  if (type === 'VARCHAR' || type.startsWith('ENUM')) return 'text';
  if (type.endsWith(']')) return 'other';
  if (WHOLE.test(type)) return 'whole';
  if (type.startsWith('DECIMAL')) return 'decimal';
  if (type === 'DOUBLE' || type === 'FLOAT') return 'real';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'DATE') return 'date';
  if (type === 'TIME') return 'time';
  if (type.startsWith('TIMESTAMP')) return 'moment';
  return 'other';
}
