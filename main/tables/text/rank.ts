import { encodingName, type EncodingName } from '#shared/domain';
import { alphabetsOf, frequentSigns, type Alphabet } from './languages.ts';
import { decodeText } from './decode.ts';

/** An encoding that a text may be in, the likeliest first. */
export interface RankedEncoding {
  readonly encoding: EncodingName;
  /** A logarithm: the larger, the likelier. */
  readonly score: number;
}

/** How seldom files in an encoding are met, as a logarithm. */
const RARITY: Readonly<Partial<Record<EncodingName, number>>> = {
  'windows-1252': 0,
  'windows-1251': 1,
  'windows-1250': 1.5,
  gb18030: 1.5,
  shift_jis: 1.5,
  'euc-kr': 2,
  big5: 2,
  'windows-1254': 1.5,
  'windows-1253': 1.5,
  'windows-1255': 1.5,
  'windows-1256': 1.5,
  'windows-1257': 2,
  'windows-874': 2,
  'iso-8859-15': 2,
  'iso-8859-2': 2.5,
  macintosh: 3,
  ibm850: 3,
  ibm852: 3,
  ibm437: 3.5,
  'koi8-r': 3,
  ibm866: 3,
  'euc-jp': 2.5,
};

const CANDIDATES = encodingName.options.filter((name) => RARITY[name] !== undefined);

/** More evidence than this adds nothing. Signs. */
const ENOUGH = 60;
/** Bytes of lines that are looked at. */
const LOOKED = 8192;

/** Ranks the encodings that bytes which are no UTF-8 may be in, by how much what they say is like a language. */
export function rankEncodings(parts: readonly Uint8Array[]): RankedEncoding[] {
  const bytes = tellingLines(parts);
  return CANDIDATES.map((encoding) => ({ encoding, score: likelihood(bytes, encoding) })).sort(
    (a, b) => b.score - a.score,
  );
}

/** Lines with bytes beyond ASCII: in all encodings that are ranked, a line feed is never part of another sign. */
export function tellingLines(parts: readonly Uint8Array[]): Buffer {
  const lines: Buffer[] = [];
  let length = 0;
  for (const part of parts) {
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    const feed = bytes.includes(10) ? 10 : 13;
    for (let from = 0; from < bytes.length && length < LOOKED;) {
      const found = bytes.indexOf(feed, from);
      const to = found === -1 ? bytes.length : found + 1;
      const line = bytes.subarray(from, Math.min(to, from + LOOKED));
      if (line.some((byte) => byte >= 0x80)) {
        lines.push(line);
        length += line.length;
      }
      from = to;
    }
  }
  return Buffer.concat(lines);
}

function likelihood(bytes: Buffer, encoding: EncodingName): number {
  const text = decodeText(bytes, encoding);
  const frequent = frequentSigns(encoding);
  const { sum, count } =
    frequent === null ? bestAlphabet(text, encoding) : eastAsian(text, encoding, frequent);
  const rarity = RARITY[encoding] ?? 0;
  return count === 0 ? -rarity : (sum / count) * Math.min(count, ENOUGH) - rarity;
}

interface Evidence {
  readonly sum: number;
  readonly count: number;
}

/** A word that is only of another language than most. */
const ANOTHER = -0.8;

/** The language that fits most words, and for the others the one that fits them: a list of names may be of all countries. */
function bestAlphabet(text: string, encoding: EncodingName): Evidence {
  // A word that comes again says nothing new.
  const words = [...new Set(text.match(WORDS))];
  const byAlphabet = alphabetsOf(encoding).map((alphabet) => ({
    rarity: alphabet.rarity,
    scores: words.map((word) => inAlphabet(` ${word} `, alphabet)),
  }));
  const totals = byAlphabet.map(
    ({ rarity, scores }) => scores.reduce((sum, score) => sum + score, 0) - rarity,
  );
  const best = byAlphabet[totals.indexOf(Math.max(...totals))];
  let sum = 0;
  let count = 0;
  for (const [index, word] of words.entries()) {
    const signs = word.match(BEYOND)?.length ?? 0;
    if (signs === 0) continue;
    count += signs;
    const others = byAlphabet.map(({ rarity, scores }) => (scores[index] ?? 0) + ANOTHER - rarity / 2);
    sum += Math.max(best?.scores[index] ?? Number.NEGATIVE_INFINITY, ...others);
  }
  return { sum: sum - (best?.rarity ?? 0), count };
}

/** What stands between blanks and delimiters. */
const WORDS = /[^\s,;|"]+/g;
// oxlint-disable-next-line no-control-regex
const BEYOND = /[^\u0000-\u007f]/g;

const BROKEN = -10;
/** No sign of the encoding, but between blanks, as a slip may stand. */
const ALONE = -6;
const FOREIGN = -5;
/** Signs that stand in texts of any language. */
const TYPOGRAPHY = /[“”„‘’‚«»‹›–—…•·€£¥°²³½¼¾µ§©®™×±№\u00a0\u00ad]/;

/** @returns how likely a word is in a language, as a logarithm */
function inAlphabet(text: string, { letters, odd }: Alphabet): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    const sign = text[at] ?? '';
    const before = text[at - 1] ?? ' ';
    const after = text[at + 1] ?? ' ';
    if (code < 0xa0 || code === 0xfffd) {
      sum += /\p{L}/u.test(before) || /\p{L}/u.test(after) ? BROKEN : ALONE;
      continue;
    }
    const lower = sign.toLowerCase();
    const rank = letters.indexOf(lower.length === 1 ? lower : sign);
    if (rank === -1) {
      const inWord = /\p{L}/u.test(before) && /\p{L}/u.test(after) && sign !== '’';
      if (TYPOGRAPHY.test(sign)) sum += inWord ? FOREIGN : plausible(sign, before, after);
      else sum += /[\p{L}\p{M}]/u.test(sign) ? FOREIGN : FOREIGN - (inWord ? 2 : 0);
      continue;
    }
    sum -= 0.2 + (1.6 * rank) / letters.length;
    // In the middle of a word of small letters no capital stands.
    if (lower !== sign && /\p{Ll}/u.test(before)) sum -= 4;
    else if (lower === sign && /\p{Lu}/u.test(before) && /\p{Lu}/u.test(text[at - 2] ?? ' ')) sum -= 1.5;
    // Letters of two scripts hardly ever stand in one word.
    if (isLatin(sign) !== isLatin(before) && /\p{L}/u.test(before)) sum -= 4;
    if (isLatin(sign) !== isLatin(after) && /\p{L}/u.test(after)) sum -= 4;
  }
  if (odd !== undefined) sum -= 4 * (text.match(new RegExp(odd, `${odd.flags}g`))?.length ?? 0);
  return sum;
}

function plausible(sign: string, before: string, after: string): number {
  if (/[€£¥]/.test(sign)) return /[\d\s.,;"]/.test(before) || /[\d\s]/.test(after) ? -0.6 : -3;
  if (/[°²³µ±]/.test(sign)) return /[\d\s\p{L}/([]/u.test(before) ? -1 : -3;
  if (/[“„‘«‹]/.test(sign)) return /[\s,;"(\t]/.test(before) ? -0.8 : -3;
  if (/[”’»›]/.test(sign)) return /[\p{L}\p{P}\d]/u.test(before) ? -0.8 : -3;
  return -1.2;
}

function isLatin(sign: string): boolean {
  return /\p{Script=Latin}/u.test(sign);
}

const HANGUL = /[\uac00-\ud7a3]/;
const KANA = /[\u3040-\u30ff]/;
const HALF_KANA = /[\uff61-\uff9f]/;
const IDEOGRAPH = /[\u4e00-\u9fff]/;
const WIDE = /[\u3000-\u303f\uff01-\uff5e]/;

function eastAsian(text: string, encoding: EncodingName, frequent: ReadonlySet<string>): Evidence {
  const japanese = encoding === 'shift_jis' || encoding === 'euc-jp';
  let sum = 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    const sign = text[at] ?? '';
    count += 1;
    if (code < 0xa0 || code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff)) sum += BROKEN;
    else if (frequent.has(sign)) sum -= 0.2;
    else if (KANA.test(sign)) sum -= japanese ? 0.2 : 3;
    else if (HANGUL.test(sign)) sum -= 0.7;
    else if (HALF_KANA.test(sign)) sum -= 2;
    else if (WIDE.test(sign)) sum -= 0.8;
    else if (IDEOGRAPH.test(sign)) sum -= encoding === 'euc-kr' ? 4 : 1.8;
    else sum -= 3.5;
    if (/[a-z]/.test(text[at - 1] ?? ' ') || /[a-z]/.test(text[at + 1] ?? ' ')) sum -= 2.5;
  }
  return { sum, count };
}
