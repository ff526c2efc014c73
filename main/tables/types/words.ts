/** Words that stand for no value at all, lower case. */
export const NULL_WORDS: readonly string[] = [
  'na',
  'n/a',
  '#n/a',
  'null',
  '(null)',
  '\\n',
  'none',
  'nan',
  'nil',
  '-',
  '--',
  '---',
  '.',
  '?',
  '#null!',
];

const NULLS = new Set(NULL_WORDS);

/** Whether a cell holds nothing, or a word for nothing. */
export function isNothing(text: string): boolean {
  return text === '' || NULLS.has(text.toLowerCase());
}

/** Pairs of words for yes and no; no others mix with them in a column. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['t', 'f'],
  ['on', 'off'],
  ['ja', 'nein'],
  ['j', 'n'],
  ['wahr', 'falsch'],
  ['oui', 'non'],
  ['vrai', 'faux'],
  ['si', 'no'],
  ['sí', 'no'],
  ['sim', 'não'],
];

/** @returns the pair every word of a column belongs to; both have to be there, unless the word has no other sense */
export function booleanPair(words: ReadonlySet<string>): readonly [string, string] | null {
  for (const pair of PAIRS) {
    if (![...words].every((word) => pair.includes(word))) continue;
    if (words.size === 2 || words.has('true') || words.has('false')) return pair;
  }
  return null;
}
