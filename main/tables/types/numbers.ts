/** How the numbers of a column are written. */
export interface NumberStyle {
  readonly point: '.' | ',';
  /** Between groups of three digits; null where there is none. */
  readonly thousands: string | null;
}

/** Simplest first: where two read the same, the first is meant. */
const STYLES: readonly NumberStyle[] = [
  { point: '.', thousands: null },
  { point: ',', thousands: null },
  { point: '.', thousands: ',' },
  { point: ',', thousands: '.' },
  { point: '.', thousands: ' ' },
  { point: ',', thousands: ' ' },
  { point: '.', thousands: '\u00a0' },
  { point: ',', thousands: '\u00a0' },
  { point: '.', thousands: '\u202f' },
  { point: ',', thousands: '\u202f' },
  { point: '.', thousands: "'" },
  { point: '.', thousands: '’' },
  { point: ',', thousands: "'" },
];

/**
 * Texts that look like numbers and would lose something as one: leading zeros, more digits than a spreadsheet or a double
 * keeps, codes such as `1E5`, telephone numbers with their plus. A pattern both JavaScript and RE2 read.
 */
export const LOSSY = String.raw`[+-]?0[0-9]+(?:[.,][0-9]+)?|[+-]?[0-9]{16,}|[0-9]+[eE][0-9]+|\+[0-9]{7,}`;

const lossy = new RegExp(`^(?:${LOSSY})$`);

export function isLossy(text: string): boolean {
  return lossy.test(text);
}

function escaped(sign: string): string {
  return sign === '.' ? String.raw`\.` : sign;
}

/** @returns the pattern of whole numbers, or of all numbers, written like that; both JavaScript and RE2 read it */
export function numberPattern(style: NumberStyle, whole: boolean): string {
  const { thousands } = style;
  const point = escaped(style.point);
  // Of India: 12,34,567.
  const lakhs = thousands === ',' ? '|[1-9][0-9]?(?:,[0-9]{2}){1,4},[0-9]{3}' : '';
  const plain = whole ? '0|[1-9][0-9]{0,14}' : '0|[1-9][0-9]*';
  const grouped =
    thousands === null
      ? ''
      : `|[1-9][0-9]{0,2}(?:${escaped(thousands)}[0-9]{3})${whole ? '{1,4}' : '+'}${lakhs}`;
  if (whole) return `[+-]?(?:${plain}${grouped})`;
  const power =
    style.point === '.' && thousands === null
      ? `|(?:0|[1-9][0-9]*)?${point}[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+`
      : '';
  return `[+-]?(?:(?:${plain}${grouped})(?:${point}[0-9]+)?|${point}[0-9]+${power})`;
}

const PATTERNS = STYLES.map((style) => ({
  style,
  whole: new RegExp(`^(?:${numberPattern(style, true)})$`),
  any: new RegExp(`^(?:${numberPattern(style, false)})$`),
}));

export interface NumberReading {
  readonly style: NumberStyle;
  readonly whole: boolean;
  /** How many of the values it reads. */
  readonly fits: number;
  /** Whether another style reads as many, as another number: `1.234`. */
  readonly ambiguous: boolean;
}

/**
 * @param values no empty ones
 * @param commaIsPoint whether other columns of the file write their decimals with a comma
 */
export function readNumbers(values: readonly string[], commaIsPoint: boolean): NumberReading | null {
  const readings: Omit<NumberReading, 'ambiguous'>[] = [];
  for (const { style, whole, any } of PATTERNS) {
    const fits = values.filter((value) => any.test(value));
    if (fits.length === 0) continue;
    const isWhole = fits.every((value) => whole.test(value));
    readings.push({ style, whole: isWhole, fits: fits.length });
  }
  const most = Math.max(0, ...readings.map(({ fits }) => fits));
  const best = readings.filter(({ fits }) => fits === most);
  const [first] = best;
  if (first === undefined) return null;

  // `1.234` and `12,345` alone do not say whether the sign is a point or parts thousands.
  const groups = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/;
  const telling = values.filter((value) => /[.,]/.test(value));
  const sign = telling[0] === undefined ? undefined : groups.exec(telling[0])?.[1];
  if (sign === undefined || !telling.every((value) => groups.exec(value)?.[1] === sign)) {
    return { ...first, ambiguous: false };
  }
  const asThousands = best.find(({ style }) => style.thousands === sign);
  const asPoint = best.find(({ style }) => style.point === sign && style.thousands === null);
  const meant = (sign === '.') === commaIsPoint ? asThousands : asPoint;
  return { ...(meant ?? first), ambiguous: asThousands !== undefined && asPoint !== undefined };
}
