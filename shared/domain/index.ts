export * from './connection.ts';
export * from './error-report.ts';
export * from './recipe.ts';
export * from './session.ts';
export * from './system.ts';
export * from './table.ts';
export * from './target.ts';
export * from './transfer.ts';
