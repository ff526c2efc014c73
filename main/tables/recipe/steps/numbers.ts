import type { StepOf } from '#shared/domain';
import { assertNever } from '#shared/lib';
import type { SchemaColumn } from '../schema.ts';
import { columnOf, type Compiled, type StepContext } from '../step-context.ts';
import type { Expression, NamedExpression, Predicate, ValueType } from '../tree.ts';
import { inPlaceOf } from './text.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

export function outliers(at: StepContext, step: StepOf<'outliers'>): Compiled {
  const warnings: string[] = [];
  const ranges = new Map<SchemaColumn, Range>();
  for (const { name } of at.columns(step.columns)) {
    const column = at.numeric(name, 'looking for outliers');
    const range = rangeOf(at, step, name);
    if (range === null) warnings.push(`${name} has too few values to tell outliers and stays as it is.`);
    else ranges.set(column, range);
  }
  if (step.action === 'clip') {
    return at.change(
      new Map(
        [...ranges].map(([{ name }, range]) => [
          name,
          { value: { op: 'clamp', of: columnOf(name), ...range }, type: 'decimal' as const },
        ]),
      ),
      warnings,
    );
  }
  const outside = [...ranges].flatMap(([{ name }, { low, high }]): Predicate[] => [
    { op: 'compare', how: 'less', left: columnOf(name), right: number(low) },
    { op: 'compare', how: 'more', left: columnOf(name), right: number(high) },
  ]);
  return at.same(
    { op: 'filter', from: at.from, where: { op: 'not', of: { op: 'any', of: outside } } },
    warnings,
  );
}

function rangeOf(at: StepContext, step: StepOf<'outliers'>, column: string): Range | null {
  const rows = at.rows(step.fit);
  switch (step.by) {
    case 'iqr': {
      const known = at.facts({ ask: 'quantiles', column, at: [0.25, 0.75], rows });
      const [low, high] = known ?? [0, 0];
      if (typeof low !== 'number' || typeof high !== 'number') return null;
      const reach = (high - low) * step.factor;
      return { low: low - reach, high: high + reach };
    }
    case 'z': {
      const { mean, deviation } = at.facts({ ask: 'summary', column, rows }) ?? { mean: 0, deviation: 0 };
      if (mean === null || deviation === null) return null;
      return { low: mean - deviation * step.factor, high: mean + deviation * step.factor };
    }
    default:
      return assertNever(step.by);
  }
}

const number = (value: number): Expression => ({ op: 'literal', value, type: 'decimal' });

export function scale(at: StepContext, step: StepOf<'scale'>): Compiled {
  const warnings: string[] = [];
  const changes = new Map<string, { value: Expression; type: ValueType }>();
  for (const { name } of at.columns(step.columns)) {
    at.numeric(name, 'scaling');
    const known = at.facts({ ask: 'summary', column: name, rows: at.rows(step.fit) });
    const { mean, deviation, min, max } = known ?? { mean: 0, deviation: 1, min: 0, max: 1 };
    const [offset, divisor] =
      step.to === 'standard' ? [mean, deviation] : [min, min === null || max === null ? null : max - min];
    if (offset === null) {
      warnings.push(`${name} has no values to learn from and stays as it is.`);
      continue;
    }
    if (divisor === null || divisor === 0)
      warnings.push(`All values of ${name} are the same: dividing by 0 is left out, and they become 0.`);
    changes.set(name, {
      value: {
        op: 'scale',
        of: columnOf(name),
        offset,
        divisor: divisor === null || divisor === 0 ? 1 : divisor,
      },
      type: 'decimal',
    });
  }
  return at.change(changes, warnings);
}

export function bucket(at: StepContext, step: StepOf<'bucket'>): Compiled {
  const column = at.numeric(step.column, 'making buckets');
  const replaced = step.into === step.column && step.column !== at.target;
  at.free(
    step.into,
    at.schema.columns.map(({ name }) => name).filter((name) => !replaced || name !== step.column),
  );
  const edges = edgesOf(at, step);
  const warnings =
    edges.length === 0 ? [`${step.column} has too few different values: all fall into one bucket.`] : [];
  const made: NamedExpression = {
    name: step.into,
    value: { op: 'interval', of: columnOf(column.name), edges },
  };
  return inPlaceOf(
    at,
    column.name,
    !replaced,
    [made],
    [{ name: step.into, type: 'integer', reading: null }],
    warnings,
  );
}

/** The edges between buckets, rising, none twice. */
function edgesOf(at: StepContext, step: StepOf<'bucket'>): readonly number[] {
  const rows = at.rows(step.fit);
  switch (step.by.kind) {
    case 'edges': {
      const { edges } = step.by;
      if (edges.some((edge, index) => index > 0 && edge <= (edges[index - 1] ?? edge)))
        throw at.refused('the edges do not rise');
      return edges;
    }
    case 'equal-width': {
      const { count } = step.by;
      const { min, max } = at.facts({ ask: 'summary', column: step.column, rows }) ?? { min: 0, max: 1 };
      if (min === null || max === null || min === max) return [];
      return Array.from({ length: count - 1 }, (_, index) => min + ((max - min) * (index + 1)) / count);
    }
    case 'quantile': {
      const { count } = step.by;
      const asked = Array.from({ length: count - 1 }, (_, index) => (index + 1) / count);
      const known = at.facts({ ask: 'quantiles', column: step.column, at: asked, rows }) ?? asked;
      const edges = known.filter((edge) => edge !== null);
      return edges.filter((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge));
    }
    default:
      return assertNever(step.by);
  }
}

export function encode(at: StepContext, step: StepOf<'encode'>): Compiled {
  return step.as.kind === 'one-hot' ? oneHot(at, step, step.as.limit) : ordinal(at, step, step.as.order);
}

function ordinal(at: StepContext, step: StepOf<'encode'>, order: readonly string[] | null): Compiled {
  const changes = new Map<string, { value: Expression; type: ValueType }>();
  const warnings: string[] = [];
  for (const { name, type } of at.columns(step.columns)) {
    const values = order ?? alphabet(at, step, name, warnings);
    const of = type === 'text' ? columnOf(name) : ({ op: 'to-text', of: columnOf(name) } as const);
    changes.set(name, { value: { op: 'place-in', of, values }, type: 'integer' });
  }
  return at.change(changes, warnings);
}

const MOST_CATEGORIES = 10_000;

function alphabet(
  at: StepContext,
  step: StepOf<'encode'>,
  column: string,
  warnings: string[],
): readonly string[] {
  const rows = at.rows(step.fit);
  const known = at.facts({ ask: 'frequent', column, limit: MOST_CATEGORIES + 1, missing: false, rows }) ?? [];
  if (known.length > MOST_CATEGORIES)
    throw at.refused(`${column} has more than ${MOST_CATEGORIES} categories`);
  if (known.length === 0) warnings.push(`${column} has no values to learn from.`);
  return known.filter((value) => value !== null).sort((a, b) => (a < b ? -1 : 1));
}

function oneHot(at: StepContext, step: StepOf<'encode'>, limit: number): Compiled {
  const warnings: string[] = [];
  const taken = at.schema.columns.map(({ name }) => name).filter((name) => !step.columns.includes(name));
  const made = new Map<string, readonly NamedExpression[]>();
  let open = at.schema.open;
  for (const { name, type } of at.columns(step.columns)) {
    if (name === at.target) throw at.refused(`${name} is the target, which stays one column`);
    const rows = at.rows(step.fit);
    const known = at.facts({ ask: 'frequent', column: name, limit: limit + 1, missing: false, rows });
    open ||= known === null;
    const values = (known ?? []).filter((value) => value !== null);
    if (values.length > limit)
      warnings.push(`${name} has more than ${limit} categories: the rest have 0 in all of its columns.`);
    const of: Expression = type === 'text' ? columnOf(name) : { op: 'to-text', of: columnOf(name) };
    made.set(
      name,
      values.slice(0, limit).map((value): NamedExpression => {
        const indicator = freeName(`${name}_${value === '' ? 'empty' : value}`.slice(0, 200), taken);
        taken.push(indicator);
        const right: Expression = { op: 'literal', value, type: 'text' };
        return {
          name: indicator,
          value: { op: 'indicator', when: { op: 'compare', how: 'equal', left: of, right } },
        };
      }),
    );
  }
  const values = at.schema.columns.flatMap(
    ({ name }): readonly NamedExpression[] => made.get(name) ?? [{ name, value: columnOf(name) }],
  );
  const schema = at.schema.columns.flatMap(
    (column): readonly SchemaColumn[] =>
      made.get(column.name)?.map(({ name }): SchemaColumn => ({ name, type: 'integer', reading: null })) ?? [
        column,
      ],
  );
  const compiled = at.project(
    values.length === 0 ? [{ name: 'none', value: { op: 'missing', type: 'text' } }] : values,
    schema,
    warnings,
  );
  return { ...compiled, schema: { ...compiled.schema, open } };
}

/** @returns the name, or with a number behind it where it is taken */
export function freeName(wanted: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((name) => name.toLowerCase()));
  let name = wanted;
  for (let nth = 2; lower.has(name.toLowerCase()); nth += 1) name = `${wanted}_${nth}`;
  return name;
}
