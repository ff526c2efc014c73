import { dateForms, type DateForm } from './dates.ts';
import { FITTING, TEXT, type Habits, type Inferred } from './inferred.ts';
import type { MonthLanguage } from './months.ts';

const NAMES_OF_DATES = /date|datum|fecha|(?:^|_)(?:day|dt|ymd)(?:$|_)/i;

interface Family {
  readonly forms: Map<DateForm['order'], DateForm>;
  count: number;
  months: MonthLanguage | null;
  /** Values only one order can read. */
  dmy: number;
  mdy: number;
}

export function inferDate(name: string, values: readonly string[], habits: Habits): Inferred | null {
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
