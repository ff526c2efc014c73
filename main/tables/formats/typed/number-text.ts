const POWER = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/;
/** Powers beyond these are left as they are: nobody reads a thousand zeros. */
const LARGEST = 400;

/**
 * @returns a number without its power of ten, all digits kept: `1e21` as `1000000000000000000000.0`. What is longer than
 * fifteen digits gets a point, by which it is no id.
 */
export function plainNumber(text: string): string {
  const match = POWER.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', power] = match;
  const shift = Number(power);
  if (Math.abs(shift) > LARGEST) return text;
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point < digits.length) return tidy(sign, digits.slice(0, point), digits.slice(point));
  return tidy(sign, digits + '0'.repeat(point - digits.length), '');
}

function tidy(sign: string, whole: string, fraction: string): string {
  const leading = whole.replace(/^0+(?=\d)/, '');
  if (fraction !== '') return `${sign}${leading}.${fraction}`;
  return leading.length > 15 ? `${sign}${leading}.0` : `${sign}${leading}`;
}
