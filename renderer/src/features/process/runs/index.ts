export { RunForm } from './run-form.tsx';
export { RunsPane } from './runs-pane.tsx';
