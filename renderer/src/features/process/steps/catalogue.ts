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

type Found = readonly { readonly group: Group; readonly forms: readonly StepForm[] }[];

/** @returns forms in which every word is found, by group, in the order they are offered; else those of a group so called */
export function findForms(text: string): Found {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const find = (textOf: (form: StepForm) => string): Found =>
    GROUPS.map((group) => ({
      group,
      forms: STEP_FORMS.filter((form) => {
        const searched = textOf(form).toLowerCase();
        return form.group === group && words.every((word) => searched.includes(word));
      }),
    })).filter(({ forms }) => forms.length > 0);
  const found = find(({ title, about, also = '' }) => `${title} ${about} ${also}`);
  return found.length > 0 ? found : find(({ group }) => group);
}
