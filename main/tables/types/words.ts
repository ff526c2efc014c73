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

/**
 * Words that stand for no value only in columns whose other values are numbers, dates or the like; they are said of the
 * column they were met in.
 */
const SOFT = new Set(
  (
    '..|...|*|:|–|—|unknown|missing|not available|not applicable|n.a.|n.a|n. a.|nd|n.d.|n/d|tbd|tba|bdl|#div/0!|#value!|#ref!|#name?|#num!|' +
    'k.a.|k. a.|keine angabe|unbekannt|n.v.|ohne|non disponible|inconnu|s/d|s.d.|sin dato|sin datos|desconocido|desconhecido|' +
    'sconosciuto|onbekend|ukjent|ukendt|okänd|brak|nieznany|neznámo|н/д|нет данных|неизвестно|未知|不明|無|无|없음'
  ).split('|'),
);

export function isSoftNothing(text: string): boolean {
  return SOFT.has(text.toLowerCase());
}

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
  ['sì', 'no'],
  ['s', 'n'],
  ['v', 'f'],
  ['o', 'n'],
  ['ano', 'ne'],
  ['tak', 'nie'],
  ['igen', 'nem'],
  ['evet', 'hayır'],
  ['kyllä', 'ei'],
  ['ja', 'nei'],
  ['ja', 'nej'],
  ['ja', 'nee'],
  ['да', 'нет'],
  ['истина', 'ложь'],
  ['verdadero', 'falso'],
  ['vero', 'falso'],
  ['はい', 'いいえ'],
  ['是', '否'],
  ['✓', '✗'],
];

/** @returns the pair every word of a column belongs to; both have to be there, unless the word has no other sense */
export function booleanPair(words: ReadonlySet<string>): readonly [string, string] | null {
  for (const pair of PAIRS) {
    if (![...words].every((word) => pair.includes(word))) continue;
    if (words.size === 2 || words.has('true') || words.has('false')) return pair;
  }
  return null;
}
