import { assertNever } from '#shared/lib';
import type { Condition } from './condition.ts';
import type { RecipeStep } from './recipe.ts';

/** @returns what a step does, as a sentence for people */
export function describeStep(step: RecipeStep): string {
  switch (step.kind) {
    case 'choose-columns':
      return `Keep only ${names(step.columns)}.`;
    case 'drop-columns':
      return `Leave out ${names(step.columns)}.`;
    case 'rename-columns':
      return `Rename ${names(step.names.map(({ from, to }) => `${from} to ${to}`))}.`;
    case 'reorder-columns':
      return `Put ${names(step.columns)} first.`;
    case 'trim':
      return `Take white space off both ends${ofColumns(step.columns)}.`;
    case 'empty-to-null':
      return `Make empty texts missing${ofColumns(step.columns)}.`;
    case 'change-case':
      return `Write ${names(step.columns)} in ${step.to} case.`;
    case 'replace-text':
      return `Replace ${step.match === 'pattern' ? 'what matches ' : ''}"${step.find}" with "${step.with}" in ${names(step.columns)}.`;
    case 'split-column':
      return `Split ${step.column} at "${step.separator}" into ${names(step.into)}.`;
    case 'merge-columns':
      return `Put ${names(step.columns)} together as ${step.into}.`;
    case 'real-types':
      return 'Read numbers, dates, and yes and no as such where nothing is lost.';
    case 'parse-number':
      return `Read ${names(step.columns)} as ${step.whole ? 'whole numbers' : 'numbers'}.`;
    case 'parse-date':
      return `Read ${names(step.columns)} as dates written ${names(step.formats)}.`;
    case 'parse-boolean':
      return `Read ${names(step.columns)} as yes or no.`;
    case 'to-text':
      return `Make text of ${names(step.columns)}.`;
    case 'fill-missing':
      return `Fill what is missing in ${names(step.columns)} with ${filling(step.with)}${learnt(step.fit)}.`;
    case 'drop-missing':
      return `Leave out rows where ${step.when === 'any' ? 'any' : 'all'} of ${names(step.columns)} ${step.columns.length === 1 || step.when === 'any' ? 'is' : 'are'} missing.`;
    case 'drop-exact-duplicates':
      return 'Leave out rows equal to an earlier one.';
    case 'drop-duplicates':
      return `Of rows with the same ${names(step.keys)} keep the ${step.keep}.`;
    case 'filter':
      return `Keep rows where ${conditionText(step.where)}.`;
    case 'derive':
      return `Compute ${step.name} as ${step.expression}.`;
    case 'outliers':
      return `${step.action === 'clip' ? 'Clip' : 'Leave out rows with'} outliers in ${names(step.columns)}, beyond ${step.factor} ${step.by === 'iqr' ? 'times the distance of the quartiles' : 'standard deviations'}${learnt(step.fit)}.`;
    case 'bucket':
      return `Put ${step.column} into buckets as ${step.into}${learnt(step.fit)}.`;
    case 'encode':
      return `Encode ${names(step.columns)} ${step.as.kind === 'one-hot' ? 'as columns of 0 and 1' : 'as numbers'}${learnt(step.fit)}.`;
    case 'scale':
      return `Scale ${names(step.columns)} ${step.to === 'min-max' ? 'from 0 to 1' : 'to mean 0 and standard deviation 1'}${learnt(step.fit)}.`;
    case 'group':
      return `Group by ${step.by.length === 0 ? 'nothing' : names(step.by)} and measure ${names(step.measures.map(({ into }) => into))}.`;
    case 'pivot':
      return `Make a column of each value of ${step.column}.`;
    case 'unpivot':
      return `Make rows of ${names(step.columns)}.`;
    case 'join':
      return `Join ${step.with} (${step.how}) where ${step.keys.map(({ left, right }) => `${left} is ${right}`).join(' and ')}.`;
    case 'append':
      return `Put the rows of ${step.with} below.`;
    case 'sort':
      return `Sort by ${names(step.by.map(({ column, descending }) => `${column}${descending ? ' (falling)' : ''}`))}.`;
    case 'limit':
      return `Keep ${step.rows} rows${step.skip === 0 ? '' : ` after the first ${step.skip}`}.`;
    case 'sample':
      return `Draw ${step.size.kind === 'rows' ? `${step.size.rows} rows` : `${percent(step.size.share)} of the rows`} by lot.`;
    case 'split-train-test':
      return `Mark ${percent(step.share)} of the rows as test, by lot${step.target === null ? '' : `, evenly over ${step.target}`}.`;
    case 'sql':
      return 'Run SQL over the rows.';
    default:
      return assertNever(step);
  }
}

const MOST_NAMES = 5;

function names(list: readonly string[]): string {
  const shown = list.slice(0, MOST_NAMES).join(', ');
  return list.length > MOST_NAMES ? `${shown} and ${list.length - MOST_NAMES} more` : shown;
}

const ofColumns = (columns: readonly string[] | undefined): string =>
  columns === undefined ? '' : ` of ${names(columns)}`;
const learnt = (fit: 'all' | 'train'): string => (fit === 'train' ? ', learnt from the training rows' : '');
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

function filling(way: Extract<RecipeStep, { kind: 'fill-missing' }>['with']): string {
  switch (way.kind) {
    case 'constant':
      return JSON.stringify(way.value);
    case 'mean':
    case 'median':
      return `the ${way.kind}`;
    case 'mode':
      return 'the most frequent value';
    case 'previous':
      return 'the value above';
    default:
      return assertNever(way);
  }
}

function conditionText(condition: Condition): string {
  if ('all' in condition) return condition.all.map(nested).join(' and ');
  if ('any' in condition) return condition.any.map(nested).join(' or ');
  if ('not' in condition) return `not ${nested(condition.not)}`;
  const { column } = condition;
  switch (condition.is) {
    case 'missing':
      return `${column} is missing`;
    case 'present':
      return `${column} is there`;
    case 'between':
      return `${column} is between ${condition.low} and ${condition.high}`;
    case 'one-of':
      return `${column} is one of ${names(condition.values.map(String))}`;
    case 'equal':
    case 'not-equal':
    case 'less':
    case 'at-most':
    case 'more':
    case 'at-least':
    case 'contains':
    case 'starts-with':
    case 'ends-with':
    case 'matches':
      return `${column} ${WORDS[condition.is]} ${condition.value}`;
    default:
      return assertNever(condition);
  }
}

function nested(condition: Condition): string {
  const text = conditionText(condition);
  return 'is' in condition ? text : `(${text})`;
}

const WORDS = {
  equal: 'is',
  'not-equal': 'is not',
  less: 'is less than',
  'at-most': 'is at most',
  more: 'is more than',
  'at-least': 'is at least',
  contains: 'contains',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  matches: 'matches',
} as const;
