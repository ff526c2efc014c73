import { expect, test } from 'vitest';
import { condition, type Condition } from '#shared/domain';
import { columnOptions } from '#internal/renderer/src/features/process/fields/column-options';
import {
  conditionOf,
  groupOf,
  operatorOptions,
  withOperator,
} from '#internal/renderer/src/features/process/fields/condition';
import { tryOut } from '#internal/renderer/src/features/process/fields/tester';

const is = { column: 'a', is: 'equal', value: '1' } as const;

test('conditions become groups and the same conditions again', () => {
  const all: Condition[] = [
    { all: [is] },
    { any: [is, { all: [is, is] }] },
    { not: { any: [is] } },
    { not: { all: [is, is] } },
  ];
  for (const one of all) {
    expect(conditionOf(groupOf(one))).toEqual(one);
    expect(condition.safeParse(one).success).toBe(true);
  }
  expect(groupOf(is)).toEqual({ how: 'all', of: [is] });
  expect(groupOf({ not: { not: { any: [is] } } })).toEqual({ how: 'any', of: [is] });
  expect(groupOf({ not: is })).toEqual({ how: 'not-all', of: [is] });
});

test('what can be asked follows the type of the column; what is asked now always stays', () => {
  const values = (type: string | undefined, now: 'equal' | 'contains' = 'equal') =>
    operatorOptions(type, now).map(({ value }) => value);
  expect(values('text')).toContain('matches');
  expect(values('text')).not.toContain('less');
  expect(values('decimal')).not.toContain('contains');
  expect(values('decimal', 'contains')).toContain('contains');
  expect(operatorOptions('date', 'less').find(({ value }) => value === 'less')?.label).toBe('is before');
});

test('a comparison keeps what was written when another question is asked', () => {
  expect(withOperator(is, 'between')).toEqual({ column: 'a', is: 'between', low: '1', high: '' });
  expect(withOperator(is, 'one-of')).toEqual({ column: 'a', is: 'one-of', values: ['1'] });
  expect(withOperator(is, 'missing')).toEqual({ column: 'a', is: 'missing' });
  expect(withOperator({ column: 'a', is: 'one-of', values: ['x', 'y'] }, 'contains')).toEqual({
    column: 'a',
    is: 'contains',
    value: 'x',
  });
});

test('columns that fit come first, and where none does it is said what to do', () => {
  const columns = [
    { name: 'n', type: 'integer' },
    { name: 't', type: 'text' },
    { name: '', type: 'text' },
    { name: 't', type: 'text' },
  ];
  expect(columnOptions(columns, 'any').fitting).toEqual(['n', 't']);
  const numbers = columnOptions(columns, 'number');
  expect(numbers.fitting).toEqual(['n']);
  expect(numbers.data).toHaveLength(2);
  expect(numbers.hint).toBeNull();
  expect(columnOptions([{ name: 't', type: 'text' }], 'number').hint).toContain('Real types');
});

test('find and replace is tried as the engine does it', () => {
  const search = { match: 'text', find: 'a.', with: 'x', ignoreCase: false } as const;
  expect(tryOut(search, 'a.ab')?.result).toBe('xab');
  expect(tryOut({ ...search, match: 'whole-cell' }, 'a.')?.result).toBe('x');
  expect(tryOut({ ...search, match: 'whole-cell' }, 'a.a.')?.result).toBe('a.a.');
  const pattern = { match: 'pattern', find: '(\\d+)-(\\d+)', with: '\\2/\\1 $1', ignoreCase: false } as const;
  expect(tryOut(pattern, 'x 1-22 y')).toEqual({
    pieces: [
      { text: 'x ', found: false },
      { text: '1-22', found: true },
      { text: ' y', found: false },
    ],
    result: 'x 22/1 $1 y',
  });
  expect(tryOut({ ...pattern, find: '(' }, 'x')).toBeNull();
  expect(tryOut({ ...search, find: 'A.', ignoreCase: true }, 'a.')?.result).toBe('x');
});
