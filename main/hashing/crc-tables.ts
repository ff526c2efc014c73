/**
 * CRC-32C and CRC-64/NVME, which Node does not have natively, eight bytes a step. Each function stands on its own (no
 * import, no neighbour): the hash threads run their text.
 */
/* oxlint-disable typescript/no-non-null-assertion -- every index is masked to a byte or held under the length */

export type Crc32Step = (bytes: Uint8Array, crc: number) => number;
/** The two halves of a CRC-64. */
export type Crc64State = [high: number, low: number];
export type Crc64Step = (bytes: Uint8Array, state: Crc64State) => void;

/** @returns a function that goes on from a CRC (0 at first) over more bytes */
export function createCrc32c(): Crc32Step {
  const table = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] ?? 0;
    table[at] = (table[before & 255] ?? 0) ^ (before >>> 8);
  }
  return (bytes, start) => {
    const end = bytes.length;
    let crc = ~start;
    let i = 0;
    for (; i + 8 <= end; i += 8) {
      const x = crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
      crc =
        table[1792 + (x & 255)]! ^
        table[1536 + ((x >>> 8) & 255)]! ^
        table[1280 + ((x >>> 16) & 255)]! ^
        table[1024 + (x >>> 24)]! ^
        table[768 + bytes[i + 4]!]! ^
        table[512 + bytes[i + 5]!]! ^
        table[256 + bytes[i + 6]!]! ^
        table[bytes[i + 7]!]!;
    }
    for (; i < end; i += 1) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

/** @returns a function that goes on from a state (`[0, 0]` at first) over more bytes, in place */
export function createCrc64Nvme(): Crc64Step {
  const high = new Uint32Array(8 * 256);
  const low = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = l & 1;
      l = (l >>> 1) | ((h & 1) << 31);
      h >>>= 1;
      if (odd) {
        h ^= 0x9a6c9329;
        l ^= 0xac4bc9b5;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let at = 256; at < high.length; at += 1) {
    const h = high[at - 256] ?? 0;
    const l = low[at - 256] ?? 0;
    high[at] = (high[l & 255] ?? 0) ^ (h >>> 8);
    low[at] = (low[l & 255] ?? 0) ^ ((l >>> 8) | (h << 24));
  }
  return (bytes, state) => {
    const end = bytes.length;
    let h = ~state[0];
    let l = ~state[1];
    let i = 0;
    for (; i + 8 <= end; i += 8) {
      const x = l ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
      const y = h ^ (bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24));
      const a = 1792 + (x & 255);
      const b = 1536 + ((x >>> 8) & 255);
      const c = 1280 + ((x >>> 16) & 255);
      const d = 1024 + (x >>> 24);
      const e = 768 + (y & 255);
      const f = 512 + ((y >>> 8) & 255);
      const g = 256 + ((y >>> 16) & 255);
      const k = y >>> 24;
      h = high[a]! ^ high[b]! ^ high[c]! ^ high[d]! ^ high[e]! ^ high[f]! ^ high[g]! ^ high[k]!;
      l = low[a]! ^ low[b]! ^ low[c]! ^ low[d]! ^ low[e]! ^ low[f]! ^ low[g]! ^ low[k]!;
    }
    for (; i < end; i += 1) {
      const index = (l ^ bytes[i]!) & 255;
      l = ((l >>> 8) | (h << 24)) ^ low[index]!;
      h = (h >>> 8) ^ high[index]!;
    }
    state[0] = ~h >>> 0;
    state[1] = ~l >>> 0;
  };
}
