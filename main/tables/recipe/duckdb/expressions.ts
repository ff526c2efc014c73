import { assertNever } from '#shared/lib';
import { list, literal, physicalType, valueSql, whiteSpace } from '../../sql/index.ts';
import type { Expression, Predicate, ValueType } from '../tree.ts';

/** How the columns of a table are written in SQL. Always with the table's name before it: an alias is never meant. */
export type Scope = (column: string) => string;

export function expressionSql(expression: Expression, scope: Scope): string {
  const sql = (of: Expression): string => expressionSql(of, scope);
  switch (expression.op) {
    case 'column':
      return scope(expression.name);
    case 'literal':
      return literalSql(expression.value, expression.type);
    case 'missing':
      return `CAST(NULL AS ${TYPES[expression.type]})`;
    case 'trim':
      return `trim(${sql(expression.of)}, ${whiteSpace})`;
    case 'null-if-empty':
      return `nullif(${sql(expression.of)}, '')`;
    case 'parse':
      return valueSql(sql(expression.of), expression.type, physicalType(expression.type, expression.numbers));
    case 'to-text':
      return `CAST(${sql(expression.of)} AS VARCHAR)`;
    case 'to-double':
      return `CAST(${sql(expression.of)} AS DOUBLE)`;
    case 'change-case':
      return `${expression.to}(${sql(expression.of)})`;
    case 'replace':
      return replaceSql(expression, sql(expression.of));
    case 'piece': {
      const pieces = `string_split(${sql(expression.of)}, ${literal(expression.separator)})`;
      const { index } = expression;
      if (!expression.rest) return `${pieces}[${index}]`;
      return `CASE WHEN len(${pieces}) >= ${index} THEN array_to_string(${pieces}[${index}:], ${literal(expression.separator)}) END`;
    }
    case 'concat': {
      const parts = expression.of.map(sql).join(', ');
      return `CASE WHEN coalesce(${parts}) IS NOT NULL THEN concat_ws(${literal(expression.separator)}, ${parts}) END`;
    }
    case 'if-missing':
      return `coalesce(${sql(expression.of)}, ${sql(expression.instead)})`;
    case 'previous':
      return `last_value(${sql(expression.of)} IGNORE NULLS) OVER (ORDER BY t.rowid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
    case 'clamp': {
      const of = `CAST(${sql(expression.of)} AS DOUBLE)`;
      return `CASE WHEN ${of} < ${double(expression.low)} THEN ${double(expression.low)} WHEN ${of} > ${double(expression.high)} THEN ${double(expression.high)} ELSE ${of} END`;
    }
    case 'scale':
      return `(CAST(${sql(expression.of)} AS DOUBLE) - ${double(expression.offset)}) / ${double(expression.divisor)}`;
    case 'interval': {
      const of = sql(expression.of);
      const ways = expression.edges.map((edge, index) => ` WHEN ${of} < ${double(edge)} THEN ${index}`);
      return `CASE WHEN ${of} IS NULL THEN NULL${ways.join('')} ELSE ${expression.edges.length} END`;
    }
    case 'indicator':
      return `CASE WHEN ${predicateSql(expression.when, scope)} THEN 1 ELSE 0 END`;
    case 'place-in': {
      const of = sql(expression.of);
      const values = expression.values.length === 0 ? 'CAST([] AS VARCHAR[])' : list(expression.values);
      return `CASE WHEN ${of} IS NOT NULL THEN coalesce(list_position(${values}, ${of}), 0) - 1 END`;
    }
    default:
      return assertNever(expression);
  }
}

export function predicateSql(predicate: Predicate, scope: Scope): string {
  const sql = (of: Expression): string => expressionSql(of, scope);
  switch (predicate.op) {
    case 'compare':
      return `${sql(predicate.left)} ${SIGNS[predicate.how]} ${sql(predicate.right)}`;
    case 'is-missing':
      return `${sql(predicate.of)} IS NULL`;
    case 'text-match':
      return `${MATCHES[predicate.how]}(${sql(predicate.of)}, ${literal(predicate.value)})`;
    case 'all':
      return joined(predicate.of, ' AND ', scope, 'true');
    case 'any':
      return joined(predicate.of, ' OR ', scope, 'false');
    case 'not':
      return `(${predicateSql(predicate.of, scope)}) IS NOT TRUE`;
    default:
      return assertNever(predicate);
  }
}

function joined(parts: readonly Predicate[], word: string, scope: Scope, none: string): string {
  if (parts.length === 0) return none;
  return parts.map((part) => `(${predicateSql(part, scope)})`).join(word);
}

const SIGNS = {
  equal: '=',
  'not-equal': '<>',
  less: '<',
  'at-most': '<=',
  more: '>',
  'at-least': '>=',
} as const;

const MATCHES = {
  contains: 'contains',
  'starts-with': 'starts_with',
  'ends-with': 'ends_with',
  matches: 'regexp_matches',
} as const;

/** What a value is stored as where nothing more is known of it. */
export const TYPES: Readonly<Record<ValueType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** A number that was computed, to the last bit; with a power of ten, SQL reads it as a double and not as a decimal. */
export function double(value: number): string {
  const text = value.toExponential();
  return value < 0 ? `(${text})` : text;
}

function literalSql(value: string | number | boolean, type: ValueType): string {
  switch (type) {
    case 'text':
      return literal(String(value));
    case 'integer':
    case 'decimal': {
      if (typeof value === 'number') return type === 'integer' ? signed(String(value)) : double(value);
      // As it was written down, so that it keeps its places; what the engine itself wrote otherwise is a double.
      const text = String(value);
      return /^-?(?:\d+\.?\d*|\.\d+)$/.test(text) ? signed(text) : `CAST(${literal(text)} AS DOUBLE)`;
    }
    case 'boolean':
      return String(value) === 'true' ? 'true' : 'false';
    case 'date':
      return `DATE ${literal(String(value))}`;
    case 'timestamp':
      return `TIMESTAMP ${literal(String(value))}`;
    default:
      return assertNever(type);
  }
}

function signed(digits: string): string {
  return digits.startsWith('-') ? `(${digits})` : digits;
}

function replaceSql(replace: Extract<Expression, { op: 'replace' }>, of: string): string {
  const { match, ignoreCase } = replace;
  const find = literal(replace.find);
  const by = literal(replace.with);
  switch (match) {
    case 'text':
      if (!ignoreCase) return `replace(${of}, ${find}, ${by})`;
      return `regexp_replace(${of}, ${literal(replace.find.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => `\\${sign}`))}, ${literal(replace.with.replaceAll('\\', '\\\\'))}, 'gi')`;
    case 'whole-cell':
      return ignoreCase
        ? `CASE WHEN lower(${of}) = lower(${find}) THEN ${by} ELSE ${of} END`
        : `CASE WHEN ${of} = ${find} THEN ${by} ELSE ${of} END`;
    case 'pattern':
      return `regexp_replace(${of}, ${find}, ${by}, ${ignoreCase ? "'gi'" : "'g'"})`;
    default:
      return assertNever(match);
  }
}
