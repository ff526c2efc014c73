export type { NumberFacts } from './facts.ts';
export { dateForms, patternOf, type DateForm } from './dates.ts';
export { FITTING, habitsOf, inferColumn, type Habits, type Inferred } from './infer.ts';
export { isLossy, LOSSY, numberPattern, readNumbers, type NumberStyle } from './numbers.ts';
export { isNothing, NULL_WORDS } from './words.ts';
