import { assertNever } from '#shared/lib';

/** What a cell looks like, to judge how a text was cut: the right cut gives columns whose cells look alike. */
export type CellClass =
  | 'empty'
  | 'integer'
  | 'decimal'
  | 'money'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'word'
  | 'code'
  | 'phrase'
  | 'address'
  | 'text'
  | 'broken';

const RULES: readonly (readonly [CellClass, RegExp])[] = [
  ['integer', /^[+-]?\d+$/],
  [
    'decimal',
    /^[+-]?(?:\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d*[.,]\d+|\d+[.,])(?:[eE][+-]?\d+)?$|^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+$/,
  ],
  [
    'money',
    /^[([]?[+-]?[$€£¥]? ?[+-]?(?:\d{1,3}(?:[.,' ]\d{2,3})+|\d+)(?:[.,]\d*)?(?: ?(?:%|€|\$|£|EUR|USD|GBP|CHF|kr))?[)\]]?$/,
  ],
  [
    'date',
    /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}[-. ]{0,2}[A-Za-z]{3,9}[-,. ]{0,2}\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})$/,
  ],
  ['time', /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$/],
  [
    'timestamp',
    /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)? ?(?:[AaPp][Mm]|Z|[+-]\d{2}:?\d{2})?$/,
  ],
  [
    'address',
    /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|www\.\S+|[^\s@,;|]+@[^\s@,;|]+\.[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3})$/i,
  ],
  ['word', /^[\p{L}][\p{L}\p{M}'’.]*$/u],
  ['code', /^[\p{L}\p{N}_#][\p{L}\p{N}_./+-]*$/u],
  ['phrase', /^[\p{L}\p{N}($#][\p{L}\p{M}\p{N} .'’&()/_+:%#°²³$€-]*$/u],
];

/** Signs that other files are cut with: left inside many cells, they say that the cut is wrong. */
// oxlint-disable-next-line no-control-regex
const FOREIGN = /[;|\t\u0001-\u0008\u001c-\u001f]/;

export function cellClass(cell: string): CellClass {
  const text = cell.length > 400 ? cell.slice(0, 400).trim() : cell.trim();
  if (text === '') return 'empty';
  for (const [name, rule] of RULES)
    if (rule.test(text)) return name === 'phrase' && /\w::\w/.test(text) ? 'broken' : name;
  // Quotes around a cell that was not unquoted: it was cut as if they meant nothing.
  if (/^(["'`]).*\1$/s.test(text) && text.length > 1) return 'broken';
  const quotes = text.split('"').length - 1;
  if (quotes % 2 === 1 && (text.startsWith('"') || text.endsWith('"'))) return 'broken';
  if (/[^:]::[^:]/.test(text)) return 'broken';
  if (/^[,;|\t]|[;|\t]$/.test(text) || FOREIGN.test(text)) return 'broken';
  return 'text';
}

/** How much a class says that its cells were cut where they should be, 0 to 1. */
export const WEIGHT: Readonly<Record<CellClass, number>> = {
  empty: 0.5,
  integer: 1,
  decimal: 1,
  money: 0.95,
  date: 1,
  time: 0.95,
  timestamp: 1,
  address: 1,
  word: 0.85,
  code: 0.8,
  phrase: 0.75,
  text: 0.5,
  broken: 0.05,
};

/** Whether a cell of this class can hardly be the name of a column. */
export function isValueClass(name: CellClass): boolean {
  switch (name) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'address':
      return true;
    case 'empty':
    case 'word':
    case 'code':
    case 'phrase':
    case 'text':
    case 'broken':
      return false;
    default:
      return assertNever(name);
  }
}
