import type { Comparison, Condition, PlainValue } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { inWords, type SchemaColumn } from './schema.ts';
import { columnOf, type StepContext } from './step-context.ts';
import { checkPattern } from './patterns.ts';
import type { Expression, Predicate } from './tree.ts';

/** @throws STEP_COLUMN_MISSING, STEP_INVALID */
export function predicateOf(at: StepContext, condition: Condition): Predicate {
  if ('all' in condition) return { op: 'all', of: condition.all.map((part) => predicateOf(at, part)) };
  if ('any' in condition) return { op: 'any', of: condition.any.map((part) => predicateOf(at, part)) };
  if ('not' in condition) return { op: 'not', of: predicateOf(at, condition.not) };
  return comparisonOf(at, condition);
}

function comparisonOf(at: StepContext, asked: Comparison): Predicate {
  const column = at.column(asked.column);
  const of = columnOf(column.name);
  switch (asked.is) {
    case 'equal':
    case 'not-equal':
    case 'less':
    case 'at-most':
    case 'more':
    case 'at-least':
      return { op: 'compare', how: asked.is, left: of, right: literalFor(at, column, asked.value) };
    case 'between':
      return {
        op: 'all',
        of: [
          { op: 'compare', how: 'at-least', left: of, right: literalFor(at, column, asked.low) },
          { op: 'compare', how: 'at-most', left: of, right: literalFor(at, column, asked.high) },
        ],
      };
    case 'one-of':
      return {
        op: 'any',
        of: asked.values.map((value) => ({
          op: 'compare',
          how: 'equal',
          left: of,
          right: literalFor(at, column, value),
        })),
      };
    case 'contains':
    case 'starts-with':
    case 'ends-with':
    case 'matches':
      if (asked.is === 'matches') checkPattern(at, asked.value);
      at.text(column.name, 'looking into a value');
      return { op: 'text-match', how: asked.is, of, value: asked.value };
    case 'missing':
      return { op: 'is-missing', of };
    case 'present':
      return { op: 'not', of: { op: 'is-missing', of } };
    default:
      return assertNever(asked);
  }
}

const NUMBER = /^[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$/;

/** A value that a person wrote, as one of the column's type. @throws STEP_INVALID where it is none */
export function literalFor(
  at: StepContext,
  column: SchemaColumn,
  value: PlainValue,
): Extract<Expression, { op: 'literal' }> {
  const { name, type } = column;
  const no = () => at.refused(`${JSON.stringify(value)} is not ${inWords(type)}, as ${name} is`);
  switch (type) {
    case 'text':
      // A number is compared with text by its digits, which is hardly meant.
      if (typeof value !== 'string' && column.unsure !== true) throw no();
      return { op: 'literal', value: String(value), type };
    case 'integer':
    case 'decimal': {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string') throw no();
      if (typeof value === 'number' && Number.isFinite(value) && !NUMBER.test(text))
        return { op: 'literal', value, type: 'decimal' };
      if (!NUMBER.test(text)) throw no();
      return { op: 'literal', value: text.replace(/^\+/, ''), type: /\./.test(text) ? 'decimal' : 'integer' };
    }
    case 'boolean':
      if (typeof value === 'boolean') return { op: 'literal', value, type };
      if (value === 'true' || value === 'false') return { op: 'literal', value: value === 'true', type };
      throw no();
    case 'date':
    case 'timestamp':
      if (typeof value !== 'string' || !(type === 'date' ? DATE : TIMESTAMP).test(value) || !isDay(value))
        throw no();
      return { op: 'literal', value, type };
    default:
      return assertNever(type);
  }
}

function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) return false;
  return (
    text.length === 10 ||
    !Number.isNaN(Date.parse(`${text.replace(' ', 'T').slice(0, 19)}Z`.replace(/T(\d\d:\d\d)Z$/, 'T$1:00Z')))
  );
}
