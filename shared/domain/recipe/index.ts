export * from './changes.ts';
export { columnName } from './columns.ts';
export * from './condition.ts';
export * from './file.ts';
export * from './recipe.ts';
export { inputName, measure, type Measure } from './rows.ts';
export { fit, type Fit } from './values.ts';
export * from './sentence.ts';
