/** How the number in a cell is meant, by the format it is shown in. */
export type CellStyle =
  | { readonly kind: 'number' | 'percent' | 'date' | 'timestamp' | 'time' | 'elapsed' }
  /** A code shown with so many digits, such as 00501. */
  | { readonly kind: 'code'; readonly digits: number };

export const generalStyle: CellStyle = { kind: 'number' };

/** Formats that every workbook knows by number, as far as they are of dates and shares. */
const BUILT_IN: Readonly<
  Record<number, CellStyle['kind'] & ('percent' | 'date' | 'timestamp' | 'time' | 'elapsed')>
> = {
  9: 'percent',
  10: 'percent',
  14: 'date',
  15: 'date',
  16: 'date',
  17: 'date',
  18: 'time',
  19: 'time',
  20: 'time',
  21: 'time',
  22: 'timestamp',
  45: 'time',
  46: 'elapsed',
  47: 'time',
};

/** @param formats those the workbook defines itself */
export function styleOf(id: number, formats: ReadonlyMap<number, string>): CellStyle {
  const own = formats.get(id);
  if (own !== undefined) return styleOfCode(own);
  const known = BUILT_IN[id];
  if (known !== undefined) return { kind: known };
  // The dates of East Asian editions.
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return { kind: 'date' };
  return generalStyle;
}

function styleOfCode(code: string): CellStyle {
  const [first = ''] = code.split(';');
  // What is quoted, escaped, blank by width or in brackets is no part of the pattern, but for elapsed times.
  const pattern = first
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/^0{2,}$/.test(pattern)) return { kind: 'code', digits: pattern.length };
  if (pattern.includes('%')) return { kind: 'percent' };
  if (/general|standard/.test(pattern)) return generalStyle;
  if (/\[[hms]+\]/.test(pattern)) return { kind: 'elapsed' };
  const plain = pattern.replace(/am\/pm|a\/p/g, '');
  const time = /[hs]/.test(plain) || plain !== pattern;
  const date = /[yd]/.test(plain) || (/m/.test(plain) && !time);
  if (date) return { kind: time ? 'timestamp' : 'date' };
  return time ? { kind: 'time' } : generalStyle;
}
