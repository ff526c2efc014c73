import { numberPattern, type NumberStyle } from './numbers.ts';

/** What stands around the digits of a number. */
export interface Affix {
  /** A currency or a percent sign, before or behind; null: none. */
  readonly unit: string | null;
  /** Negative numbers in brackets or with their sign behind, as in accounts. */
  readonly accounting: boolean;
}

const CODES =
  'EUR|USD|GBP|JPY|CHF|SEK|NOK|DKK|PLN|CZK|HUF|INR|CNY|RMB|BRL|AUD|CAD|NZD|ZAR|RUB|TRY|MXN|SGD|HKD|KRW|ILS|AED|SAR|THB|IDR|MYR|PHP|RON|BGN|UAH|ISK|CLP|COP|ARS|EGP|VND|TWD';
const SIGNS = String.raw`(?:[A-Z]{1,3})?\$|[\p{Sc}]|Rs\.?|kr\.?|zł|Kč|Ft|lei|лв\.?|руб\.?|грн\.?|р\.|Fr\.?|TL|%|‰`;
const UNIT = `(?:${CODES}|${SIGNS})`;
const AFFIXED = new RegExp(
  String.raw`^(?<open>\()?\s*(?<s1>[+-])?\s*(?<u1>${UNIT})?\s*(?<s2>[+-])?\s*(?<digits>[0-9][0-9.,'’ \u00a0\u202f]*?|[.,][0-9]+)\s*(?<u2>${UNIT})?\s*(?<s3>-)?\s*(?<close>\))?$`,
  'u',
);

export interface Stripped {
  /** The numbers alone, with their sign before them. */
  readonly numbers: readonly string[];
  readonly affix: Affix;
}

/** @returns null where the values are not numbers with the same unit around them, or have none */
export function stripAffixes(values: readonly string[]): Stripped | null {
  const numbers: string[] = [];
  const units = new Set<string>();
  let accounting = false;
  let bare = 0;
  for (const value of values) {
    const groups = value.length > 40 ? undefined : AFFIXED.exec(value)?.groups;
    if (groups === undefined) return null;
    const { open, s1, u1, s2, digits = '', u2, s3, close } = groups;
    const signs = [s1, s2, s3, open].filter((sign) => sign !== undefined);
    if ((open === undefined) !== (close === undefined) || signs.length > 1) return null;
    if (u1 !== undefined && u2 !== undefined) return null;
    const unit = u1 ?? u2;
    if (unit === undefined) bare += 1;
    else units.add(unit);
    accounting ||= open !== undefined || s3 !== undefined;
    numbers.push(`${signs.some((sign) => sign !== '+') ? '-' : ''}${digits}`);
  }
  const [unit = null] = units;
  if (units.size > 1 || (unit === null && !accounting)) return null;
  // Half of a column in percent and half without would be two measures.
  if ((unit === '%' || unit === '‰') && bare > 0) return null;
  return { numbers, affix: { unit, accounting } };
}

/** @returns the pattern of numbers with what stands around them; both JavaScript and RE2 read it */
export function affixedPattern(style: NumberStyle, whole: boolean, { unit, accounting }: Affix): string {
  const sign = unit === null ? null : unit.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const number = numberPattern(style, whole);
  const inner = sign === null ? number : String.raw`[+-]?\s*(?:${sign})?\s*${number}\s*(?:${sign})?`;
  return accounting ? String.raw`(?:\(\s*${inner}\s*\)|${inner}\s*-?)` : inner;
}
