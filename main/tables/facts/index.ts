export { columnFactsOf } from './column-facts.ts';
export { keysOf } from './keys.ts';
export { relationsOf } from './relations.ts';
export type { FactSource } from './source.ts';
