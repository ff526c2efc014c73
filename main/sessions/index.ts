export {
  DropPlans,
  type Chooser,
  type Drop,
  type Outcome,
  type Started,
} from './drop-plans.ts';
export { Leftovers } from './leftovers.ts';
export type { DropFile } from './meet.ts';
export { planFile, planFiles, titleOf, type KeyStyle } from './intake.ts';
export { LocalCopies } from './local-copies.ts';
export { Outputs } from './outputs.ts';
export { Runs } from './runs.ts';
export { Sessions } from './sessions.ts';
