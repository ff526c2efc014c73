import { assertNever } from '#shared/lib';
import type { Comparison, Condition } from '#shared/domain';
import { isNumber } from './around.ts';

/** A group of conditions as a form shows it. */
export type How = 'all' | 'any' | 'none' | 'not-all';
export interface Group {
  readonly how: How;
  readonly of: readonly Condition[];
}

export const isComparison = (condition: Condition): condition is Comparison => 'is' in condition;

/** @returns a condition as a group; a single comparison is a group of one */
export function groupOf(condition: Condition): Group {
  if ('all' in condition) return { how: 'all', of: condition.all };
  if ('any' in condition) return { how: 'any', of: condition.any };
  if (isComparison(condition)) return { how: 'all', of: [condition] };
  const inner = groupOf(condition.not);
  // Twice not is itself.
  if (inner.how === 'none') return { how: 'any', of: inner.of };
  if (inner.how === 'not-all') return { how: 'all', of: inner.of };
  return { how: inner.how === 'any' ? 'none' : 'not-all', of: inner.of };
}

export function conditionOf({ how, of }: Group): Condition {
  switch (how) {
    case 'all':
      return { all: of };
    case 'any':
      return { any: of };
    case 'none':
      return { not: { any: of } };
    case 'not-all':
      return { not: { all: of } };
    default:
      return assertNever(how);
  }
}

export const BLANK: Comparison = { column: '', is: 'equal', value: '' };

export type Operator = Comparison['is'];

const LABELS: Readonly<Record<Operator, string>> = {
  equal: 'is',
  'not-equal': 'is not',
  less: 'is less than',
  'at-most': 'is at most',
  more: 'is more than',
  'at-least': 'is at least',
  between: 'is between',
  'one-of': 'is one of',
  contains: 'contains',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  matches: 'matches the pattern',
  missing: 'is missing',
  present: 'is there',
};
const DATE_LABELS: Partial<Record<Operator, string>> = {
  less: 'is before',
  'at-most': 'is on or before',
  more: 'is after',
  'at-least': 'is on or after',
};
const ORDERED: readonly Operator[] = [
  'equal',
  'not-equal',
  'less',
  'at-most',
  'more',
  'at-least',
  'between',
  'one-of',
  'missing',
  'present',
];

function operatorsOf(type: string | undefined): readonly Operator[] {
  if (type === undefined) return Object.keys(LABELS) as Operator[];
  if (isNumber(type) || type === 'date' || type === 'timestamp') return ORDERED;
  if (type === 'boolean') return ['equal', 'missing', 'present'];
  return [
    'equal',
    'not-equal',
    'contains',
    'starts-with',
    'ends-with',
    'matches',
    'one-of',
    'missing',
    'present',
  ];
}

/** What can be asked of a column of a type, and what is asked now. */
export function operatorOptions(
  type: string | undefined,
  now: Operator,
): { readonly value: Operator; readonly label: string }[] {
  const words = type === 'date' || type === 'timestamp' ? { ...LABELS, ...DATE_LABELS } : LABELS;
  return [...new Set([...operatorsOf(type), now])].map((value) => ({ value, label: words[value] }));
}

/** The same comparison with another question; what was written is kept where it can be. */
export function withOperator(now: Comparison, is: Operator): Comparison {
  const { column } = now;
  const value = firstValue(now);
  switch (is) {
    case 'missing':
    case 'present':
      return { column, is };
    case 'between':
      return { column, is, low: value, high: 'high' in now ? now.high : '' };
    case 'one-of':
      return { column, is, values: value === '' ? [] : [value] };
    case 'contains':
    case 'starts-with':
    case 'ends-with':
    case 'matches':
      return { column, is, value: String(value) };
    default:
      return { column, is, value };
  }
}

function firstValue(now: Comparison) {
  if ('value' in now) return now.value;
  if ('low' in now) return now.low;
  return 'values' in now ? (now.values[0] ?? '') : '';
}
