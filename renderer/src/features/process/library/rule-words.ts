import type { FlowRule } from '#shared/domain';

const NAMES_SHOWN = 4;

/** @returns which uploads a rule is for, as a sentence */
export function ruleWords({ columns, namePattern }: FlowRule): string {
  const named = namePattern === null ? '' : ` named ${namePattern}`;
  if (columns === null) return `Every upload${named}.`;
  const shown = columns.slice(0, NAMES_SHOWN).map((name) => (name === '' ? 'one without a name' : name));
  const more = columns.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  const word = columns.length === 1 ? 'column' : 'columns';
  return `Every upload${named} with exactly the ${word} ${list}, in any order.`;
}

/** @returns whether a rule is for files with these columns */
export function isForColumns({ columns }: FlowRule, names: readonly string[]): boolean {
  if (columns === null || columns.length !== names.length) return false;
  const [one, other] = [columns.toSorted(), names.toSorted()];
  return one.every((name, index) => name === other[index]);
}
