export { cellClass, isValueClass } from './cell-class.ts';
export { detectTable, shownDialect, type Detected, type TextSample } from './detect.ts';
