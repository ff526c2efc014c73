export { findForms, formOf, STEP_FORMS } from './catalogue.ts';
export {
  GROUPS,
  type Accepts,
  type Field,
  type FieldOf,
  type Group,
  type Option,
  type StepForm,
  type Way,
} from './form.ts';
export { type ColumnStep, stepsForColumn } from './for-column.ts';
export { stepTitle, unfinishedReason } from './words.ts';
