import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_FOUND, recipeStep, type Condition, type RecipeStep } from '#shared/domain';
import { openRoom, type Room } from '../support.ts';
import { cases, cities, people } from './cases.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const NASTY = [
  '"; drop table x; --',
  "o'brien'); --",
  'rowid',
  'RowID',
  'data',
  'select',
  't',
  'row_number',
  'changed_1',
  'row_hash',
  'a\nb',
  'a"."b',
  '🚰 Straße',
  '$1 ?',
  '{x}',
  '\\',
  '%s',
  'n',
  'k0',
  'place',
  't.rowid',
  'stage_1',
  'count(*)',
];

/** Names that are as hostile as can be, and different where upper and lower case make no difference. */
const names = (count: number): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
      {
        weight: 1,
        arbitrary: fc
          .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
          .filter(
            (name) => name.trim() === name && name !== '' && !/[\0\r\n]/.test(name) && !/^\d+$/.test(name),
          ),
      },
    ),
    { minLength: count, maxLength: count, selector: (name) => name.toLowerCase() },
  );

const original = ['id', 'name', 'city', 'joined', 'amount', 'score', 'active', 'tags', 'when'];

/** The same step with other names for the columns of the table. */
function renamed(step: RecipeStep, to: (name: string) => string): RecipeStep {
  const condition = (one: Condition): Condition => {
    if ('all' in one) return { all: one.all.map(condition) };
    if ('any' in one) return { any: one.any.map(condition) };
    if ('not' in one) return { not: condition(one.not) };
    return { ...one, column: to(one.column) };
  };
  const list = (columns: readonly string[]): string[] => columns.map(to);
  const changed: Record<string, unknown> = { ...step };
  for (const key of ['columns', 'keys', 'rows'] as const) {
    const value = changed[key];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) changed[key] = list(value);
  }
  for (const key of ['column', 'target', 'value'] as const) {
    const value = changed[key];
    if (typeof value === 'string' && original.includes(value)) changed[key] = to(value);
  }
  if (step.kind === 'rename-columns')
    changed['names'] = step.names.map(({ from, to: into }) => ({ from: to(from), to: `${into}!` }));
  if (step.kind === 'filter') changed['where'] = condition(step.where);
  if (step.kind === 'group') {
    changed['by'] = list(step.by);
    changed['measures'] = step.measures.map((one, index) => ({
      ...one,
      into: `${index}m`,
      column: one.column === null ? null : to(one.column),
    }));
  }
  if (step.kind === 'sort') changed['by'] = step.by.map((one) => ({ ...one, column: to(one.column) }));
  if (step.kind === 'join') changed['keys'] = step.keys.map(({ left, right }) => ({ left: to(left), right }));
  if (step.kind === 'derive' || step.kind === 'sql') {
    const key = step.kind === 'sql' ? 'sql' : 'expression';
    const text = String(changed[key]);
    changed[key] = text.replace(
      /\b(amount|score|name|city)\b/g,
      (name) => `"${to(name).replaceAll('"', '""')}"`,
    );
  }
  if (step.kind === 'derive' && step.name === 'name') changed['name'] = to('name');
  return recipeStep.parse(changed);
}

describe('names and values are never SQL', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, { typed, before, step }) => {
    await fc.assert(
      fc.asyncProperty(names(original.length), async (made) => {
        const to = (name: string): string => made[original.indexOf(name)] ?? name;
        const [, ...rows] = people.split('\n');
        const header = made.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
        const reading = {
          ...AS_FOUND,
          encoding: 'utf-8',
          delimiter: ',',
          quote: '"',
          skipLines: 0,
          headerRows: 1,
        } as const;
        const file = await room.file('hostile.csv', [header, ...rows].join('\n'));
        const plain = await room.file('plain.csv', people);
        const inputs = { cities: await room.file('cities.csv', cities) };
        const steps: RecipeStep[] = [
          ...(typed === true ? [{ kind: 'real-types' } as const] : []),
          ...(before ?? []),
          step,
        ];
        const recipe = (of: readonly RecipeStep[]) => ({
          version: 1 as const,
          name: 'Hostile',
          target: null,
          steps: [...of],
        });
        const source = { path: file, reading };
        const { columns } = await room.tables.preview(source);
        fc.pre(columns.length === made.length && columns.every(({ name }, index) => name === made[index]));
        // Under any names the rows come out as under plain ones.
        const nasty = await room.tables.previewSteps(source, recipe(steps.map((one) => renamed(one, to))), {
          inputs,
        });
        const nice = await room.tables.previewSteps(plain, recipe(steps), { inputs });
        // A name may be taken by one that a step makes: that is said, and nothing else goes wrong.
        if (nasty.problem !== null) {
          expect(nasty.problem.error.message).toContain('there is a column named');
          return;
        }
        // A name can change how a column is read, e.g. one that says date.
        if (
          JSON.stringify(nasty.columns.map(({ type }) => type)) ===
            JSON.stringify(nice.columns.map(({ type }) => type)) &&
          step.kind !== 'unpivot'
        )
          expect(nasty.rows).toEqual(nice.rows);
        expect(nasty.steps.map(({ rowsIn, rowsOut }) => [rowsIn, rowsOut])).toEqual(
          nice.steps.map(({ rowsIn, rowsOut }) => [rowsIn, rowsOut]),
        );
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });

  test('hostile values are values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constantFrom(
            "'; drop table x; --",
            '\\',
            "''",
            '%',
            '_',
            '\0',
            '\\0',
            '$$',
            '🚰',
            '[a-z]*',
            '"',
            "E'\\n'",
          ),
          fc.string({ minLength: 1, maxLength: 20 }),
        ),
        async (value) => {
          const cell = value.replaceAll('\0', '');
          const file = await room.file(
            'values.json',
            JSON.stringify([
              { x: `<${cell}>`, n: 'a' },
              { x: 'other', n: 'b' },
            ]),
          );
          const steps: RecipeStep[] = [
            { kind: 'fill-missing', columns: ['n'], with: { kind: 'constant', value }, fit: 'all' },
            {
              kind: 'replace-text',
              columns: ['x'],
              match: 'text',
              find: `<${value}>`,
              with: value,
              ignoreCase: false,
            },
            {
              kind: 'replace-text',
              columns: ['x'],
              match: 'whole-cell',
              find: value,
              with: `[${value}]`,
              ignoreCase: false,
            },
            {
              kind: 'filter',
              where: {
                any: [
                  { column: 'x', is: 'equal', value: `[${value}]` },
                  { column: 'x', is: 'contains', value: 'other' },
                ],
              },
            },
            { kind: 'encode', columns: ['n'], as: { kind: 'ordinal', order: [value, 'a', 'b'] }, fit: 'all' },
          ];
          const { problem, rows } = await room.tables.previewSteps(file, {
            version: 1,
            name: 'V',
            target: null,
            steps,
          });
          expect(problem).toBeNull();
          if (!value.includes('\0')) expect(rows.map(([x]) => x)).toEqual([`[${value}]`, 'other']);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });
});
