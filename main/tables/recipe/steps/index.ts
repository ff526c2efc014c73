export { chooseColumns, dropColumns, renameColumns, reorderColumns } from './columns.ts';
export { group, pivot } from './groups.ts';
export { append, join } from './inputs.ts';
export { dropMissing, fillMissing } from './missing.ts';
export { bucket, encode, freeName, outliers, scale } from './numbers.ts';
export { derive, dropDuplicates, filter, limit, query, sample, sort, split, unpivot } from './rows.ts';
export { changeText, mergeColumns, splitColumn } from './text.ts';
export { parseColumns, realTypes, toText } from './types.ts';
