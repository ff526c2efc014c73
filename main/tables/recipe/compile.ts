import type { Recipe, RecipeStep } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { NO_FACTS, type Facts } from './facts.ts';
import { sourceSchema, type Schema, type TypedColumn } from './schema.ts';
import { StepContext, type Compiled } from './step-context.ts';
import {
  append,
  bucket,
  changeText,
  chooseColumns,
  derive,
  dropColumns,
  dropDuplicates,
  dropMissing,
  encode,
  fillMissing,
  filter,
  group,
  join,
  limit,
  mergeColumns,
  outliers,
  parseColumns,
  pivot,
  query,
  realTypes,
  renameColumns,
  reorderColumns,
  sample,
  scale,
  sort,
  split,
  splitColumn,
  toText,
  unpivot,
} from './steps/index.ts';
import type { Operation } from './tree.ts';

/** The files a recipe is compiled for: the one it changes, and others by the name it has for them. */
export interface CompileInput {
  readonly columns: readonly TypedColumn[];
  readonly inputs: ReadonlyMap<string, readonly TypedColumn[]>;
}

export interface CompiledRecipe {
  /** The whole recipe as one tree. */
  readonly tree: Operation;
  readonly schema: Schema;
  /** What each step made of what stood before it. */
  readonly steps: readonly Compiled[];
}

/**
 * What a recipe does to a table, as a tree, as far as that is known without the data. Throws COLUMN_MISSING where the
 * table has no column of the target's name, STEP_COLUMN_MISSING, STEP_INVALID and INPUT_NOT_GIVEN where a step cannot be done.
 */
export function compileRecipe(recipe: Recipe, input: CompileInput): CompiledRecipe {
  let { operation: tree, schema } = start(recipe, input);
  const steps: Compiled[] = [];
  for (const [index, step] of recipe.steps.entries()) {
    const compiled = compileStep(step, {
      number: index + 1,
      from: tree,
      schema,
      target: recipe.target,
      facts: NO_FACTS,
      inputs: input.inputs,
    });
    steps.push(compiled);
    ({ operation: tree, schema } = compiled);
  }
  return { tree, schema, steps };
}

export function start(
  recipe: Recipe,
  { columns }: CompileInput,
): { readonly operation: Operation; readonly schema: Schema } {
  if (recipe.target !== null && !columns.some(({ name }) => name === recipe.target)) {
    throw sluiceError('COLUMN_MISSING', { column: recipe.target });
  }
  return {
    operation: { op: 'source', input: null, columns: columns.map(({ name }) => name) },
    schema: sourceSchema(columns),
  };
}

/** One step in its place, with what is known of the data. */
export function compileStep(
  step: RecipeStep,
  place: Pick<StepContext, 'number' | 'from' | 'schema' | 'target' | 'inputs'> & { readonly facts: Facts },
): Compiled {
  const at = new StepContext(place);
  switch (step.kind) {
    case 'choose-columns':
      return chooseColumns(at, step);
    case 'drop-columns':
      return dropColumns(at, step);
    case 'rename-columns':
      return renameColumns(at, step);
    case 'reorder-columns':
      return reorderColumns(at, step);
    case 'trim':
    case 'empty-to-null':
    case 'change-case':
    case 'replace-text':
      return changeText(at, step);
    case 'split-column':
      return splitColumn(at, step);
    case 'merge-columns':
      return mergeColumns(at, step);
    case 'real-types':
      return realTypes(at);
    case 'parse-number':
    case 'parse-date':
    case 'parse-boolean':
      return parseColumns(at, step);
    case 'to-text':
      return toText(at, step);
    case 'fill-missing':
      return fillMissing(at, step);
    case 'drop-missing':
      return dropMissing(at, step);
    case 'drop-exact-duplicates':
    case 'drop-duplicates':
      return dropDuplicates(at, step);
    case 'filter':
      return filter(at, step);
    case 'derive':
      return derive(at, step);
    case 'outliers':
      return outliers(at, step);
    case 'bucket':
      return bucket(at, step);
    case 'encode':
      return encode(at, step);
    case 'scale':
      return scale(at, step);
    case 'group':
      return group(at, step);
    case 'pivot':
      return pivot(at, step);
    case 'unpivot':
      return unpivot(at, step);
    case 'join':
      return join(at, step);
    case 'append':
      return append(at, step);
    case 'sort':
      return sort(at, step);
    case 'limit':
      return limit(at, step);
    case 'sample':
      return sample(at, step);
    case 'split-train-test':
      return split(at, step);
    case 'sql':
      return query(at, step);
    default:
      return assertNever(step);
  }
}
