import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { EncodingName } from '#shared/domain';
import { decodeText, isMultiByte } from './decode.ts';
import { rankEncodings } from './rank.ts';

/** Turns a file's bytes into UTF-8, piece by piece; a piece of the result never ends inside a sign. */
export interface Transcoder {
  /** @param final whether these are the last bytes */
  push(bytes: Buffer, final: boolean): Buffer;
  /** Bytes of the file that the pieces returned so far stand for. */
  readonly consumed: number;
  /** Lines of a UTF-8 file that are no UTF-8, and what they were read as. */
  readonly strayLines: number;
  readonly strayEncoding: EncodingName;
}

export function createTranscoder(encoding: EncodingName): Transcoder {
  if (encoding === 'utf-8') return new Utf8Transcoder();
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Transcoder(encoding);
  return new LegacyTranscoder(encoding);
}

/** Encodings of one byte a sign, or of several where a line feed is never part of another sign. */
class LegacyTranscoder implements Transcoder {
  consumed = 0;
  readonly strayLines = 0;
  readonly strayEncoding = 'windows-1252';
  readonly #encoding: EncodingName;
  #rest: Buffer = Buffer.alloc(0);

  constructor(encoding: EncodingName) {
    this.#encoding = encoding;
  }

  push(bytes: Buffer, final: boolean): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const to = final || !isMultiByte(this.#encoding) ? all.length : lastLegacySign(all);
    this.#rest = Buffer.from(all.subarray(to));
    this.consumed += to;
    return Buffer.from(decodeText(all.subarray(0, to), this.#encoding), 'utf8');
  }
}

/** Where the last line ends, or the last sign of ASCII: what follows may be cut inside a sign. */
function lastLegacySign(bytes: Buffer): number {
  const feed = bytes.lastIndexOf(10);
  if (feed !== -1) return feed + 1;
  // Below 0x30 no byte is a later part of a sign.
  for (let at = bytes.length - 1; at >= 0; at -= 1) if ((bytes[at] ?? 0xff) < 0x30) return at + 1;
  return 0;
}

class Utf16Transcoder implements Transcoder {
  consumed = 0;
  readonly strayLines = 0;
  readonly strayEncoding = 'windows-1252';
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  push(bytes: Buffer, final: boolean): Buffer {
    const text = this.#decoder.decode(bytes, { stream: !final });
    this.consumed += text.length * 2;
    return Buffer.from(text, 'utf8');
  }
}

/**
 * UTF-8, where a line that is not is read in the encoding the first such lines are likeliest in: files put together from
 * two sources are common.
 */
class Utf8Transcoder implements Transcoder {
  consumed = 0;
  strayLines = 0;
  strayEncoding: EncodingName = 'windows-1252';
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Buffer, final: boolean): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let to = final ? all.length : lastWhole(all);
    if (!isUtf8(all.subarray(0, to))) {
      // Line by line, so the last line must be whole too, unless it has no end in sight.
      const newline = final ? all.length - 1 : all.lastIndexOf(10);
      if (newline !== -1) to = newline + 1;
      this.#rest = Buffer.from(all.subarray(to));
      this.consumed += to;
      return this.#byLine(all.subarray(0, to));
    }
    this.#rest = Buffer.from(all.subarray(to));
    this.consumed += to;
    return all.subarray(0, to);
  }

  #byLine(bytes: Buffer): Buffer {
    const lines: Buffer[] = [];
    const stray: number[] = [];
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(10, from);
      const to = newline === -1 ? bytes.length : newline + 1;
      const line = bytes.subarray(from, to);
      if (!isUtf8(line)) stray.push(lines.length);
      lines.push(line);
      from = to;
    }
    const ofLine = (index: number): Buffer => lines[index] ?? Buffer.alloc(0);
    if (this.strayLines === 0 && stray.length > 0)
      this.strayEncoding = rankEncodings(stray.map(ofLine))[0]?.encoding ?? 'windows-1252';
    this.strayLines += stray.length;
    for (const index of stray)
      lines[index] = Buffer.from(decodeText(ofLine(index), this.strayEncoding), 'utf8');
    return Buffer.concat(lines);
  }
}

/** Where the last sequence that may be cut begins; the end where none is. */
function lastWhole(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
