export { RunForm } from './run-form.tsx';
export { RunsPane } from './runs-pane.tsx';
export { USUAL, type Writing } from './writing.ts';
