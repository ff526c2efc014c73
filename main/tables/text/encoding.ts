import type { Dialect } from '#shared/domain';

export type Encoding = Dialect['encoding'];

export interface EncodingGuess {
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
  /** Whether it is a guess: nothing in the bytes proves it. */
  readonly guessed: boolean;
}

/**
 * The encoding of a file, from parts of it: a byte order mark, else the zero bytes of UTF-16, else whether every part is
 * UTF-8, else the one-byte encoding of Western files, which is a guess and said aloud.
 *
 * @param parts pieces of the file, the first from its beginning; each may be cut inside a sign
 */
export function guessEncoding(parts: readonly Uint8Array[]): EncodingGuess {
  const head = parts[0] ?? new Uint8Array();
  const sure = (encoding: Encoding, bomBytes: number): EncodingGuess => ({
    encoding,
    bom: bomBytes > 0,
    bomBytes,
    guessed: false,
  });
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return sure('utf-8', 3);
  if (head[0] === 0xff && head[1] === 0xfe) return sure('utf-16le', 2);
  if (head[0] === 0xfe && head[1] === 0xff) return sure('utf-16be', 2);

  const zeros = zeroBytes(head);
  if (zeros !== null) return sure(zeros, 0);

  let valid = 0;
  let broken = 0;
  let highControls = false;
  for (const part of parts) {
    const trimmed = wholeSigns(part);
    if (Buffer.from(trimmed.buffer, trimmed.byteOffset, trimmed.byteLength).length === 0) continue;
    const counts = countSequences(trimmed);
    valid += counts.valid;
    broken += counts.broken;
    highControls ||= counts.undefined1252;
  }
  if (broken === 0) return sure('utf-8', 0);
  // More whole sequences than chance would give: UTF-8 with stray lines in another encoding.
  if (valid > broken * 2) return { encoding: 'utf-8', bom: false, bomBytes: 0, guessed: true };
  return {
    encoding: highControls ? 'iso-8859-1' : 'windows-1252',
    bom: false,
    bomBytes: 0,
    guessed: true,
  };
}

/** Western text in UTF-16 has a zero in nearly every second byte; on which side tells the order. */
function zeroBytes(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(head.length, 65_536) & ~1;
  if (length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  const half = length / 2;
  if (odd > half * 0.3 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.3 && odd < half * 0.05) return 'utf-16be';
  return null;
}

/** @returns the part without a sequence that was cut at either end */
export function wholeSigns(part: Uint8Array): Uint8Array {
  let from = 0;
  while (from < 3 && from < part.length && ((part[from] ?? 0) & 0xc0) === 0x80) from += 1;
  let to = part.length;
  for (let back = 1; back <= 3 && back <= part.length; back += 1) {
    const byte = part[part.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (needs > back) to = part.length - back;
      break;
    }
  }
  return part.subarray(Math.min(from, to), to);
}

function countSequences(bytes: Uint8Array): { valid: number; broken: number; undefined1252: boolean } {
  const counts = { valid: 0, broken: 0, undefined1252: false };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    const more = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    let good = more > 0 && byte < 0xf5;
    for (let next = 1; good && next <= more; next += 1) good = ((bytes[at + next] ?? 0) & 0xc0) === 0x80;
    if (good) {
      counts.valid += 1;
      at += more;
    } else {
      counts.broken += 1;
      if (byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d) {
        counts.undefined1252 = true;
      }
    }
  }
  return counts;
}
