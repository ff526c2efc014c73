export { CellText } from './cell-text.tsx';
export { Overview } from './overview.tsx';
export { RowsPane } from './rows-pane.tsx';
export { SqlPane } from './sql-pane.tsx';
export { StepChanges } from './step-changes.tsx';
export { useTried, type Answers, type Trial, type Tried } from './use-tried.ts';
export { changeWords, sampleWords } from './words.ts';
