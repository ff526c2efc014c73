import type { ColumnType, Recipe, RecipeStep } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { NumberFacts } from '../types/index.ts';
import { columnsOf, type Expression, type Operation } from './tree.ts';

/** A column of the file with the type its whole content allows. */
export interface TypedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly numbers: NumberFacts | null;
}

/**
 * What a recipe does to a table, as a tree. Steps that change values one by one fold into a single pass.
 * Throws COLUMN_MISSING where the table has no column of the target's name.
 */
export function compileRecipe(recipe: Recipe, columns: readonly TypedColumn[]): Operation {
  if (recipe.target !== null && !columns.some(({ name }) => name === recipe.target)) {
    throw sluiceError('COLUMN_MISSING', { column: recipe.target });
  }
  const source: Operation = { op: 'source', columns: columns.map(({ name }) => name) };
  return recipe.steps.reduce<Operation>((table, step) => applyStep(table, step, columns), source);
}

function applyStep(table: Operation, step: RecipeStep, columns: readonly TypedColumn[]): Operation {
  switch (step.kind) {
    case 'trim':
      return mapValues(table, (of) => (isText(of) ? { op: 'trim', of } : of));
    case 'empty-to-null':
      return mapValues(table, (of) => (isText(of) ? { op: 'null-if-empty', of } : of));
    case 'real-types': {
      const types = new Map(columns.map((column) => [column.name, column]));
      return mapValues(table, (of, name) => {
        const column = types.get(name);
        return column === undefined || column.type.kind === 'text' || !isText(of) ? of : parse(of, column);
      });
    }
    case 'drop-exact-duplicates':
      return { op: 'first-of-equals', from: table };
    default:
      return assertNever(step);
  }
}

function mapValues(table: Operation, change: (of: Expression, name: string) => Expression): Operation {
  if (table.op === 'project') {
    return {
      ...table,
      columns: table.columns.map(({ name, value }) => ({ name, value: change(value, name) })),
    };
  }
  const columns = columnsOf(table).map((name) => ({ name, value: change({ op: 'column', name }, name) }));
  return { op: 'project', from: table, columns };
}

/** Parsing looks past white space and takes an empty cell as none, so that what was done to both ends is left out. */
function parse(of: Expression, { type, numbers }: TypedColumn): Expression {
  let inner = of;
  while (inner.op === 'trim' || inner.op === 'null-if-empty') inner = inner.of;
  return { op: 'parse', of: inner, type, numbers };
}

function isText(expression: Expression): boolean {
  return expression.op !== 'parse';
}
