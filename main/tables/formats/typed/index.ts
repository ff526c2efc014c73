export { ColumnEvidence, type CellKind, type TypedCell } from './evidence.ts';
export { plainNumber } from './number-text.ts';
export { RowWriter } from './row-writer.ts';
