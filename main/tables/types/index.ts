export type { NumberFacts } from './facts.ts';
export { affixedPattern, type Affix } from './affix.ts';
export { dateOrderOf } from './locale.ts';
export { englishMonthsSql, MONTH_LANGUAGES, type MonthLanguage } from './months.ts';
export { dateForms, patternOf, type DateForm } from './dates.ts';
export { habitsOf, inferColumn } from './infer.ts';
export { FITTING, type Habits, type Inferred } from './inferred.ts';
export { isLossy, LOSSY, numberPattern, readNumbers, type NumberStyle } from './numbers.ts';
export { isNothing, NULL_WORDS } from './words.ts';
