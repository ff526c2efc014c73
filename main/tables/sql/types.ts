import type { ColumnType } from '#shared/domain';
import { assertNever } from '#shared/lib';
import {
  affixedPattern,
  englishMonthsSql,
  LOSSY,
  NULL_WORDS,
  patternOf,
  type NumberFacts,
} from '../types/index.ts';
import { literal } from './quote.ts';

/** White space that `trim` takes off: blanks, tabs, line ends, and the blanks that do not break. */
export const whiteSpace = "E' \\t\\r\\n\u00a0\u2007\u202f\ufeff'";

/**
 * How a column is stored once it has its type. Decimals with the same number of places everywhere keep them exactly; the
 * others become doubles where those are exact enough to come back as the same digits.
 */
export function physicalType(type: ColumnType, facts: NumberFacts | null): string {
  switch (type.kind) {
    case 'text':
      return 'VARCHAR';
    case 'integer':
      return 'BIGINT';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'decimal': {
      if (facts === null) return 'DOUBLE';
      const { whole, scaleMin, scaleMax } = facts;
      const digits = whole + scaleMax;
      if (scaleMin === scaleMax && scaleMax > 0 && digits <= 38)
        return `DECIMAL(${digits <= 18 ? 18 : 38}, ${scaleMax})`;
      if (digits <= 15 || scaleMax === 0) return 'DOUBLE';
      return digits <= 38 ? `DECIMAL(38, ${scaleMax})` : 'VARCHAR';
    }
    default:
      return assertNever(type);
  }
}

type NumberType = Extract<ColumnType, { kind: 'integer' | 'decimal' }>;

/** Whether a currency, a percent sign, brackets or a sign behind may stand around the digits. */
export function hasAffix({ unit, accounting }: NumberType): boolean {
  return unit !== undefined || accounting === true;
}

/** The text of a number as SQL itself writes numbers. */
export function numberText(cell: string, type: NumberType): string {
  if (hasAffix(type)) {
    const point = type.kind === 'decimal' ? type.point : '';
    const bare = type.unit === undefined ? cell : `replace(${cell}, ${literal(type.unit)}, '')`;
    const digits = `replace(regexp_replace(${bare}, ${literal(`[^0-9${point}]`)}, '', 'g'), ',', '.')`;
    return `(CASE WHEN regexp_matches(${cell}, '[-(]') THEN '-' ELSE '' END || ${digits})`;
  }
  let text = cell;
  if (type.thousands !== null) text = `replace(${text}, ${literal(type.thousands)}, '')`;
  if (type.kind === 'decimal' && type.point === ',') text = `replace(${text}, ',', '.')`;
  return text;
}

/**
 * The SQL that reads a cell as its type, null where it does not fit. Casts alone forgive too much ('1.5' would become 2,
 * '007' 7, '0x1F' 31), so that each stands behind the pattern of what is meant.
 */
export function valueSql(cell: string, type: ColumnType, physical: string): string {
  switch (type.kind) {
    case 'text':
      return cell;
    case 'integer':
    case 'decimal': {
      const pattern = affixedPattern(
        { point: type.kind === 'decimal' ? type.point : '.', thousands: type.thousands },
        type.kind === 'integer',
        { unit: type.unit ?? null, accounting: type.accounting === true },
      );
      return `CASE WHEN ${fits(cell, pattern)} THEN TRY_CAST(${numberText(cell, type)} AS ${physical}) END`;
    }
    case 'boolean': {
      const is = (words: readonly string[]): string => fits(cell, `(?i)${words.map(escaped).join('|')}`);
      return `CASE WHEN ${is(type.yes)} THEN true WHEN ${is(type.no)} THEN false END`;
    }
    case 'date':
    case 'timestamp': {
      const { months } = type;
      const text = months === undefined ? cell : englishMonthsSql(cell, months, literal);
      const ways = type.formats.map((format) => {
        const read =
          format === '%Y-%m-%d'
            ? `TRY_CAST(${cell} AS ${physical})`
            : `CAST(try_strptime(${text}, ${literal(format)}) AS ${physical})`;
        return `WHEN ${fits(text, patternOf(format))} THEN ${read}`;
      });
      return `CASE ${ways.join(' ')} END`;
    }
    default:
      return assertNever(type);
  }
}

function fits(cell: string, pattern: string): string {
  return `regexp_full_match(${cell}, ${literal(`\\s*(?:${pattern})\\s*`)})`;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`);
}

/**
 * What a cell is whose value came out null: 0 nothing, 1 something that does not fit, 2 a number that would lose something;
 * null where the value is there. Written so that no part stands in it twice: DuckDB would take that out and work it out for
 * every row, where hardly any needs it.
 */
export function misfitSql(cell: string, value: string, type: ColumnType): string {
  const own = 'nulls' in type ? (type.nulls ?? []) : [];
  const nothing = fits(cell, `(?i)|${[...NULL_WORDS, ...own].map(escaped).join('|')}`);
  const losing =
    type.kind === 'integer' || type.kind === 'decimal' ? ` WHEN ${fits(cell, LOSSY)} THEN 2` : '';
  return `CASE WHEN ${value} IS NULL THEN CASE WHEN ${cell} IS NULL OR ${nothing} THEN 0${losing} ELSE 1 END END`;
}
