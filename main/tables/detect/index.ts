export { sampleRows, type SampleRow } from './rows.ts';
export { cellClass, isValueClass, type CellClass } from './cell-class.ts';
export { detectTable, shownDialect, type Detected, type TextSample } from './detect.ts';
export { findLayout } from './layout.ts';
export { columnNames } from './names.ts';
export { groupOf, type CellGroup } from './score.ts';
