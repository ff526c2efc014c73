export { Runs, type NewRun } from './runs.ts';
