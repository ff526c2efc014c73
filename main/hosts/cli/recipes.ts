import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  cleanRecipe,
  readRecipe,
  writeRecipe,
  type Reading,
  type Recipe,
  type RecipePreview,
} from '#shared/domain';
import { SluiceError, sluiceError } from '#shared/errors';
import { formatCount } from '#shared/lib';
import { withTables, type Context } from './context.ts';
import type { Others } from './with-file.ts';

/** @param path a recipe as JSON, or `clean` for the built-in one. Throws SOURCE_MISSING, RECIPE_* */
export async function recipeOf(path: string, target: string | undefined): Promise<Recipe> {
  const recipe = path.toLowerCase() === 'clean' ? cleanRecipe() : readRecipe(await textOf(path));
  return target === undefined ? recipe : { ...recipe, target };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw sluiceError('SOURCE_MISSING', { path }, error);
  }
}

interface CheckOptions {
  readonly target: string | undefined;
  readonly inputs: Others;
  readonly reading: Reading;
  readonly rows: number;
  readonly sql: boolean;
}

/** Tries a recipe on the first rows of a file and says step by step what it would change. Writes nothing. */
export async function check(
  context: Context,
  recipePath: string,
  file: string,
  { target, inputs, reading, rows, sql }: CheckOptions,
): Promise<void> {
  const recipe = await recipeOf(recipePath, target);
  await withTables(context, async (tables) => {
    const source = { path: resolve(file), reading };
    const preview = await tables.previewSteps(source, recipe, { inputs, rows, signal: context.signal });
    context.printer.result(preview, describePreview(preview, sql));
    const { problem } = preview;
    if (problem !== null) throw new SluiceError(problem.error.code, problem.error.details);
  });
}

function describePreview({ sampled, whole, steps, columns }: RecipePreview, sql: boolean): readonly string[] {
  return [
    `${whole ? 'all' : 'the first'} ${formatCount(sampled)} rows`,
    ...steps.flatMap((step) => [
      '',
      `${step.step}. ${step.sentence}`,
      `   ${formatCount(step.rowsIn)} rows in, ${formatCount(step.rowsOut)} out${step.cellsChanged === null ? '' : `, ${formatCount(step.cellsChanged)} cells changed`}`,
      ...(step.columnsAdded.length === 0 ? [] : [`   new: ${step.columnsAdded.join(', ')}`]),
      ...(step.columnsRemoved.length === 0 ? [] : [`   gone: ${step.columnsRemoved.join(', ')}`]),
      ...step.warnings.map((warning) => `   note: ${warning}`),
      ...step.examples.map(
        ({ row, column, before, after }) =>
          `   ${row === null ? '' : `row ${row}, `}${column}: ${cell(before)} -> ${cell(after)}`,
      ),
      ...(step.removedRows.length === 0 ? [] : [`   without rows ${step.removedRows.join(', ')} ...`]),
      ...(sql ? step.sql.split('\n').map((line) => `   | ${line}`) : []),
    ]),
    '',
    `columns: ${columns.map(({ name, type }) => `${name} (${type})`).join(', ')}`,
  ];
}

const cell = (value: string | null): string => (value === null ? 'nothing' : JSON.stringify(value));

/** Suggests a recipe that prepares a file for learning to predict a column, and prints it or saves it. */
export async function prepare(
  context: Context,
  file: string,
  target: string,
  out: string | undefined,
  reading: Reading,
): Promise<void> {
  await withTables(context, async (tables) => {
    const recipe = await tables.suggest({ path: resolve(file), reading }, target, context.signal);
    const text = writeRecipe(recipe);
    if (out === undefined) return context.printer.result(recipe, [text.trimEnd()]);
    await save(resolve(out), text);
    context.printer.result({ output: resolve(out), recipe }, [`${out}: ${recipe.steps.length} steps`]);
  });
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') throw sluiceError('TARGET_EXISTS', { path }, error);
    throw sluiceError('TARGET_UNWRITABLE', { path }, error);
  }
}
