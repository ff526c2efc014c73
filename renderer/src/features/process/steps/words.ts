import { describeStep, recipeStep } from '#shared/domain';
import type { StepDraft } from '../draft/index.ts';
import { formOf } from './catalogue.ts';
import type { Field } from './form.ts';

/** @returns the step as a sentence, or what it is called while it is not one yet */
export function stepTitle(step: StepDraft): string {
  const read = recipeStep.safeParse(step);
  return read.success ? describeStep(read.data) : formOf(step.kind).title;
}

/** @returns what a step still lacks, or null where nothing */
export function unfinishedReason(step: StepDraft): string | null {
  const read = recipeStep.safeParse(step);
  if (read.success) return null;
  const [issue] = read.error.issues;
  const [key] = issue?.path ?? [];
  const field = formOf(step.kind).fields.find((one) => one.key === key);
  return field === undefined
    ? `Something in it is not as it must be: ${issue?.message ?? ''}.`
    : lackOf(field);
}

function lackOf(field: Field): string {
  switch (field.kind) {
    case 'columns':
      return 'Choose at least one column.';
    case 'column':
    case 'file':
      return `Choose: ${field.label.toLowerCase()}.`;
    case 'condition':
      return 'Choose a column and a value to compare it with.';
    case 'list':
    case 'ways':
      return `Complete: ${field.label.toLowerCase()}.`;
    case 'number':
      return `Write a number: ${field.label.toLowerCase()}.`;
    default:
      return `Fill in: ${field.label.toLowerCase()}.`;
  }
}
