export { addStep } from './draft/index.ts';
export { ProcessView } from './process-view.tsx';
