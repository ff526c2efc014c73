export { addStep } from './draft/index.ts';
export { ProcessView } from './process-view.tsx';
export { type ColumnStep, stepsForColumn } from './steps/index.ts';
