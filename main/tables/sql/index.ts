export { identifier, list, literal } from './quote.ts';
export { misfitSql, numberText, physicalType, valueSql, whiteSpace } from './types.ts';
