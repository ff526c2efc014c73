import type { ColumnType, StepOf } from '#shared/domain';
import { columnOf, type Compiled, type StepContext } from '../step-context.ts';
import type { Expression, ValueType } from '../tree.ts';

export function realTypes(at: StepContext): Compiled {
  const changes = new Map<string, { value: Expression; type: ValueType; raw: boolean }>();
  const changed: string[] = [];
  for (const { name, type, reading } of at.schema.columns) {
    if (type !== 'text') continue;
    if (reading === null) changed.push(name);
    else if (reading.type.kind !== 'text')
      changes.set(name, {
        value: { op: 'parse', of: columnOf(name), type: reading.type, numbers: reading.numbers },
        type: reading.type.kind,
        raw: true,
      });
  }
  const made = at.change(
    changes,
    changed.length === 0
      ? []
      : [`Steps before made ${changed.slice(0, 5).join(', ')}; say how to read them in a step of their own.`],
  );
  return { ...made, schema: { ...made.schema, typed: true } };
}

const SEPARATORS = /%[YymdHIMSfnpzbBaA]|[^%A-Za-z]|[TZ]/g;

export function parseColumns(
  at: StepContext,
  step: StepOf<'parse-number' | 'parse-date' | 'parse-boolean'>,
): Compiled {
  const type = typeOf(at, step);
  const columns = at.columns(step.columns).map(({ name }) => at.text(name, 'reading'));
  return at.change(
    new Map(
      columns.map(({ name }) => [
        name,
        { value: { op: 'parse', of: columnOf(name), type, numbers: null }, type: type.kind },
      ]),
    ),
  );
}

function typeOf(at: StepContext, step: StepOf<'parse-number' | 'parse-date' | 'parse-boolean'>): ColumnType {
  switch (step.kind) {
    case 'parse-number':
      if (step.point === step.thousands)
        throw at.refused('the decimal point and the sign between thousands are the same');
      return step.whole
        ? { kind: 'integer', thousands: step.thousands }
        : { kind: 'decimal', point: step.point, thousands: step.thousands };
    case 'parse-date': {
      for (const format of step.formats) {
        if (format.replace(SEPARATORS, '') !== '' || !/%[Yy]/.test(format))
          throw at.refused(`${format} is no pattern of a date, such as %d.%m.%Y or %Y-%m-%d %H:%M:%S`);
      }
      const timed = step.formats.some((format) => /%[HI]/.test(format));
      return { kind: timed ? 'timestamp' : 'date', formats: step.formats };
    }
    case 'parse-boolean': {
      const no = new Set(step.no.map((word) => word.toLowerCase()));
      const both = step.yes.find((word) => no.has(word.toLowerCase()));
      if (both !== undefined) throw at.refused(`${both} is said to mean both yes and no`);
      return { kind: 'boolean', yes: step.yes, no: step.no };
    }
    default:
      return step;
  }
}

export function toText(at: StepContext, step: StepOf<'to-text'>): Compiled {
  return at.change(
    new Map(
      at
        .columns(step.columns)
        .map(({ name }) => [name, { value: { op: 'to-text', of: columnOf(name) }, type: 'text' as const }]),
    ),
  );
}
