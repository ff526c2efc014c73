import type { StepKind } from '../draft/index.ts';
import { columnForms } from './columns.ts';
import { combineForms } from './combine.ts';
import { GROUPS, type Group, type StepForm } from './form.ts';
import { groupForms } from './groups.ts';
import { missingForms } from './missing.ts';
import { numberForms } from './numbers.ts';
import { rowForms } from './rows.ts';
import { sampleForms } from './sample.ts';
import { sqlForms } from './sql.ts';
import { textForms } from './text.ts';
import { typeForms } from './types.ts';

export const STEP_FORMS: readonly StepForm[] = [
  ...columnForms,
  ...textForms,
  ...typeForms,
  ...missingForms,
  ...rowForms,
  ...numberForms,
  ...groupForms,
  ...combineForms,
  ...sampleForms,
  ...sqlForms,
];
const BY_KIND: ReadonlyMap<StepKind, StepForm> = new Map(STEP_FORMS.map((form) => [form.kind, form]));

export function formOf(kind: StepKind): StepForm {
  const found = BY_KIND.get(kind);
  if (found === undefined) throw new Error(`There is no form for ${kind}`);
  return found;
}

/** @returns forms in which every word is found, by group, in the order they are offered */
export function findForms(
  text: string,
): readonly { readonly group: Group; readonly forms: readonly StepForm[] }[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ title, about, also = '', group }: StepForm): boolean => {
    const all = `${title} ${about} ${also} ${group}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return GROUPS.map((group) => ({
    group,
    forms: STEP_FORMS.filter((form) => form.group === group && matches(form)),
  })).filter(({ forms }) => forms.length > 0);
}
