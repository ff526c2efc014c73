/** How much of a file's beginning tells what it is, in bytes. */
export const SNIFF_BYTES = 4096;

const OFFICE = 'application/vnd.openxmlformats-officedocument';

interface Signature {
  readonly type: string;
  /** Latin-1 text that stands at the offset. */
  readonly magic: string;
  readonly offset?: number;
}

const SIGNATURES: readonly Signature[] = [
  { type: 'application/pdf', magic: '%PDF-' },
  { type: 'image/png', magic: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', magic: '\xff\xd8\xff' },
  { type: 'image/gif', magic: 'GIF87a' },
  { type: 'image/gif', magic: 'GIF89a' },
  { type: 'application/gzip', magic: '\x1f\x8b\x08' },
  { type: 'application/zstd', magic: '\x28\xb5\x2f\xfd' },
  { type: 'application/x-bzip2', magic: 'BZh' },
  { type: 'application/x-xz', magic: '\xfd7zXZ\0' },
  { type: 'application/x-7z-compressed', magic: '7z\xbc\xaf\x27\x1c' },
  { type: 'application/vnd.apache.parquet', magic: 'PAR1' },
  { type: 'application/vnd.sqlite3', magic: 'SQLite format 3\0' },
  { type: 'audio/mpeg', magic: 'ID3' },
  { type: 'video/mp4', magic: 'ftyp', offset: 4 },
];

/**
 * What a file is, by how it begins.
 * @param head its first bytes, at most SNIFF_BYTES
 * @param whole whether that is all of it
 * @returns null where it is nothing that is known
 */
export function contentTypeByContent(head: Uint8Array, whole: boolean): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const text = bytes.toString('latin1');
  const signature = SIGNATURES.find(({ magic, offset = 0 }) => text.startsWith(magic, offset));
  if (signature !== undefined) return signature.type;
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return zipKind(text);
  if (text.startsWith('RIFF') && text.startsWith('WAVE', 8)) return 'audio/wav';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  if (isMp3Frame(bytes)) return 'audio/mpeg';
  return textKind(bytes, whole);
}

/** Office documents are archives whose first entries say which. */
function zipKind(text: string): string {
  if (!text.includes('[Content_Types].xml')) return 'application/zip';
  if (text.includes('xl/')) return `${OFFICE}.spreadsheetml.sheet`;
  if (text.includes('word/')) return `${OFFICE}.wordprocessingml.document`;
  if (text.includes('ppt/')) return `${OFFICE}.presentationml.presentation`;
  return 'application/zip';
}

/** MPEG layer III without tags: a frame, and another where the first says it ends. */
function isMp3Frame(bytes: Buffer): boolean {
  const length = mp3FrameLength(bytes, 0);
  return length !== null && mp3FrameLength(bytes, length) !== null;
}

const BITRATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const RATES = [44_100, 48_000, 32_000] as const;

function mp3FrameLength(bytes: Buffer, offset: number): number | null {
  const [sync = 0, version = 0, rates = 0] = bytes.subarray(offset, offset + 3);
  if (sync !== 0xff || (version & 0xfe) !== 0xfa) return null; // MPEG 1, layer III
  const bitrate = BITRATES[rates >> 4];
  const rate = RATES[(rates >> 2) & 3];
  if (bitrate === undefined || bitrate === 0 || rate === undefined) return null;
  return Math.floor((144_000 * bitrate) / rate) + ((rates >> 1) & 1);
}

type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'us-ascii';

function textKind(bytes: Buffer, whole: boolean): string | null {
  const charset = charsetOf(bytes, whole);
  if (charset === null) return null;
  const encoding = charset === 'us-ascii' ? 'latin1' : charset;
  const start = new TextDecoder(encoding).decode(bytes).trimStart();
  if (/^<\?xml\b/.test(start)) return /<svg\b/.test(start) ? 'image/svg+xml' : 'application/xml';
  if (/^<(!doctype\s+html|html\b)/i.test(start)) return 'text/html';
  if (isJson(start, whole)) return 'application/json';
  return `text/plain; charset=${charset}`;
}

/** @returns null where it is not text */
function charsetOf(bytes: Buffer, whole: boolean): Charset | null {
  if (bytes.length === 0) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Signs that no text has: what is no line's end, tab, page feed or escape below the blank.
  if (bytes.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))) return null;
  if (bytes.every((byte) => byte < 0x80)) return 'us-ascii';
  try {
    // A sign that the end cuts in two is no fault of the file.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** A whole document by reading it; the beginning of one by how it starts. */
function isJson(text: string, whole: boolean): boolean {
  if (!/^[[{]/.test(text)) return false;
  if (!whole) return /^(\{\s*("|\})|\[\s*(["{[\]\d-]|true|false|null))/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
