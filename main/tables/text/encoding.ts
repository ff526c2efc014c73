import { TextDecoder } from 'node:util';
import type { Dialect } from '#shared/domain';
import { decodeText } from './decode.ts';
import { rankEncodings, tellingLines } from './rank.ts';

export type Encoding = Dialect['encoding'];

export interface EncodingGuess {
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Bytes of the byte order mark. */
  readonly bomBytes: number;
  /** Whether it is a guess: nothing in the bytes proves it. */
  readonly guessed: boolean;
  /** Where it is a guess: the likeliest encodings that read the file differently, and how each reads one line. */
  readonly others: readonly EncodingChoice[];
}

export interface EncodingChoice {
  readonly encoding: Encoding;
  readonly sample: string;
}

const OFFERED = 5;

/**
 * The encoding of a file, from parts of it: a byte order mark, else the zero bytes of UTF-16, else whether every part is
 * UTF-8, else the one whose text is most like a language, which is a guess and said aloud.
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
    others: [],
  });
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return sure('utf-8', 3);
  if (head[0] === 0xff && head[1] === 0xfe) return sure('utf-16le', 2);
  if (head[0] === 0xfe && head[1] === 0xff) return sure('utf-16be', 2);

  const wide = wideOrder(head);
  if (wide !== null) return sure(wide, 0);

  let valid = 0;
  let broken = 0;
  for (const part of parts) {
    const counts = countSequences(wholeSigns(part));
    valid += counts.valid;
    broken += counts.broken;
  }
  if (broken === 0) return sure('utf-8', 0);
  const ranked = choices(parts);
  // More whole sequences than chance would give: UTF-8 with stray lines in another encoding.
  const [best] = ranked;
  const encoding = valid > broken * 2 || best === undefined ? 'utf-8' : best.encoding;
  return {
    encoding,
    bom: false,
    bomBytes: 0,
    guessed: true,
    others: ranked.filter((choice) => choice.encoding !== encoding).slice(0, OFFERED),
  };
}

/** The likeliest first; of encodings that read the file alike only the likeliest. */
function choices(parts: readonly Uint8Array[]): EncodingChoice[] {
  const bytes = tellingLines(parts);
  const seen = new Set<string>();
  const found: EncodingChoice[] = [];
  let first: readonly string[] | null = null;
  for (const { encoding } of rankEncodings(parts)) {
    const text = decodeText(bytes, encoding);
    if (seen.has(text)) continue;
    seen.add(text);
    const lines = text.split(/\r\n|\n|\r/);
    // A line that the likeliest reads otherwise.
    const likeliest = first;
    const telling = likeliest === null ? lines[0] : lines.find((line, at) => line !== likeliest[at]);
    first ??= lines;
    found.push({ encoding, sample: (telling ?? '').slice(0, 120) });
    if (found.length > OFFERED) break;
  }
  return found;
}

/**
 * UTF-16 without a mark: a zero byte beside nearly every line feed, always on the same side; where the text is Western, beside
 * nearly every byte.
 */
function wideOrder(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const length = Math.min(head.length, 65_536) & ~1;
  if (length < 4) return null;
  const zeros = { le: 0, be: 0 };
  const feeds = { all: 0, le: 0, be: 0 };
  for (let at = 0; at < length; at += 2) {
    const [even, odd] = [head[at], head[at + 1]];
    if (even === 0) zeros.be += 1;
    if (odd === 0) zeros.le += 1;
    if (even === 10 || even === 13 || odd === 10 || odd === 13) feeds.all += 1;
    if ((even === 10 || even === 13) && odd === 0) feeds.le += 1;
    if (even === 0 && (odd === 10 || odd === 13)) feeds.be += 1;
  }
  const half = length / 2;
  for (const [order, other, name] of [
    ['le', 'be', 'utf-16le'],
    ['be', 'le', 'utf-16be'],
  ] as const) {
    if (zeros[order] > half * 0.3 && zeros[other] < half * 0.05) return name;
    const few = zeros[order] > half * 0.02 && zeros[other] <= zeros[order] * 0.05;
    if (few && feeds[order] > 0 && feeds[order] >= feeds.all * 0.5 && isWhole(head, length, name))
      return name;
  }
  return null;
}

/** Whether pairs of bytes make signs, with no half of a pair alone and none that is not assigned. */
function isWhole(head: Uint8Array, length: number, encoding: 'utf-16le' | 'utf-16be'): boolean {
  const text = new TextDecoder(encoding).decode(head.subarray(0, length));
  const strange = text.match(/[\ufffd\p{Cn}\p{Co}]/gu)?.length ?? 0;
  return strange <= text.length * 0.01;
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

function countSequences(bytes: Uint8Array): { valid: number; broken: number } {
  const counts = { valid: 0, broken: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    const more = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    let good = more > 0 && byte < 0xf5;
    for (let next = 1; good && next <= more; next += 1) good = ((bytes[at + next] ?? 0) & 0xc0) === 0x80;
    if (good) {
      counts.valid += 1;
      at += more;
    } else counts.broken += 1;
  }
  return counts;
}
