import { sluiceError } from '#shared/errors';
import type { StepOf } from '#shared/domain';
import { folded, inWords, isNumber, nearest, sourceSchema, type SchemaColumn } from '../schema.ts';
import { columnOf, type Compiled, type StepContext } from '../step-context.ts';
import type { Expression, Operation, ValueType } from '../tree.ts';
import { freeName } from './numbers.ts';

interface Other {
  readonly operation: Operation;
  readonly columns: readonly SchemaColumn[];
}

/** The other file; with real types where the recipe asked for them before. @throws INPUT_NOT_GIVEN */
export function otherInput(at: StepContext, input: string): Other {
  const columns = at.inputs.get(input);
  if (columns === undefined) throw sluiceError('INPUT_NOT_GIVEN', { name: input });
  const source: Operation = { op: 'source', input, columns: columns.map(({ name }) => name) };
  const raw = sourceSchema(columns).columns;
  if (!at.schema.typed) return { operation: source, columns: raw };
  const typed = columns.map(({ name, ...reading }): SchemaColumn => ({
    name,
    type: reading.type.kind,
    reading,
  }));
  return {
    operation: {
      op: 'project',
      from: source,
      columns: columns.map(({ name, type, numbers }) => ({
        name,
        value: type.kind === 'text' ? columnOf(name) : { op: 'parse', of: columnOf(name), type, numbers },
      })),
    },
    columns: typed,
  };
}

/** So many rows a join may make of these, where the step does not say. */
export function joinLimit(left: number, right: number): number {
  return Math.max(1_000_000, 10 * Math.max(left, right));
}

export function join(at: StepContext, step: StepOf<'join'>): Compiled {
  const other = otherInput(at, step.with);
  const names = other.columns.map(({ name }) => name);
  for (const { left, right } of step.keys) {
    const mine = at.column(left);
    const theirs = other.columns.find(({ name }) => name === right);
    if (theirs === undefined)
      throw sluiceError('STEP_COLUMN_MISSING', {
        step: at.number,
        column: `${right} of ${step.with}`,
        nearest: nearest(right, names),
      });
    if (mine.type !== theirs.type && !(isNumber(mine.type) && isNumber(theirs.type)) && mine.unsure !== true)
      throw at.refused(
        `${left} is ${inWords(mine.type)} and ${right} of ${step.with} is ${inWords(theirs.type)}, so that they are never equal`,
      );
  }
  const { how, keys } = step;
  const size = at.facts({ ask: 'join-size', input: step.with, how, keys });
  if (size !== null) {
    const limit = step.maxRows ?? joinLimit(size.left, size.right);
    if (size.rows > limit) throw sluiceError('JOIN_EXPLODES', { step: at.number, ...size, limit });
  }
  const taken = at.schema.columns.map(({ name }) => name);
  const take =
    how === 'anti'
      ? []
      : other.columns
          .filter(({ name }) => !keys.some(({ right }) => right === name))
          .map((column) => {
            const as = taken.some((name) => folded(name) === folded(column.name))
              ? freeName(`${column.name}${step.suffix}`, taken)
              : column.name;
            taken.push(as);
            return { column, as };
          });
  return {
    operation: {
      op: 'join',
      from: at.from,
      with: other.operation,
      how,
      keys,
      take: take.map(({ column, as }) => ({ column: column.name, as })),
    },
    schema: {
      ...at.schema,
      columns: [
        ...at.schema.columns.map((column) =>
          column.type === 'text'
            ? { ...column, reading: how === 'full' || how === 'right' ? null : column.reading }
            : column,
        ),
        ...take.map(({ column, as }) => ({ ...column, name: as })),
      ],
    },
    warnings: [],
  };
}

export function append(at: StepContext, step: StepOf<'append'>): Compiled {
  const other = otherInput(at, step.with);
  const warnings: string[] = [];
  const theirs = new Map(other.columns.map((column) => [folded(column.name), column]));
  const made: { column: SchemaColumn; above: Expression; below: Expression }[] = [];
  for (const column of at.schema.columns) {
    const match = theirs.get(folded(column.name));
    theirs.delete(folded(column.name));
    const type = match === undefined ? column.type : commonType(column.type, match.type);
    if (match === undefined)
      warnings.push(`${step.with} has no ${column.name}: it is missing in those rows.`);
    else if (type === 'text' && column.type !== match.type)
      warnings.push(
        `${column.name} is ${inWords(column.type)} here and ${inWords(match.type)} in ${step.with}: both become text.`,
      );
    made.push({
      column: { name: column.name, type, reading: null },
      above: as(column, type),
      below: match === undefined ? { op: 'missing', type } : as(match, type),
    });
  }
  for (const column of theirs.values()) {
    warnings.push(`${column.name} is only in ${step.with}: it is missing in the rows above.`);
    made.push({
      column: { ...column, reading: null },
      above: { op: 'missing', type: column.type },
      below: columnOf(column.name),
    });
  }
  return {
    operation: {
      op: 'append',
      from: at.from,
      with: other.operation,
      columns: made.map(({ column, above, below }) => ({ name: column.name, above, below })),
    },
    schema: { ...at.schema, columns: made.map(({ column }) => column) },
    warnings,
  };
}

function commonType(a: ValueType, b: ValueType): ValueType {
  if (a === b) return a;
  return isNumber(a) && isNumber(b) ? 'decimal' : 'text';
}

function as({ name, type }: SchemaColumn, wanted: ValueType): Expression {
  if (type === wanted) return columnOf(name);
  return { op: wanted === 'text' ? 'to-text' : 'to-double', of: columnOf(name) };
}
