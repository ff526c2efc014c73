import type { Measure, StepOf } from '#shared/domain';
import { assertNever } from '#shared/lib';
import type { SchemaColumn } from '../schema.ts';
import type { Compiled, StepContext } from '../step-context.ts';
import type { Measured, ValueType } from '../tree.ts';
import { freeName } from './numbers.ts';

export function group(at: StepContext, step: StepOf<'group'>): Compiled {
  const by = at.columns(step.by);
  if (by.length === 0 && step.measures.length === 0)
    throw at.refused('it groups by nothing and measures nothing');
  const names = [...step.by];
  const measured = step.measures.map(({ measure, column, into }): [Measured, SchemaColumn] => {
    at.free(into, names);
    names.push(into);
    const type = measuredType(at, measure, column);
    return [
      { name: into, measure, of: column, whole: type === 'integer', where: null },
      { name: into, type, reading: null },
    ];
  });
  return aggregated(at, step.by, by, measured, at.schema.open);
}

export function pivot(at: StepContext, step: StepOf<'pivot'>): Compiled {
  const rows = at.columns(step.rows);
  at.column(step.column);
  if (step.rows.includes(step.column))
    throw at.refused(`${step.column} cannot be both of the rows and of the columns`);
  const type = measuredType(at, step.measure, step.value);
  const known = at.facts({
    ask: 'frequent',
    column: step.column,
    limit: step.limit + 1,
    missing: true,
    rows: { kind: 'all' },
  });
  if (known !== null && known.length > step.limit)
    throw at.refused(`${step.column} has more than ${step.limit} different values`);
  const names = [...step.rows];
  const values = [...(known ?? [])].sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  const measured = values.map((value): [Measured, SchemaColumn] => {
    const wanted = value === null ? 'missing' : value === '' ? 'empty' : value.slice(0, 200);
    const name = freeName(wanted, names);
    names.push(name);
    return [
      {
        name,
        measure: step.measure,
        of: step.value,
        whole: type === 'integer',
        where: { column: step.column, value },
      },
      { name, type, reading: null },
    ];
  });
  return aggregated(at, step.rows, rows, measured, at.schema.open || known === null);
}

function aggregated(
  at: StepContext,
  by: readonly string[],
  schema: readonly SchemaColumn[],
  measured: readonly (readonly [Measured, SchemaColumn])[],
  open: boolean,
): Compiled {
  const { target } = at;
  const columns = [...schema, ...measured.map(([, column]) => column)];
  const had = at.schema.columns.some(({ name }) => name === target);
  if (target !== null && had && !open && !columns.some(({ name }) => name === target))
    throw at.refused(`${target} is the target, which is never dropped`);
  return {
    operation: { op: 'aggregate', from: at.from, by, measures: measured.map(([measure]) => measure) },
    schema: { ...at.schema, columns, open },
    warnings: [],
  };
}

/** @throws STEP_INVALID where the column cannot be measured so */
function measuredType(at: StepContext, measure: Measure, of: string | null): ValueType {
  if (of === null) {
    if (measure === 'count') return 'integer';
    throw at.refused(`it does not say of which column the ${measure} is`);
  }
  const column = at.column(of);
  switch (measure) {
    case 'count':
    case 'count-present':
    case 'count-distinct':
      return 'integer';
    case 'sum':
      return at.numeric(of, `a ${measure}`).type;
    case 'mean':
    case 'median':
    case 'deviation':
      at.numeric(of, `a ${measure}`);
      return 'decimal';
    case 'smallest':
    case 'largest':
    case 'first':
    case 'last':
      return column.type;
    default:
      return assertNever(measure);
  }
}
