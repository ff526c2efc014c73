import type { StepOf } from '#shared/domain';
import { predicateOf } from '../conditions.ts';
import type { Compiled, StepContext } from '../step-context.ts';

export function dropDuplicates(
  at: StepContext,
  step: StepOf<'drop-exact-duplicates' | 'drop-duplicates'>,
): Compiled {
  if (step.kind === 'drop-exact-duplicates') {
    const keys = at.schema.columns.map(({ name }) => name);
    return at.same({ op: 'distinct', from: at.from, keys, keep: 'first' });
  }
  at.columns(step.keys);
  return at.same({ op: 'distinct', from: at.from, keys: step.keys, keep: step.keep });
}

export function filter(at: StepContext, step: StepOf<'filter'>): Compiled {
  return at.same({ op: 'filter', from: at.from, where: predicateOf(at, step.where) });
}

export function sort(at: StepContext, step: StepOf<'sort'>): Compiled {
  at.columns(step.by.map(({ column }) => column));
  return at.same({ op: 'sort', from: at.from, by: step.by });
}

export function limit(at: StepContext, step: StepOf<'limit'>): Compiled {
  return at.same({ op: 'limit', from: at.from, rows: step.rows, skip: step.skip });
}

export function sample(at: StepContext, step: StepOf<'sample'>): Compiled {
  return at.same({ op: 'sample', from: at.from, size: step.size, seed: step.seed });
}

export function split(at: StepContext, step: StepOf<'split-train-test'>): Compiled {
  if (step.target !== null) at.column(step.target);
  at.free(
    step.into,
    at.schema.columns.map(({ name }) => name),
  );
  return {
    operation: {
      op: 'split',
      from: at.from,
      into: step.into,
      share: step.share,
      stratum: step.target,
      seed: step.seed,
    },
    schema: {
      ...at.schema,
      columns: [...at.schema.columns, { name: step.into, type: 'text', reading: null }],
      split: step.into,
    },
    warnings: [],
  };
}

/** A new column of a person's own making; what it holds is known once it was tried. */
export function derive(at: StepContext, step: StepOf<'derive'>): Compiled {
  if (step.name === at.target) throw at.refused(`${step.name} is the target, which is not written over`);
  const replaced = at.schema.columns.some(({ name }) => name === step.name);
  if (!replaced)
    at.free(
      step.name,
      at.schema.columns.map(({ name }) => name),
    );
  const made = { name: step.name, type: 'text', reading: null, unsure: true } as const;
  return {
    operation: { op: 'derive', from: at.from, name: step.name, expression: step.expression },
    schema: {
      ...at.schema,
      columns: replaced
        ? at.schema.columns.map((column) => (column.name === step.name ? made : column))
        : [...at.schema.columns, made],
    },
    warnings: [],
  };
}

export function query(at: StepContext, step: StepOf<'sql'>): Compiled {
  return {
    operation: { op: 'query', from: at.from, sql: step.sql },
    schema: {
      ...at.schema,
      columns: at.schema.columns.map((column) => ({ ...column, unsure: true })),
      open: true,
    },
    warnings: [],
  };
}

export function unpivot(at: StepContext, step: StepOf<'unpivot'>): Compiled {
  const columns = at.columns(step.columns);
  if (at.target !== null && step.columns.includes(at.target))
    throw at.refused(`${at.target} is the target, which is never dropped`);
  const kept = at.schema.columns.filter(({ name }) => !step.columns.includes(name));
  const names = kept.map(({ name }) => name);
  at.free(step.name, names);
  at.free(step.value, [...names, step.name]);
  const types = new Set(columns.map(({ type }) => type));
  const numeric = [...types].every((type) => type === 'integer' || type === 'decimal');
  const [only = 'text'] = types;
  const type = types.size === 1 ? only : numeric ? 'decimal' : 'text';
  return {
    operation: {
      op: 'unpivot',
      from: at.from,
      keep: names,
      columns: step.columns,
      name: step.name,
      value: step.value,
      asText: types.size > 1 && !numeric,
    },
    schema: {
      ...at.schema,
      columns: [
        ...kept,
        { name: step.name, type: 'text', reading: null },
        { name: step.value, type, reading: null },
      ],
    },
    warnings:
      types.size > 1 && !numeric
        ? ['The columns have different types, so that their values become text.']
        : [],
  };
}
