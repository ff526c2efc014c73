import { withEnglishMonths, type MonthLanguage } from './months.ts';

/** How a date is written, as a strptime pattern, and the family in which day and month can change places. */
export interface DateForm {
  readonly pattern: string;
  readonly hasTime: boolean;
  /** `dmy` and `mdy` are two readings of the same writing; `fixed` leaves no choice. */
  readonly order: 'dmy' | 'mdy' | 'fixed';
  /** The same for both readings of a writing. */
  readonly family: string;
  /** The language of its month, where strptime does not read it. */
  readonly months?: MonthLanguage;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const LONG = 'january february march april may june july august september october november december'.split(
  ' ',
);
const DAYS = /^(mon|tue|wed|thu|fri|sat|sun)(day|sday|nesday|rsday|urday)?(,? )/i;

const TIME =
  /^(?<sep>[T ] ?|, ?|:)(?<h>\d{1,2})(?<c>[:.])(?<m>\d{2})(?:\k<c>(?<s>\d{2}))?(?<f>[.,]\d{1,9})?(?<ap> ?[AaPp][Mm])?(?<z>Z|(?<zs> ?)[+-]\d{2}:?\d{2})?$/;

/** @returns every way a text can be read as a date, or none; a day that does not exist is none */
export function dateForms(text: string): DateForm[] {
  const plain = englishForms(text);
  if (plain.length > 0 || !/\p{L}{3}/u.test(text)) return plain;
  return withEnglishMonths(text).flatMap(({ text: english, language }) =>
    englishForms(english).map((form) => ({ ...form, months: language })),
  );
}

function englishForms(text: string): DateForm[] {
  let prefix = '';
  let rest = text;
  const weekday = DAYS.exec(text);
  if (weekday !== null) {
    prefix = (weekday[2] === undefined ? '%a' : '%A') + (weekday[3] ?? ' ');
    rest = text.slice(weekday[0].length);
  }
  const forms: DateForm[] = [];
  for (const part of dateParts(rest)) {
    const time = timePattern(rest.slice(part.length));
    if (time === null) continue;
    forms.push({
      pattern: prefix + part.pattern + time,
      hasTime: time !== '',
      order: part.order,
      family: prefix + part.family + time,
    });
  }
  return forms;
}

interface DatePart {
  readonly length: number;
  readonly pattern: string;
  readonly order: DateForm['order'];
  readonly family: string;
}

function dateParts(text: string): DatePart[] {
  return [...numericParts(text), ...namedParts(text)];
}

function numericParts(text: string): DatePart[] {
  const signed =
    /^(\d{4})年(\d{1,2})月(\d{1,2})日/.exec(text) ?? /^(\d{4})년 (\d{1,2})월 (\d{1,2})일/.exec(text);
  if (signed !== null) {
    const [all, year, month, day] = signed;
    if (!exists(Number(year), Number(month), Number(day))) return [];
    const pattern = all.includes('年') ? '%Y年%m月%d日' : '%Y년 %m월 %d일';
    return [{ length: all.length, pattern, order: 'fixed', family: pattern }];
  }
  const tight = /^((?:19|20)\d{2})(\d{2})(\d{2})(?=T\d{2}:)/.exec(text);
  if (tight !== null && exists(Number(tight[1]), Number(tight[2]), Number(tight[3])))
    return [{ length: 8, pattern: '%Y%m%d', order: 'fixed', family: '%Y%m%d' }];
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/.exec(text);
  if (iso !== null) {
    const [all, year, sep = '', month, day] = iso;
    if (!exists(Number(year), Number(month), Number(day))) return [];
    const dot = sep === '.' && text[all.length] === '.' ? '.' : '';
    const pattern = `%Y${sep}%m${sep}%d${dot}`;
    return [{ length: all.length + dot.length, pattern, order: 'fixed', family: pattern }];
  }
  const match = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/.exec(text);
  if (match === null) return [];
  const [all, first, sep = '', second, year = ''] = match;
  const full = year.length === 4 ? Number(year) : 2000 + Number(year);
  const mark = year.length === 4 ? '%Y' : '%y';
  const family = `#${sep}#${sep}${mark}`;
  const parts: DatePart[] = [];
  if (exists(full, Number(second), Number(first))) {
    parts.push({ length: all.length, pattern: `%d${sep}%m${sep}${mark}`, order: 'dmy', family });
  }
  if (exists(full, Number(first), Number(second))) {
    parts.push({ length: all.length, pattern: `%m${sep}%d${sep}${mark}`, order: 'mdy', family });
  }
  return parts;
}

function namedParts(text: string): DatePart[] {
  const dayFirst = /^(\d{1,2})([-/ .]|\. )?([A-Za-z]{3,9})([-/ ,.]|, |\. )?(\d{4}|\d{2})(?!\d)/.exec(text);
  if (dayFirst !== null) {
    const [all, day, a = '', month = '', b = '', year = ''] = dayFirst;
    return named(all, day, month, year, (m, y) => `%d${a}${m}${b}${y}`);
  }
  const monthFirst = /^([A-Za-z]{3,9})([-/ .]|\. )(\d{1,2})([-/ ,.]|, )(\d{4})(?!\d)/.exec(text);
  if (monthFirst !== null) {
    const [all, month = '', a = '', day, b = '', year = ''] = monthFirst;
    return named(all, day, month, year, (m, y) => `${m}${a}%d${b}${y}`);
  }
  const yearFirst = /^(\d{4})([-/ .])([A-Za-z]{3,9})\2(\d{1,2})(?!\d)/.exec(text);
  if (yearFirst !== null) {
    const [all, year = '', sep = '', month = '', day] = yearFirst;
    return named(all, day, month, year, (m, y) => `${y}${sep}${m}${sep}%d`);
  }
  return [];
}

function named(
  all: string,
  day: string | undefined,
  month: string,
  year: string,
  pattern: (month: string, year: string) => string,
): DatePart[] {
  const lower = month.toLowerCase();
  const short = MONTHS.indexOf(lower);
  const long = LONG.indexOf(lower);
  const number = Math.max(short, long) + 1;
  const full = year.length === 4 ? Number(year) : 2000 + Number(year);
  if (number === 0 || !exists(full, number, Number(day))) return [];
  const mark = year.length === 4 ? '%Y' : '%y';
  const parts: DatePart[] = [];
  // "May" is both the short and the long name.
  for (const name of [short === -1 ? null : '%b', long === -1 ? null : '%B']) {
    if (name === null) continue;
    const written = pattern(name, mark);
    parts.push({ length: all.length, pattern: written, order: 'fixed', family: written });
  }
  return parts;
}

function timePattern(text: string): string | null {
  if (text === '') return '';
  const groups = TIME.exec(text)?.groups;
  if (groups === undefined) return null;
  const { sep = '', h = '', c = ':', s, f, ap, z, zs = '' } = groups;
  const hour = Number(h);
  if (ap === undefined ? hour > 23 : hour < 1 || hour > 12) return null;
  const zone = z === undefined ? '' : z === 'Z' ? 'Z' : `${zs}%z`;
  const half = ap === undefined ? '' : ap.startsWith(' ') ? ' %p' : '%p';
  const fraction = f === undefined ? '' : `${f.slice(0, 1)}${f.length > 7 ? '%n' : '%f'}`;
  return `${sep}${ap === undefined ? '%H' : '%I'}${c}%M${s === undefined ? '' : `${c}%S`}${fraction}${half}${zone}`;
}

function exists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const PATTERNS: Readonly<Record<string, string>> = {
  '%Y': '[0-9]{4}',
  '%y': '[0-9]{2}',
  '%m': '[0-9]{1,2}',
  '%d': '[0-9]{1,2}',
  '%b': '[A-Za-z]{3}',
  '%B': '[A-Za-z]{3,9}',
  '%a': '[A-Za-z]{3}',
  '%A': '[A-Za-z]{6,9}',
  '%H': '[0-9]{1,2}',
  '%I': '[0-9]{1,2}',
  '%M': '[0-9]{2}',
  '%S': '[0-9]{2}',
  '%f': '[0-9]{1,6}',
  '%n': '[0-9]{7,9}',
  '%p': '[AaPp][Mm]',
  '%z': '[+-][0-9]{2}:?[0-9]{2}',
};

/** @returns the regular expression of the texts a strptime pattern is meant for; strptime itself forgives too much */
export function patternOf(strptime: string): string {
  return strptime.replace(/%[A-Za-z]|[^%]/g, (part) => {
    const known = PATTERNS[part];
    if (known !== undefined) return known;
    return /[.^$*+?()[\]{}|\\]/.test(part) ? `\\${part}` : part;
  });
}
