export { jsonFormat, openJson, rewriteJson } from './table.ts';
export type { FoundShape } from './shape.ts';
