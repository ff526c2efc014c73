import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { isUtf8 } from 'node:buffer';
import { assertNever } from '#shared/lib';
import type { Encoding } from './encoding.ts';

/** Turns a file's bytes into UTF-8, piece by piece; a piece of the result never ends inside a sign. */
export interface Transcoder {
  /** @param final whether these are the last bytes */
  push(bytes: Buffer, final: boolean): Buffer;
  /** Bytes of the file that the pieces returned so far stand for. */
  readonly consumed: number;
  /** Lines of a UTF-8 file that are no UTF-8 and were read as Windows-1252. */
  readonly strayLines: number;
}

export function createTranscoder(encoding: Encoding): Transcoder {
  switch (encoding) {
    case 'utf-8':
      return new Utf8Transcoder();
    case 'utf-16le':
    case 'utf-16be':
      return new Utf16Transcoder(encoding);
    case 'iso-8859-1':
      return new OneByteTranscoder((bytes) => bytes.toString('latin1'));
    case 'windows-1252':
      return new OneByteTranscoder(decode1252);
    case 'shift_jis':
    case 'euc-jp':
    case 'gb18030':
    case 'big5':
    case 'euc-kr':
    case 'ibm850':
    case 'ibm437':
      return new TableTranscoder(encoding);
    case 'iso-8859-15':
    case 'windows-1250':
    case 'iso-8859-2':
    case 'windows-1251':
    case 'koi8-r':
    case 'ibm866':
    case 'windows-1253':
    case 'windows-1254':
    case 'windows-1255':
    case 'windows-1256':
    case 'windows-1257':
    case 'windows-874':
    case 'macintosh': {
      const decoder = new TextDecoder(encoding);
      return new OneByteTranscoder((bytes) => decoder.decode(bytes));
    }
    default:
      return assertNever(encoding);
  }
}

// Latin-1 is many times quicker to decode, and differs only in 0x80 to 0x9f: the signs no text has as controls.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0080-\u009f]/;

function decode1252(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return CONTROLS.test(text) ? new TextDecoder('windows-1252').decode(bytes) : text;
}

class OneByteTranscoder implements Transcoder {
  consumed = 0;
  readonly strayLines = 0;
  readonly #decode: (bytes: Buffer) => string;

  constructor(decode: (bytes: Buffer) => string) {
    this.#decode = decode;
  }

  push(bytes: Buffer): Buffer {
    this.consumed += bytes.length;
    return Buffer.from(this.#decode(bytes), 'utf8');
  }
}

/** Encodings of one to four bytes a sign, by the tables of a library. */
class TableTranscoder implements Transcoder {
  consumed = 0;
  readonly strayLines = 0;
  readonly #decoder: ReturnType<typeof iconv.getDecoder>;

  constructor(encoding: Encoding) {
    this.#decoder = iconv.getDecoder(encoding);
  }

  push(bytes: Buffer, final: boolean): Buffer {
    this.consumed += bytes.length;
    return Buffer.from(this.#decoder.write(bytes) + (final ? (this.#decoder.end() ?? '') : ''), 'utf8');
  }
}

class Utf16Transcoder implements Transcoder {
  consumed = 0;
  readonly strayLines = 0;
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

/** UTF-8, where a line that is not is read as Windows-1252: files put together from two sources are common. */
class Utf8Transcoder implements Transcoder {
  consumed = 0;
  strayLines = 0;
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
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(10, from);
      const to = newline === -1 ? bytes.length : newline + 1;
      const line = bytes.subarray(from, to);
      if (isUtf8(line)) lines.push(line);
      else {
        this.strayLines += 1;
        lines.push(Buffer.from(decode1252(line), 'utf8'));
      }
      from = to;
    }
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

/** @returns how many bytes of the file a piece of the result stands for */
export function bytesInFile(utf8: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-8') return utf8.length;
  // Decoding is native and many times quicker than counting; its units are those of UTF-16.
  const units = utf8.toString('utf8').length;
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? units * 2 : units;
}
