export { identifier, list, literal } from './quote.ts';
export { hasAffix, misfitSql, numberText, physicalType, valueSql, whiteSpace } from './types.ts';
