import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recipeStep, stepCounts, type RecipeStep } from '#shared/domain';
import { openRoom, type Room } from '../support.ts';
import { cases, cities, people } from './cases.ts';

/**
 * The SQL of every step with what it makes of a small table. To write them anew after a change:
 * `npx vitest run --project unit test/unit/tables/recipe/golden.test.ts -u`, then read the difference.
 */
const golden = join(import.meta.dirname, 'golden');

let room: Room;
let files: { people: string; cities: string };
beforeAll(async () => {
  room = await openRoom();
  files = {
    people: await room.file('people.csv', people),
    cities: await room.file('cities.csv', cities),
  };
});
afterAll(() => room.close());

const readable = (sql: string): string =>
  sql
    .replace(/input_[0-9a-f]{8}-[0-9a-f-]+/g, 'input_file')
    .replace(/[\u00a0\u2007\u202f\ufeff]/g, (sign) => `<U+${sign.codePointAt(0)?.toString(16)}>`);

describe('the SQL of each step, and what it does', () => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (name, { typed, before, step }) => {
    const steps: RecipeStep[] = [
      ...(typed === true ? [{ kind: 'real-types' } as const] : []),
      ...(before ?? []),
      step,
    ];
    expect(recipeStep.parse(step)).toEqual(step);
    const recipe = { version: 1, name, target: null, steps } as const;
    const inputs = { cities: files.cities };
    const preview = await room.tables.previewSteps(files.people, { ...recipe, steps }, { inputs });
    expect(preview.problem).toBeNull();
    const last = preview.steps.at(-1);
    const text = [
      `-- ${last?.sentence}`,
      readable(last?.sql ?? ''),
      '',
      `-- ${last?.rowsIn} rows in, ${last?.rowsOut} out, ${last?.cellsChanged ?? '?'} cells changed`,
      ...(last?.warnings ?? []).map((warning) => `-- ${warning}`),
      ...(last?.examples ?? []).map(
        ({ row, column, before: was, after }) => `-- row ${row}, ${column}: ${was} -> ${after}`,
      ),
      ...((last?.removedRows.length ?? 0) === 0 ? [] : [`-- without rows ${last?.removedRows.join(', ')}`]),
      `-- ${preview.columns.map((column) => `${column.name} (${column.type})`).join(' | ')}`,
      ...preview.rows.map((row) => `-- ${row.map((cell) => cell ?? '∅').join(' | ')}`),
      '',
    ].join('\n');
    await expect(text).toMatchFileSnapshot(join(golden, `${name}.sql`));

    // A run in one go gives the same rows and counts as the steps one by one.
    const outputs = room.outputs('csv');
    const { counts, columns } = await room.tables.run({
      source: files.people,
      inputs,
      recipe: { ...recipe, steps },
      outputs,
    });
    const made = await room.tables.head(outputs[0]?.path ?? '', 'csv', 100);
    expect(made.columns).toEqual(preview.columns.map((column) => column.name));
    expect(columns.map(({ type }) => type.kind)).toEqual(preview.columns.map(({ type }) => type));
    expect(made.rows).toEqual(preview.rows);
    expect(counts.steps).toEqual(preview.steps.map((one) => stepCounts.parse(one)));
    expect(counts.rowsIn).toBe(
      counts.rowsOut + counts.duplicates + counts.removed + counts.rejected - counts.added,
    );
  });
});

test('every kind of step has its golden file, and every file its case', async () => {
  const kinds = recipeStep.options.map((option) => option.shape.kind.value);
  expect([...new Set(cases.map(({ step }) => step.kind))].sort()).toEqual([...kinds].sort());
  expect((await readdir(golden)).sort()).toEqual(cases.map(({ name }) => `${name}.sql`).sort());
});
