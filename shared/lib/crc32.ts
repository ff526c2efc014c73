/** CRC-32 as zip, gzip and S3 use it, sixteen bytes a step. */

const LANES = 16;

/** Row `n` (256 entries each) holds what a byte does to the sum after `n` more bytes of zero. */
const TABLE = build();

function build(): Int32Array {
  const table = new Int32Array(LANES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    table[byte] = sum;
  }
  for (let entry = 256; entry < table.length; entry += 1) {
    const before = table[entry - 256] as number;
    table[entry] = (before >>> 8) ^ (table[before & 0xff] as number);
  }
  return table;
}

/** What the four bytes of a word do to the sum, the first of them `lane` bytes before the end of the step. */
function word(value: number, lane: number): number {
  const row = lane << 8;
  return (
    (TABLE[row | (value & 0xff)] as number) ^
    (TABLE[(row - 256) | ((value >>> 8) & 0xff)] as number) ^
    (TABLE[(row - 512) | ((value >>> 16) & 0xff)] as number) ^
    (TABLE[(row - 768) | (value >>> 24)] as number)
  );
}

/**
 * @param bytes what to add
 * @param before the sum of what came before; 0 at the start
 * @returns the sum, an unsigned number of 32 bits
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  const whole = length - (length % LANES);
  let sum = ~before;
  let i = 0;
  for (; i < whole; i += LANES) {
    sum =
      word(view.getInt32(i, true) ^ sum, 15) ^
      word(view.getInt32(i + 4, true), 11) ^
      word(view.getInt32(i + 8, true), 7) ^
      word(view.getInt32(i + 12, true), 3);
  }
  for (; i < length; i += 1) sum = (sum >>> 8) ^ (TABLE[(view.getUint8(i) ^ sum) & 0xff] as number);
  return ~sum >>> 0;
}
