/** CRC-32 values: joined, and written as S3 writes them. Reflected polynomial 0xEDB88320, on numbers alone. */

const POLYNOMIAL = 0xedb88320;

/** a(x) * b(x) modulo the polynomial, in the reflected representation. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x^(8 * bytes) modulo the polynomial. */
function shiftBy(bytes: number): number {
  let power = 0x00800000; // x^8
  let result = 0x80000000; // x^0
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, power);
    power = multiply(power, power);
  }
  return result;
}

/** @returns the CRC-32 of A followed by B, from theirs and the length of B in bytes */
export function combineCrc32(a: number, b: number, lengthOfB: number): number {
  return (multiply(shiftBy(lengthOfB), a) ^ b) >>> 0;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @returns the checksum as S3 writes it: base64 of its four bytes, most significant first */
export function encodeCrc32(crc: number): string {
  const sixBits = (shift: number): string => ALPHABET[(crc >>> shift) & 63] ?? '';
  const low = (crc & 3) << 4;
  return `${sixBits(26)}${sixBits(20)}${sixBits(14)}${sixBits(8)}${sixBits(2)}${ALPHABET[low] ?? ''}==`;
}

/** @returns the checksum, or null where the text is none */
export function decodeCrc32(text: string): number | null {
  if (!/^[A-Za-z0-9+/]{6}==$/.test(text)) return null;
  let crc = 0;
  for (const sign of text.slice(0, 5)) crc = ((crc << 6) | ALPHABET.indexOf(sign)) >>> 0;
  return ((crc << 2) | (ALPHABET.indexOf(text[5] ?? 'A') >>> 4)) >>> 0;
}
