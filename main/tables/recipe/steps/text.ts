import type { StepOf } from '#shared/domain';
import type { SchemaColumn } from '../schema.ts';
import { checkPattern } from '../patterns.ts';
import { asIs, columnOf, type Compiled, type StepContext } from '../step-context.ts';
import type { Expression, NamedExpression } from '../tree.ts';

type InPlace = 'trim' | 'empty-to-null' | 'change-case' | 'replace-text';

/** Texts that become other texts. */
export function changeText(at: StepContext, step: StepOf<InPlace>): Compiled {
  const named =
    step.columns ?? at.schema.columns.filter(({ type }) => type === 'text').map(({ name }) => name);
  const columns = at.columns(named).map(({ name }) => at.text(name, 'this step'));
  // What only takes white space away does not change how a column can be read.
  const raw = step.kind === 'trim' || step.kind === 'empty-to-null';
  return at.change(
    new Map(
      columns.map(({ name }) => [name, { value: changed(at, step, columnOf(name)), type: 'text', raw }]),
    ),
  );
}

function changed(at: StepContext, step: StepOf<InPlace>, of: Expression): Expression {
  switch (step.kind) {
    case 'trim':
      return { op: 'trim', of };
    case 'empty-to-null':
      return { op: 'null-if-empty', of };
    case 'change-case':
      return { op: 'change-case', of, to: step.to };
    case 'replace-text':
      if (step.match === 'pattern') checkPattern(at, step.find);
      return {
        op: 'replace',
        of,
        match: step.match,
        find: step.find,
        with: step.with,
        ignoreCase: step.ignoreCase,
      };
    default:
      return step;
  }
}

export function splitColumn(at: StepContext, step: StepOf<'split-column'>): Compiled {
  const column = at.text(step.column, 'splitting');
  const keep = step.keep || step.column === at.target;
  const others = at.schema.columns.filter(({ name }) => keep || name !== column.name).map(({ name }) => name);
  for (const [index, name] of step.into.entries()) at.free(name, [...others, ...step.into.slice(0, index)]);
  const pieces = step.into.map((name, index): NamedExpression => ({
    name,
    value: {
      op: 'piece',
      of: columnOf(column.name),
      separator: step.separator,
      index: index + 1,
      rest: index === step.into.length - 1,
    },
  }));
  return inPlaceOf(at, column.name, keep, pieces, pieces.map(newText));
}

export function mergeColumns(at: StepContext, step: StepOf<'merge-columns'>): Compiled {
  const columns = at.columns(step.columns);
  const [first] = columns;
  if (first === undefined) throw at.refused('it names no column');
  const gone = new Set(step.columns.filter((name) => !step.keep && name !== at.target));
  at.free(
    step.into,
    at.schema.columns.map(({ name }) => name).filter((name) => !gone.has(name)),
  );
  const merged: NamedExpression = {
    name: step.into,
    value: {
      op: 'concat',
      separator: step.separator,
      of: columns.map(({ name, type }): Expression =>
        type === 'text' ? columnOf(name) : { op: 'to-text', of: columnOf(name) },
      ),
    },
  };
  const place = at.schema.columns.findIndex(({ name }) => name === first.name);
  const before = at.schema.columns.slice(0, place).filter(({ name }) => !gone.has(name));
  const after = at.schema.columns.slice(place).filter(({ name }) => !gone.has(name));
  const made = newText(merged);
  const [kept, rest] = gone.has(first.name) ? [[], after] : [after.slice(0, 1), after.slice(1)];
  return at.project(
    [...[...before, ...kept].map(asIs), merged, ...rest.map(asIs)],
    [...before, ...kept, made, ...rest],
  );
}

export const newText = ({ name }: { readonly name: string }): SchemaColumn => ({
  name,
  type: 'text',
  reading: null,
});

/** Puts new columns where another stands, or behind it where it is kept. */
export function inPlaceOf(
  at: StepContext,
  name: string,
  keep: boolean,
  values: readonly NamedExpression[],
  schema: readonly SchemaColumn[],
  warnings: readonly string[] = [],
): Compiled {
  const { columns } = at.schema;
  return at.project(
    columns.flatMap((column) =>
      column.name === name ? [...(keep ? [asIs(column)] : []), ...values] : [asIs(column)],
    ),
    columns.flatMap((column) => (column.name === name ? [...(keep ? [column] : []), ...schema] : [column])),
    warnings,
  );
}
