export { askSql, type AskedSql } from './facts.ts';
export { expressionSql } from './expressions.ts';
export { plainQuery, plainRelation, namesFor, scopeOf, as, type Hidden, type Relation } from './relation.ts';
export { changedSql, needsTable, render, type Renderable } from './render.ts';
export { select, type Rendered } from './select.ts';
