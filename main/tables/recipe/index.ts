export { compileRecipe, compileStep, start, type CompiledRecipe, type CompileInput } from './compile.ts';
export * from './duckdb/index.ts';
export type { Facts, Question } from './facts.ts';
export { prepareForModelling, type ProfiledTable } from './prepare.ts';
export { describeColumn, type Schema, type SchemaColumn, type TypedColumn } from './schema.ts';
export type { Compiled } from './step-context.ts';
export type { Expression, Operation, ValueType } from './tree.ts';
