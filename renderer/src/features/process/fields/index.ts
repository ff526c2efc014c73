export { AroundContext, TYPE_WORDS, type Around, type PlacedColumn } from './around.ts';
export { columnOptions } from './column-options.ts';
export { conditionOf, groupOf, operatorOptions, withOperator } from './condition.ts';
export { Fields } from './field-view.tsx';
export { tryOut } from './tester.ts';
