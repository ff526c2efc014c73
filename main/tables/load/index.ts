export { countsOf, type ReaderCounts } from './counts.ts';
export { CleanWriter } from './clean-writer.ts';
export { openTable, type OpenTable } from './open-table.ts';
export { normalise, type Normalised, type NormaliseOptions } from './normalise.ts';
export { identify, isSame, openSource, sourceError, type Content, type Identity } from './source.ts';
export { TableReader } from './table-reader.ts';
export type { Reject, RowSink, TableShape } from './table-shape.ts';
export { layoutWarnings } from './warnings.ts';
export { assertWidth } from './width.ts';
