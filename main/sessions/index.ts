export { planFetch, type Wanted } from './downloads.ts';
export { Drops, type DropEnd } from './drops.ts';
export { planFile, planFiles, titleOf, type KeyStyle } from './intake.ts';
export { LocalCopies } from './local-copies.ts';
export { Manifests } from './manifests.ts';
export { Outputs } from './outputs.ts';
export { Runs } from './runs.ts';
export { Sessions } from './sessions.ts';
