export { askSql, type AskedSql } from './facts.ts';
export { expressionSql } from './expressions.ts';
export { plainQuery, plainRelation, namesFor, scopeOf, as, type Hidden, type Relation } from './relation.ts';
export { changedSql, needsTable, render, select, type Renderable, type Rendered } from './render.ts';
