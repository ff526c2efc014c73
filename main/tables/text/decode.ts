import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import type { EncodingName } from '#shared/domain';
import { assertNever } from '#shared/lib';

// Latin-1 is many times quicker to decode, and differs only in 0x80 to 0x9f: the signs no text has as controls.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0080-\u009f]/;

const decoders = new Map<string, TextDecoder>();

function byPlatform(bytes: Buffer, encoding: string): string {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding, { ignoreBOM: true });
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}

/** The text of bytes that are whole signs; what is none becomes U+FFFD. */
export function decodeText(bytes: Buffer, encoding: EncodingName): string {
  switch (encoding) {
    case 'utf-8':
      return bytes.toString('utf8');
    case 'iso-8859-1':
      return bytes.toString('latin1');
    case 'windows-1252': {
      const text = bytes.toString('latin1');
      return CONTROLS.test(text) ? byPlatform(bytes, encoding) : text;
    }
    case 'shift_jis':
    case 'euc-jp':
    case 'gb18030':
    case 'big5':
    case 'euc-kr':
    case 'ibm850':
    case 'ibm852':
    case 'ibm437':
      return iconv.decode(bytes, encoding, { stripBOM: false });
    case 'utf-16le':
    case 'utf-16be':
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
    case 'macintosh':
      return byPlatform(bytes, encoding);
    default:
      return assertNever(encoding);
  }
}

/** Encodings in which a sign has one byte or several. */
export function isMultiByte(encoding: EncodingName): boolean {
  return ['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr'].includes(encoding);
}

/** @returns how many bytes of the file a piece of text stands for */
export function bytesInFile(utf8: Buffer, encoding: EncodingName): number {
  if (encoding === 'utf-8') return utf8.length;
  const text = utf8.toString('utf8');
  if (isMultiByte(encoding)) return iconv.encode(text, encoding).length;
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? text.length * 2 : text.length;
}
