import type { ColumnType } from '#shared/domain';
import { isLossy, readNumbers } from './numbers.ts';
import { stripAffixes } from './affix.ts';
import { inferDate } from './infer-date.ts';
import { FITTING, TEXT, type Habits, type Inferred } from './inferred.ts';
import { booleanPair, isNothing, isSoftNothing } from './words.ts';

/** Digits under such a name are no quantity: nothing is counted with them. */
const NAMES_OF_CODES =
  /(?:^|[^\p{L}])(?:phone|telephone|tel|telefon|mobile|handy|fax|zip|zipcode|postal|postcode|plz|iban|bic|ean|isbn|issn|barcode|ssn|vat)(?:$|[^\p{L}])/iu;

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
