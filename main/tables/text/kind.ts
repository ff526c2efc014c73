/** What a file is that can be no table, from its first bytes; the name is never asked. */

const MAGIC: readonly (readonly [string, string])[] = [
  ['fffe0000', 'text in UTF-32'],
  ['0000feff', 'text in UTF-32'],
  ['425a68', 'a bzip2 archive'],
  ['fd377a585a00', 'an xz archive'],
  ['377abcaf271c', 'a 7-Zip archive'],
  ['526172211a07', 'a RAR archive'],
  ['4f524300', 'an ORC file'],
  ['4f626a01', 'an Avro file'],
  ['4152524f5731', 'an Arrow file'],
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['255044462d', 'a PDF document'],
  ['89504e470d0a1a0a', 'a PNG picture'],
  ['ffd8ff', 'a JPEG picture'],
  ['47494638', 'a GIF picture'],
  ['7f454c46', 'a program'],
  ['4d5a9000', 'a program'],
  ['cafebabe', 'a program'],
  ['894844460d0a1a0a', 'an HDF5 file'],
];

/** @returns what the bytes are, with its article, or null where they may well be text */
export function binaryKind(head: Uint8Array): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 4096));
  const hex = bytes.subarray(0, 16).toString('hex');
  // A bzip2 or JPEG mark is short enough to begin a text only in theory: each has a byte no text begins with, or "BZh".
  for (const [magic, kind] of MAGIC) {
    if (hex.startsWith(magic) && (magic !== '425a68' || !isPrintable(bytes.subarray(3, 64)))) return kind;
  }
  return null;
}

/** @returns what a text is that is meant for other readers than of tables, or null */
export function markupKind(text: string): string | null {
  const start = text.replace(/^\ufeff?\s*/, '').slice(0, 4096);
  if (/^<(?:\?xml|!doctype html|html)[\s>]/i.test(start))
    return /html/i.test(start.slice(0, 30)) ? 'a web page' : 'XML';
  return isJson(text) ? 'JSON' : null;
}

/** @returns whether a text is JSON, or JSON lines; a line that goes on after what looks like a list of it is none */
export function isJson(text: string): boolean {
  const start = text.replace(/^\ufeff?\s*/, '').slice(0, 4096);
  if (/^\[\s*(?:[[{"\]]|(?:-?\d+(?:\.\d+)?|null|true|false)\s*,)/.test(start))
    return !/^\[[^\][{]*\]\s*[,;\t]/.test(start);
  return /^\{\s*(?:"[^"]*"\s*:|\})/.test(start);
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

/** Signs no text has: controls but white space, the separators that Hive, SAS, ASCII itself and discovery systems cut tables with, and the mark old systems end a file with. */
const CONTROL = Array.from(
  { length: 256 },
  (_, byte) =>
    byte === 127 ||
    (byte > 0 && byte < 28 && !(byte <= 4 || (byte >= 9 && byte <= 13) || byte === 20 || byte === 26)),
);

/** @returns the share of zero bytes, and of bytes that are control signs no text has */
export function controlShare(bytes: Uint8Array): { zeros: number; controls: number } {
  let zeros = 0;
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) zeros += 1;
    else if (CONTROL[byte] === true) controls += 1;
  }
  const all = Math.max(1, bytes.length);
  return { zeros: zeros / all, controls: controls / all };
}
