/** What is there already, and what becomes of it. */
export { type Fit, fileFits, provenParts } from './adopt.ts';
export {
  CHOICES,
  type ChangedPolicy,
  type Decision,
  type ExistingPolicy,
  type LeftoverPolicy,
  type Likeness,
  type Policies,
  choiceBy,
  decide,
  freeKey,
  likeness,
  renamedKey,
  yardstickWords,
} from './choices.ts';
