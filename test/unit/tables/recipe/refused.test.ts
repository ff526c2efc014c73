import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanRecipe, readRecipe, writeRecipe, type Recipe, type RecipeStep } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { openRoom, type Room } from '../support.ts';
import { cities, people } from './cases.ts';

let room: Room;
let file: string;
let other: string;
beforeAll(async () => {
  room = await openRoom();
  file = await room.file('people.csv', people);
  other = await room.file('cities.csv', cities);
});
afterAll(() => room.close());

const recipe = (...steps: RecipeStep[]): Recipe => ({ version: 1, name: 'Test', target: null, steps });
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'it went well';
  } catch (error) {
    return isSluiceError(error) ? `${error.code}: ${error.message} ${error.hint}` : String(error);
  }
}
const failing = (steps: RecipeStep[], inputs: Record<string, string> = {}): Promise<string> =>
  failure(room.tables.run({ source: file, inputs, recipe: recipe(...steps), outputs: room.outputs('csv') }));
const types: RecipeStep = { kind: 'real-types' };

describe('a recipe that cannot be run says why, and nothing is written', () => {
  test.each<[string, RecipeStep[], string]>([
    [
      'a column that is not there',
      [types, { kind: 'drop-columns', columns: ['Amont'] }],
      'STEP_COLUMN_MISSING: Step 2 names a column that is not there: Amont. Did you mean amount?',
    ],
    [
      'one that went before',
      [
        { kind: 'drop-columns', columns: ['tags'] },
        { kind: 'trim', columns: ['tags'] },
      ],
      'Step 2 names a column that is not there: tags.',
    ],
    ['other case', [{ kind: 'drop-columns', columns: ['ID'] }], 'Did you mean id?'],
    [
      'mean of text',
      [types, { kind: 'fill-missing', columns: ['name'], with: { kind: 'mean' }, fit: 'all' }],
      'STEP_INVALID: Step 2 cannot be done: a mean needs numbers, and name is text.',
    ],
    [
      'numbers that are text yet',
      [{ kind: 'scale', columns: ['amount'], to: 'standard', fit: 'all' }],
      'scaling needs numbers, and amount is text',
    ],
    [
      'trim of a date',
      [types, { kind: 'trim', columns: ['joined'] }],
      'this step needs text, and joined is a date',
    ],
    [
      'a name that is taken',
      [{ kind: 'rename-columns', names: [{ from: 'id', to: 'NAME' }] }],
      'there is a column named',
    ],
    [
      'no column left',
      [
        {
          kind: 'drop-columns',
          columns: ['id', 'name', 'city', 'joined', 'amount', 'score', 'active', 'tags', 'when'],
        },
      ],
      'no column would be left',
    ],
    [
      'a number compared with text',
      [{ kind: 'filter', where: { column: 'amount', is: 'more', value: 5 } }],
      '5 is not text, as amount is',
    ],
    [
      'a day that is none',
      [types, { kind: 'filter', where: { column: 'joined', is: 'less', value: '2024-02-31' } }],
      '"2024-02-31" is not a date',
    ],
    [
      'a pattern that is none',
      [{ kind: 'filter', where: { column: 'name', is: 'matches', value: '(' } }],
      'the pattern ( cannot be read',
    ],
    [
      'learning from training rows without any',
      [types, { kind: 'scale', columns: ['score'], to: 'standard', fit: 'train' }],
      'no step before it splits the table',
    ],
    [
      'edges that fall',
      [
        types,
        { kind: 'bucket', column: 'score', into: 'b', by: { kind: 'edges', edges: [2, 1] }, fit: 'all' },
      ],
      'the edges do not rise',
    ],
    [
      'a pattern of dates',
      [{ kind: 'parse-date', columns: ['when'], formats: ['yyyy'] }],
      'yyyy is no pattern of a date',
    ],
    [
      'a file that was not given',
      [{ kind: 'append', with: 'more' }],
      'INPUT_NOT_GIVEN: The recipe takes rows from a file it calls more',
    ],
    [
      'SQL that reads files',
      [{ kind: 'sql', sql: "SELECT * FROM read_text('/etc/passwd')" }],
      'SQL_NOT_ALLOWED: This SQL may not use the table function read_text',
    ],
    ['SQL that is none', [{ kind: 'sql', sql: 'SELEC' }], 'SQL_INVALID'],
    ['SQL of other columns', [{ kind: 'sql', sql: 'SELECT amont FROM data' }], 'Candidate'],
    [
      'an expression with more than a value',
      [{ kind: 'derive', name: 'x', expression: 'sum(id)' }],
      'the aggregate sum in an expression',
    ],
    [
      'an expression over what is not there',
      [{ kind: 'derive', name: 'x', expression: 'amont + 1' }],
      'SQL_INVALID',
    ],
  ])('%s', async (_, steps, said) => {
    expect(await failing(steps)).toContain(said);
  });

  test('keys of different types', async () => {
    const join: RecipeStep = {
      kind: 'join',
      with: 'cities',
      how: 'inner',
      keys: [{ left: 'name', right: 'id' }],
      suffix: '_2',
    };
    expect(await failing([types, join], { cities: other })).toContain(
      'name is text and id of cities is a whole number',
    );
    expect(await failing([{ ...join, keys: [{ left: 'id', right: 'idd' }] }], { cities: other })).toContain(
      'idd of cities. Did you mean id?',
    );
  });

  test('a target is never dropped or renamed', async () => {
    const run = (step: RecipeStep) =>
      failure(
        room.tables.run({
          source: file,
          recipe: { ...recipe(step), target: 'active' },
          outputs: room.outputs('csv'),
        }),
      );
    expect(await run({ kind: 'drop-columns', columns: ['active'] })).toContain('never dropped');
    expect(await run({ kind: 'sql', sql: 'SELECT id FROM data' })).toContain('never dropped');
    expect(await run({ kind: 'rename-columns', names: [{ from: 'active', to: 'y' }] })).toContain(
      'whose name stays',
    );
  });

  test('a join that would explode says the numbers', async () => {
    const many = await room.file(
      'many.csv',
      `k,v\n${Array.from({ length: 3000 }, (_, at) => `same,${at}`).join('\n')}\n`,
    );
    const join: RecipeStep = {
      kind: 'join',
      with: 'b',
      how: 'inner',
      keys: [{ left: 'k', right: 'k' }],
      suffix: '_2',
    };
    const run = (step: RecipeStep) =>
      failure(
        room.tables.run({
          source: many,
          inputs: { b: many },
          recipe: recipe(step),
          outputs: room.outputs('csv'),
        }),
      );
    expect(await run(join)).toContain(
      'JOIN_EXPLODES: The join of step 1 would make 9000000 rows of 3000 and 3000, where 1000000 are allowed.',
    );
    expect(await run({ ...join, maxRows: 10_000_000, how: 'anti' })).toBe('it went well');
  });

  test('a preview says the step that fails, with what went before it', async () => {
    const { steps, problem } = await room.tables.previewSteps(
      file,
      recipe({ kind: 'trim' }, { kind: 'drop-columns', columns: ['x'] }),
    );
    expect(steps).toHaveLength(1);
    expect(problem).toMatchObject({ step: 2, error: { code: 'STEP_COLUMN_MISSING' } });
  });
});

test('dividing by 0 leaves nothing, and is counted', async () => {
  const outputs = room.outputs('csv');
  const { counts } = await room.tables.run({
    source: file,
    recipe: recipe(
      types,
      { kind: 'derive', name: 'r', expression: 'id / (score - score)' },
      { kind: 'choose-columns', columns: ['r'] },
    ),
    outputs,
  });
  expect(counts.steps[1]?.warnings).toEqual(['7 rows divide by 0; the result is missing there.']);
  expect((await readFile(outputs[0]?.path ?? '', 'utf8')).replaceAll('\n', '')).toBe('r');
});

test('many rows keep their order, and the same recipe gives the same bytes', async () => {
  const rows = Array.from(
    { length: 150_000 },
    (_, at) => `${at},${(at * 7919) % 1000},${at % 7 === 0 ? '' : (at * 31) % 977}.${at % 9},g${at % 13}`,
  );
  const many = await room.file('large.csv', `id,x,y,g\n${rows.join('\n')}\n`);
  const steps: RecipeStep[] = [
    types,
    { kind: 'drop-duplicates', keys: ['x', 'g'], keep: 'last' },
    { kind: 'derive', name: 'z', expression: 'id * 2' },
    { kind: 'split-train-test', share: 0.2, target: 'g', into: 'split', seed: 3 },
    { kind: 'fill-missing', columns: ['y'], with: { kind: 'mean' }, fit: 'train' },
    { kind: 'scale', columns: ['x', 'y'], to: 'standard', fit: 'train' },
    { kind: 'sample', size: { kind: 'share', share: 0.5 }, seed: 2 },
  ];
  const made: string[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const outputs = room.outputs('csv');
    await room.tables.run({ source: many, recipe: recipe(...steps), outputs });
    made.push(await readFile(outputs[0]?.path ?? '', 'utf8'));
  }
  expect(made[0] === made[1]).toBe(true);
  const lines = (made[0] ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const ids = lines.map(([id]) => Number(id));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  // What was computed elsewhere stands beside the row it was computed of.
  expect(lines.every((cells) => Number(cells[4]) === 2 * Number(cells[0]))).toBe(true);
});

test('a recipe as a file comes back as it was; a newer form is named', () => {
  const whole = cleanRecipe('amount');
  expect(readRecipe(writeRecipe(whole))).toEqual({ ...whole, form: 'sluice-recipe' });
  // As files were before they said their form.
  expect(readRecipe(JSON.stringify(whole))).toEqual(whole);
  const code = (text: string): string => {
    try {
      readRecipe(text);
      return 'read';
    } catch (error) {
      return isSluiceError(error) ? `${error.code}: ${error.message}` : String(error);
    }
  };
  expect(code(JSON.stringify({ ...whole, version: 2 }))).toContain('RECIPE_NEWER');
  expect(code('{')).toContain('it is not JSON');
  expect(code(JSON.stringify({ ...whole, steps: [{ kind: 'fly' }] }))).toContain('RECIPE_INVALID');
  expect(code(JSON.stringify({ ...whole, steps: [{ kind: 'trim', colums: ['a'] }] }))).toContain(
    'RECIPE_INVALID',
  );
  expect(code(JSON.stringify({ ...whole, extra: 1 }))).toContain('RECIPE_INVALID');
});

describe('prepare for modelling', () => {
  test('learns from the training rows only, and says why it leaves columns out', async () => {
    const rows = Array.from({ length: 400 }, (_, at) => {
      const yes = (at * 7) % 3 === 0;
      return [
        `u${at * 17}`,
        'same',
        at % 11 === 0 ? '' : String(20 + ((at * 13) % 50)),
        ['red', 'green', 'blue', ''][at % 4],
        `c${at % 29}`,
        yes ? 'refunded' : 'kept',
        `2024-01-${String((at % 28) + 1).padStart(2, '0')}`,
        at % 50 === 0 ? '' : yes ? 'yes' : 'no',
      ].join(',');
    });
    const source = await room.file(
      'model.csv',
      `user,const,age,colour,code,afterwards,day,churn\n${rows.join('\n')}\n`,
    );
    const made = await room.tables.suggest(source, 'churn');
    expect(readRecipe(writeRecipe(made)).steps).toEqual(made.steps);
    const dropped = made.steps.flatMap((step) =>
      step.kind === 'drop-columns' ? [[step.columns[0], step.note?.split(/[:,.]/)[0]]] : [],
    );
    expect(dropped).toEqual([
      ['const', 'const has the same value everywhere'],
      ['user', 'user looks like an id'],
      ['afterwards', expect.stringContaining('afterwards alone tells the target')],
      ['day', 'day is a date'],
    ]);
    const learning = made.steps.filter(
      (step) =>
        'fit' in step && !(step.kind === 'encode' && step.as.kind === 'ordinal' && step.as.order !== null),
    );
    expect(learning.length).toBeGreaterThan(2);
    expect(learning.every((step) => 'fit' in step && step.fit === 'train')).toBe(true);
    const kinds = made.steps.map(({ kind }) => kind);
    expect(kinds.indexOf('split-train-test')).toBeLessThan(kinds.indexOf('fill-missing'));

    const outputs = room.outputs('csv');
    const { counts, columns } = await room.tables.run({ source, recipe: made, outputs });
    expect(counts).toMatchObject({ rowsIn: 400, rowsOut: 392, removed: 8 });
    const table = await room.tables.head(outputs[0]?.path ?? '', 'csv', 1000);
    const at = (name: string): number => table.columns.indexOf(name);
    expect(columns.filter(({ type }) => type.kind === 'text').map(({ name }) => name)).toEqual(['split']);
    const train = table.rows
      .filter((row) => row[at('split')] === 'train')
      .map((row) => Number(row[at('age')]));
    const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
    const deviation = Math.sqrt(
      train.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (train.length - 1),
    );
    expect(Math.abs(mean)).toBeLessThan(1e-9);
    expect(Math.abs(deviation - 1)).toBeLessThan(1e-9);
    expect(table.rows.every((row) => row.every((cell) => cell !== null))).toBe(true);
    for (const answer of ['true', 'false']) {
      const all = table.rows.filter((row) => row[at('churn')] === answer);
      const test = all.filter((row) => row[at('split')] === 'test');
      expect(test.length).toBe(Math.round(all.length * 0.2));
    }
  });

  test('a target that is not there', async () => {
    expect(await failure(room.tables.suggest(file, 'Active'))).toContain('COLUMN_MISSING');
  });
});
