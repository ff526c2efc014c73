import { z } from 'zod';

/** The names of encodings, as the web has them. */
export const encodingName = z.enum([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-1',
  'iso-8859-15',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  'koi8-r',
  'ibm866',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
  'macintosh',
  'ibm850',
  'ibm852',
  'ibm437',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
]);
export type EncodingName = z.infer<typeof encodingName>;

/** What people call them. */
export const ENCODING_NAMES: Readonly<Record<EncodingName, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252 (Western European)',
  'iso-8859-1': 'ISO 8859-1 (Western European)',
  'iso-8859-15': 'ISO 8859-15 (Western European)',
  'windows-1250': 'Windows-1250 (Central European)',
  'iso-8859-2': 'ISO 8859-2 (Central European)',
  'windows-1251': 'Windows-1251 (Cyrillic)',
  'koi8-r': 'KOI8-R (Cyrillic)',
  ibm866: 'CP866 (Cyrillic, DOS)',
  'windows-1253': 'Windows-1253 (Greek)',
  'windows-1254': 'Windows-1254 (Turkish)',
  'windows-1255': 'Windows-1255 (Hebrew)',
  'windows-1256': 'Windows-1256 (Arabic)',
  'windows-1257': 'Windows-1257 (Baltic)',
  'windows-874': 'Windows-874 (Thai)',
  macintosh: 'Mac Roman',
  ibm850: 'CP850 (Western European, DOS)',
  ibm852: 'CP852 (Central European, DOS)',
  ibm437: 'CP437 (US, DOS)',
  shift_jis: 'Shift-JIS (Japanese)',
  'euc-jp': 'EUC-JP (Japanese)',
  gb18030: 'GB18030 (Chinese)',
  big5: 'Big5 (Chinese, traditional)',
  'euc-kr': 'EUC-KR (Korean)',
};

/** How a person wants a file to be read. What is null is found out from the file. */
export const reading = z.object({
  encoding: encodingName.nullable().default(null),
  delimiter: z.string().min(1).max(16).nullable().default(null),
  /** `none`: quotes are ordinary signs. */
  quote: z.enum(['"', "'", '`', 'none']).nullable().default(null),
  /** Lines left out above the table; its header comes after them. */
  skipLines: z.number().int().min(0).max(100_000).nullable().default(null),
  /** Rows that name the columns; 0 where the first row is data. */
  headerRows: z.number().int().min(0).max(20).nullable().default(null),
  /** How 01/02/2024 is meant, where the file does not tell. */
  dayFirst: z.boolean().nullable().default(null),
  /** The file in an archive. */
  entry: z.string().min(1).max(4096).nullable().default(null),
  /** The sheet of a workbook. */
  sheet: z.string().min(1).max(255).nullable().default(null),
});
export type Reading = z.infer<typeof reading>;

/** Everything as it is found out. */
export const AS_FOUND: Reading = {
  encoding: null,
  delimiter: null,
  quote: null,
  skipLines: null,
  headerRows: null,
  dayFirst: null,
  entry: null,
  sheet: null,
};

export function isAsFound(asked: Reading): boolean {
  return Object.values(asked).every((value) => value === null);
}
