export { AddStep } from './add-step.tsx';
export { StepList } from './step-list.tsx';
