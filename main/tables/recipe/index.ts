export { compileRecipe, type TypedColumn } from './compile.ts';
export { toDuckDb, type DuckDbPlan } from './duckdb.ts';
export type { Expression, Operation } from './tree.ts';
