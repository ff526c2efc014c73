export { reportFile, reportOf } from './report.ts';
