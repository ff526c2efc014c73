import { randomUUID } from 'node:crypto';
import { inputsOf, type Recipe } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { TableSource } from '../protocol.ts';
import type { TypedColumn } from '../recipe/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import { identifier } from '../sql/index.ts';
import type { Loaded } from './loaded.ts';
import type { InputTable } from './pipeline.ts';
import { verified, withRows, type JobContext } from './read.ts';
import { SOURCE } from './source-sql.ts';

export type Inputs = Readonly<Record<string, TableSource>>;

/** The columns that a recipe is compiled for: with the types of the sample, or as all cells allow them. */
export function columnsToCompile(loaded: Loaded, known: VerifiedColumns | null): readonly TypedColumn[] {
  if (known === null) return loaded.table.columns.map((column) => ({ ...column, numbers: null }));
  return known.columns.map(({ column, facts }) => ({ ...column, numbers: facts.numbers }));
}

/** The columns of the other files, as far as their samples tell. Throws INPUT_NOT_GIVEN, SOURCE_*. */
export async function inputColumns(
  context: JobContext,
  recipe: Recipe,
  inputs: Inputs,
): Promise<ReadonlyMap<string, readonly TypedColumn[]>> {
  const columns = new Map<string, readonly TypedColumn[]>();
  for (const [name, source] of needed(recipe, inputs)) {
    await context.tables.use(source, (loaded) => {
      columns.set(name, columnsToCompile(loaded, null));
      return Promise.resolve();
    });
  }
  return columns;
}

/** Loads the other files into tables that every session sees, for as long as `work` runs. */
export async function withInputs<T>(
  context: JobContext,
  recipe: Recipe,
  inputs: Inputs,
  work: (tables: ReadonlyMap<string, InputTable>) => Promise<T>,
): Promise<T> {
  const made = new Map<string, InputTable>();
  const typed = recipe.steps.some(({ kind }) => kind === 'real-types');
  try {
    for (const [name, source] of needed(recipe, inputs)) {
      const table = `input_${randomUUID()}`;
      const columns = await context.tables.use(source, (loaded) =>
        withRows({ ...context, fixes: source.fixes ?? [] }, loaded, async (rows) => {
          const known = typed ? await verified(loaded, rows, false) : null;
          // Begun anew where the file turned out to be another than its sample promised.
          await rows.session.run(
            `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT * FROM ${identifier(SOURCE)}`,
          );
          return columnsToCompile(loaded, known);
        }),
      );
      made.set(name, { table, columns });
    }
    return await work(made);
  } finally {
    using session = await context.database.session(new AbortController().signal);
    for (const { table } of made.values()) await session.run(`DROP TABLE IF EXISTS ${identifier(table)}`);
  }
}

function needed(recipe: Recipe, inputs: Inputs): readonly (readonly [string, TableSource])[] {
  return inputsOf(recipe).map((name) => {
    const source = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (source === undefined) throw sluiceError('INPUT_NOT_GIVEN', { name });
    return [name, source];
  });
}
