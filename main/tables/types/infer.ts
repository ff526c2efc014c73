import type { ColumnType } from '#shared/domain';
import { dateForms, type DateForm } from './dates.ts';
import { isLossy, readNumbers } from './numbers.ts';
import { stripAffixes } from './affix.ts';
import type { MonthLanguage } from './months.ts';
import { booleanPair, isNothing, isSoftNothing } from './words.ts';

export interface Inferred {
  readonly type: ColumnType;
  readonly note: string | null;
  /** Whether day and month were told apart by nothing but habit. */
  readonly ambiguousDates: boolean;
}

/** What the rest of the file says about how values are written. */
export interface Habits {
  readonly commaIsPoint: boolean;
  /** Which of day and month comes first in columns that leave no doubt. */
  readonly dateOrder: 'dmy' | 'mdy' | null;
  /** What is meant where the file leaves doubt, and by whom. */
  readonly assumed?: { readonly order: 'dmy' | 'mdy'; readonly by: 'person' | 'locale' } | null;
}

/** Of the values that are there, so many have to fit a type. */
export const FITTING = 0.99;

const TEXT: Inferred = { type: { kind: 'text' }, note: null, ambiguousDates: false };
/** Digits under such a name are no quantity: nothing is counted with them. */
const NAMES_OF_CODES =
  /(?:^|[^\p{L}])(?:phone|telephone|tel|telefon|mobile|handy|fax|zip|zipcode|postal|postcode|plz|iban|bic|ean|isbn|issn|barcode|ssn|vat)(?:$|[^\p{L}])/iu;
const NAMES_OF_DATES = /date|datum|fecha|(?:^|_)(?:day|dt|ymd)(?:$|_)/i;

/**
 * The type that reads the values of a column and loses nothing: text where any of them would. White space around a value
 * and words for nothing are no values.
 */
export function inferColumn(name: string, cells: readonly (string | null)[], habits: Habits): Inferred {
  const values: string[] = [];
  for (const cell of cells) {
    const text = cell?.trim() ?? '';
    if (!isNothing(text)) values.push(text);
  }
  if (values.length === 0) return TEXT;
  const found = inferValues(name, values, habits);
  if (found.type.kind !== 'text') return found;
  // Words for nothing that are words elsewhere: they count as such where all else fits.
  const soft = values.filter(isSoftNothing);
  if (soft.length === 0 || soft.length > values.length * 0.8) return found;
  const rest = inferValues(
    name,
    values.filter((value) => !isSoftNothing(value)),
    habits,
  );
  if (rest.type.kind === 'text' || rest.type.kind === 'boolean') return found;
  const nulls = [...new Set(soft.map((word) => word.toLowerCase()))].sort();
  const said = `${nulls.map((word) => `“${word}”`).join(', ')} stand${nulls.length === 1 ? 's' : ''} for nothing here.`;
  return { ...rest, type: { ...rest.type, nulls }, note: rest.note === null ? said : `${rest.note} ${said}` };
}

function inferValues(name: string, values: readonly string[], habits: Habits): Inferred {
  return (
    inferBoolean(values) ??
    inferDate(name, values, habits) ??
    inferNumber(name, values, habits) ??
    inferAffixed(values, habits) ??
    TEXT
  );
}

/** Numbers with a currency or a percent sign, or with negative ones as accounts write them. */
function inferAffixed(values: readonly string[], habits: Habits): Inferred | null {
  const stripped = stripAffixes(values);
  if (stripped === null || stripped.numbers.some(isLossy)) return null;
  const reading = readNumbers(stripped.numbers, habits.commaIsPoint);
  if (reading === null || reading.fits < values.length) return null;
  const { unit, accounting } = stripped.affix;
  const around = { ...(unit === null ? {} : { unit }), ...(accounting ? { accounting } : {}) };
  const { point, thousands } = reading.style;
  const type: ColumnType = reading.whole
    ? { kind: 'integer', thousands, ...around }
    : { kind: 'decimal', point, thousands, ...around };
  const notes = [
    ...(unit === null ? [] : [`In ${unit}.`]),
    ...(accounting ? ['A number in brackets, or with its sign behind it, is negative.'] : []),
  ];
  return { type, note: notes.join(' '), ambiguousDates: false };
}

function inferBoolean(values: readonly string[]): Inferred | null {
  const words = new Set<string>();
  for (const value of values) {
    if (value.length > 6) return null;
    words.add(value.toLowerCase());
    if (words.size > 2) return null;
  }
  const pair = booleanPair(words);
  return pair === null ? null : { ...TEXT, type: { kind: 'boolean', yes: [pair[0]], no: [pair[1]] } };
}

function inferNumber(name: string, values: readonly string[], habits: Habits): Inferred | null {
  if (values.some(isLossy)) return null;
  const reading = readNumbers(values, habits.commaIsPoint);
  if (reading === null || reading.fits < values.length * FITTING) return null;
  if (reading.whole && NAMES_OF_CODES.test(name)) return null;
  const { point, thousands } = reading.style;
  const type: ColumnType = reading.whole
    ? { kind: 'integer', thousands }
    : { kind: 'decimal', point, thousands };
  const example = values.find((value) => /[.,]/.test(value)) ?? '';
  const meaning = reading.whole ? example.replace(/[.,]/, '') : example.replace(',', '.');
  const note = reading.ambiguous
    ? `${example} is read as ${meaning}: nothing in the column says whether its sign parts thousands or is a decimal point.`
    : null;
  return { type, note, ambiguousDates: false };
}

interface Family {
  readonly forms: Map<DateForm['order'], DateForm>;
  count: number;
  months: MonthLanguage | null;
  /** Values only one order can read. */
  dmy: number;
  mdy: number;
}

function inferDate(name: string, values: readonly string[], habits: Habits): Inferred | null {
  const compact = compactDate(name, values);
  if (compact !== null) return compact;
  const families = new Map<string, Family>();
  let misses = 0;
  const allowed = values.length * (1 - FITTING);
  for (const value of values) {
    const forms = value.length > 40 ? [] : dateForms(value);
    if (forms.length === 0) {
      misses += 1;
      if (misses > allowed) return null;
    }
    addForms(families, forms);
  }
  const merged = mergeMonthNames(families);
  return merged.size === 0 ? null : settle(oneLanguage(merged), values.length, misses, habits);
}

function addForms(families: Map<string, Family>, forms: readonly DateForm[]): void {
  const seen = new Set<string>();
  for (const form of forms) {
    const key = form.months === undefined ? form.family : `${form.months}:${form.family}`;
    const family = families.get(key) ?? {
      forms: new Map(),
      count: 0,
      months: form.months ?? null,
      dmy: 0,
      mdy: 0,
    };
    families.set(key, family);
    family.forms.set(form.order, form);
    if (!seen.has(key)) family.count += 1;
    seen.add(key);
    const alone = forms.filter((other) => other.family === form.family).length === 1;
    if (alone && form.order === 'dmy') family.dmy += 1;
    if (alone && form.order === 'mdy') family.mdy += 1;
  }
}

/** `May` fits both `%b` and `%B`: a family whose values another reads too is left out. */
function mergeMonthNames(families: Map<string, Family>): Map<string, Family> {
  const merged = new Map(families);
  for (const [key, family] of families) {
    if (!key.includes('%B')) continue;
    const short = families.get(key.replace('%B', '%b'));
    if (short === undefined) continue;
    if (short.count >= family.count) merged.delete(key);
    else merged.delete(key.replace('%B', '%b'));
  }
  return merged;
}

/** `mars` is French and Swedish: of the languages that months may be in, the one that reads the most. */
function oneLanguage(families: ReadonlyMap<string, Family>): ReadonlyMap<string, Family> {
  const counts = new Map<MonthLanguage, number>();
  for (const { months, count } of families.values())
    if (months !== null) counts.set(months, (counts.get(months) ?? 0) + count);
  if (counts.size === 0) return families;
  const [best] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return new Map([...families].filter(([, { months }]) => months === null || months === best));
}

function settle(
  families: ReadonlyMap<string, Family>,
  total: number,
  missed: number,
  habits: Habits,
): Inferred | null {
  const sure = [...families.values()].reduce((sum, { dmy, mdy }) => sum + dmy - mdy, 0);
  const formats: { pattern: string; count: number }[] = [];
  let misses = missed;
  let hasTime = false;
  let ambiguous: string | null = null;
  let twoDigits = false;
  const months = [...families.values()].find((family) => family.months !== null)?.months ?? null;
  for (const [key, family] of families) {
    let form = family.forms.get('fixed');
    if (form === undefined) {
      let order: 'dmy' | 'mdy' = 'dmy';
      if (family.dmy > 0 || family.mdy > 0) {
        order = family.dmy >= family.mdy ? 'dmy' : 'mdy';
        misses += Math.min(family.dmy, family.mdy);
      } else if (!key.includes('.')) {
        order = sure === 0 ? (habits.dateOrder ?? habits.assumed?.order ?? 'dmy') : sure > 0 ? 'dmy' : 'mdy';
        if (sure === 0) ambiguous = order;
      }
      form = family.forms.get(order);
    }
    if (form === undefined) continue;
    twoDigits ||= form.pattern.includes('%y');
    hasTime ||= form.hasTime;
    formats.push({ pattern: form.pattern, count: family.count });
  }
  const read = [...families.values()].reduce((sum, { count }) => sum + count, 0);
  if (months !== null) misses = Math.max(misses, total - read);
  if (misses > total * (1 - FITTING) || formats.length === 0) return null;
  formats.sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1));
  const notes: string[] = [];
  if (ambiguous !== null) {
    const order = ambiguous === 'dmy' ? 'day first' : 'month first';
    const why =
      habits.dateOrder === null ? whyAssumed(habits.assumed ?? null) : 'as in other columns of the file';
    notes.push(`Dates such as 01/02/2024 are read ${order}: ${why}.`);
  }
  if (twoDigits) notes.push('Years of two digits are read as 1969 to 2068.');
  if (formats.some(({ pattern }) => pattern.endsWith('Z') || pattern.endsWith('%z')))
    notes.push('Times are in UTC.');
  return {
    type: {
      kind: hasTime ? 'timestamp' : 'date',
      formats: formats.map(({ pattern }) => pattern),
      ...(months === null ? {} : { months }),
    },
    note: notes.length === 0 ? null : notes.join(' '),
    ambiguousDates: ambiguous !== null && habits.dateOrder === null && habits.assumed?.by !== 'person',
  };
}

function whyAssumed(assumed: Habits['assumed']): string {
  if (assumed?.by === 'person') return 'as was asked for';
  return assumed?.by === 'locale'
    ? 'nothing in the file says otherwise, and it is the way of this computer’s locale'
    : 'nothing in the file says otherwise';
}

/** Eight digits are a date only under a name that says so. */
function compactDate(name: string, values: readonly string[]): Inferred | null {
  if (!NAMES_OF_DATES.test(name)) return null;
  const fits = values.filter(
    (value) =>
      /^(?:19|20)\d{6}$/.test(value) &&
      dateForms(`${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`).length > 0,
  );
  if (fits.length < values.length * FITTING) return null;
  return { ...TEXT, type: { kind: 'date', formats: ['%Y%m%d'] } };
}

/** What the columns of a file say between them about how values are written. */
export function habitsOf(
  columns: readonly { name: string; cells: readonly (string | null)[] }[],
  assumed: Habits['assumed'] = null,
): Habits {
  const neutral: Habits = { commaIsPoint: false, dateOrder: null };
  let comma = 0;
  let order = 0;
  for (const { name, cells } of columns) {
    const { type, ambiguousDates } = inferColumn(name, cells, neutral);
    if (type.kind === 'decimal') {
      const telling = cells.some(
        (cell) => cell !== null && !/^\s*[+-]?\d{1,3}[.,]\d{3}\s*$/.test(cell) && /[.,]/.test(cell),
      );
      if (telling) comma += type.point === ',' ? 1 : -1;
    }
    if ((type.kind === 'date' || type.kind === 'timestamp') && !ambiguousDates) {
      for (const format of type.formats) {
        if (/^%d[./-]%m/.test(format)) order += 1;
        if (/^%m[/-]%d/.test(format)) order -= 1;
      }
    }
  }
  const dateOrder = order > 0 ? 'dmy' : order < 0 ? 'mdy' : null;
  return { commaIsPoint: comma > 0, dateOrder, ...(assumed === null ? {} : { assumed }) };
}
