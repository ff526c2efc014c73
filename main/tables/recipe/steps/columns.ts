import type { StepOf } from '#shared/domain';
import type { SchemaColumn } from '../schema.ts';
import { asIs, columnOf, type Compiled, type StepContext } from '../step-context.ts';

export function chooseColumns(at: StepContext, step: StepOf<'choose-columns'>): Compiled {
  const chosen = at.columns(step.columns);
  keepsTarget(at, chosen);
  return at.project(chosen.map(asIs), chosen);
}

export function dropColumns(at: StepContext, step: StepOf<'drop-columns'>): Compiled {
  at.columns(step.columns);
  const kept = at.schema.columns.filter(({ name }) => !step.columns.includes(name));
  keepsTarget(at, kept);
  return at.project(kept.map(asIs), kept);
}

export function renameColumns(at: StepContext, step: StepOf<'rename-columns'>): Compiled {
  at.columns(step.names.map(({ from }) => from));
  const names = new Map(step.names.map(({ from, to }) => [from, to]));
  if (at.target !== null && (names.get(at.target) ?? at.target) !== at.target)
    throw at.refused(`${at.target} is the target, whose name stays`);
  const renamed: SchemaColumn[] = [];
  for (const column of at.schema.columns) {
    const name = names.get(column.name) ?? column.name;
    at.free(
      name,
      renamed.map((other) => other.name),
    );
    renamed.push({ ...column, name });
  }
  const split = at.schema.split === null ? null : (names.get(at.schema.split) ?? at.schema.split);
  const made = at.project(
    at.schema.columns.map(({ name }) => ({ name: names.get(name) ?? name, value: columnOf(name) })),
    renamed,
  );
  return { ...made, schema: { ...made.schema, split } };
}

export function reorderColumns(at: StepContext, step: StepOf<'reorder-columns'>): Compiled {
  const first = at.columns(step.columns);
  const all = [...first, ...at.schema.columns.filter(({ name }) => !step.columns.includes(name))];
  return at.project(all.map(asIs), all);
}

function keepsTarget(at: StepContext, kept: readonly SchemaColumn[]): void {
  const { target } = at;
  if (target === null || kept.some(({ name }) => name === target)) return;
  if (!at.schema.columns.some(({ name }) => name === target)) return;
  throw at.refused(`${target} is the target, which is never dropped`);
}
