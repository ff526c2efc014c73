import { assertNever } from '#shared/lib';
import { plainNumber, type TypedCell } from '../typed/index.ts';
import type { CellStyle } from './number-format.ts';

const DAY = 86_400_000;

/** The value of a cell that holds a number: what its format says it is. */
export function numberCell(raw: string, style: CellStyle, from1904: boolean): TypedCell | null {
  const number = Number(raw);
  if (raw === '' || Number.isNaN(number)) return raw === '' ? null : { kind: 'text', text: raw };
  switch (style.kind) {
    case 'number':
    case 'percent':
      return { kind: 'number', text: numberText(raw, number) };
    case 'code':
      if (!Number.isInteger(number) || number < 0) return { kind: 'number', text: numberText(raw, number) };
      return { kind: 'text', text: numberText(raw, number).padStart(style.digits, '0') };
    case 'elapsed':
      return { kind: 'text', text: elapsed(number) };
    case 'time':
      if (number >= 0 && number < 1) return { kind: 'text', text: elapsed(number) };
      return dateCell(number, true, from1904) ?? { kind: 'number', text: numberText(raw, number) };
    case 'date':
    case 'timestamp': {
      const date = dateCell(number, style.kind === 'timestamp', from1904);
      return date ?? { kind: 'number', text: numberText(raw, number) };
    }
    default:
      return assertNever(style);
  }
}

/** Workbooks keep fifteen digits; what a double has beyond them is noise, but for whole numbers written out. */
function numberText(raw: string, number: number): string {
  if (/^-?\d+$/.test(raw)) return raw.replace(/^(-?)0+(?=\d)/, '$1');
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return String(number);
  const text = String(number);
  return text.length < 17 && !text.includes('e') ? text : plainNumber(String(Number(number.toPrecision(15))));
}

function dateCell(serial: number, withTime: boolean, from1904: boolean): TypedCell | null {
  const days = from1904 ? serial + 1462 : serial;
  // The calendar of workbooks ends with the year 9999.
  if (days < 0 || days >= 2_958_466) return null;
  let instant = Math.round(days * DAY);
  const hasTime = instant % DAY !== 0;
  // It counts a 29th of February 1900 that never was.
  instant += days < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  const text = new Date(instant).toISOString();
  if (!withTime && !hasTime) return { kind: 'date', text: text.slice(0, 10) };
  const fraction = text.slice(19, 23);
  return {
    kind: 'timestamp',
    text: `${text.slice(0, 10)} ${text.slice(11, 19)}${fraction === '.000' ? '' : fraction}`,
  };
}

function elapsed(days: number): string {
  const all = Math.round(Math.abs(days) * DAY);
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(all / 1000);
  const fraction = all % 1000;
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${days < 0 ? '-' : ''}${time}${fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`}`;
}

/** A date written as ISO 8601, as cells of the type `d` have it. */
export function isoCell(raw: string): TypedCell {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(\.\d+)?Z?)?$/.exec(raw);
  if (match === null) return { kind: 'text', text: raw };
  const [, date = '', time, fraction = ''] = match;
  if (time === undefined || (time === '00:00:00' && /^\.?0*$/.test(fraction)))
    return { kind: 'date', text: date };
  return { kind: 'timestamp', text: `${date} ${time}${/^\.0+$/.test(fraction) ? '' : fraction}` };
}
