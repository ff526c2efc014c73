import type { StepOf } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { literalFor } from '../conditions.ts';
import { isNumber, type SchemaColumn } from '../schema.ts';
import { columnOf, type Compiled, type StepContext } from '../step-context.ts';
import type { Expression, Predicate, ValueType } from '../tree.ts';

type FillMissing = StepOf<'fill-missing'>;

export function fillMissing(at: StepContext, step: FillMissing): Compiled {
  const changes = new Map<string, { value: Expression; type: ValueType }>();
  const warnings: string[] = [];
  for (const column of at.columns(step.columns)) {
    const { name } = column;
    const of = columnOf(name);
    if (step.with.kind === 'previous') {
      changes.set(name, { value: { op: 'previous', of }, type: column.type });
      continue;
    }
    const instead = filling(at, step, column);
    if (instead === null) {
      warnings.push(`${name} has no values to learn from and stays as it is.`);
      continue;
    }
    const type = column.type === 'integer' && instead.type === 'decimal' ? 'decimal' : column.type;
    changes.set(name, { value: { op: 'if-missing', of, instead }, type });
  }
  return at.change(changes, warnings);
}

type Literal = Extract<Expression, { op: 'literal' }>;

/** Null where the data gives none. While no facts are asked, any value of the type will do. */
function filling(at: StepContext, step: FillMissing, column: SchemaColumn): Literal | null {
  const { name, type } = column;
  switch (step.with.kind) {
    case 'constant':
      return literalFor(at, column, step.with.value);
    case 'mean': {
      at.numeric(name, 'a mean');
      const fact = at.facts({ ask: 'summary', column: name, rows: at.rows(step.fit) });
      if (fact === null) return { op: 'literal', value: 0, type: 'decimal' };
      return fact.mean === null ? null : { op: 'literal', value: fact.mean, type: 'decimal' };
    }
    case 'median': {
      at.numeric(name, 'a median');
      const fact = at.facts({ ask: 'quantiles', column: name, at: [0.5], rows: at.rows(step.fit) });
      const value = fact === null ? 0 : (fact[0] ?? null);
      if (value === null) return null;
      const whole = type === 'integer' && Number.isSafeInteger(value);
      return { op: 'literal', value, type: whole ? 'integer' : 'decimal' };
    }
    case 'mode': {
      const asked = {
        ask: 'frequent',
        column: name,
        limit: 1,
        missing: false,
        rows: at.rows(step.fit),
      } as const;
      const fact = at.facts(asked);
      if (fact === null) return { op: 'literal', value: isNumber(type) ? 0 : '', type };
      const value = fact[0] ?? null;
      return value === null ? null : { op: 'literal', value, type };
    }
    case 'previous':
      return null;
    default:
      return assertNever(step.with);
  }
}

export function dropMissing(at: StepContext, step: StepOf<'drop-missing'>): Compiled {
  const missing = at
    .columns(step.columns)
    .map(({ name }): Predicate => ({ op: 'is-missing', of: columnOf(name) }));
  return at.same({
    op: 'filter',
    from: at.from,
    where: { op: 'not', of: { op: step.when === 'any' ? 'any' : 'all', of: missing } },
  });
}
