import { buffer } from 'node:stream/consumers';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import type { Head } from '../../protocol.ts';
import { DATE, MOMENT, MOMENT_MS, TIME, TIME_MS } from './xlsx-cells.ts';

/**
 * Reads workbooks that Sluice wrote: one sheet after another, inline texts. Any other workbook is read by `formats`.
 */
const SHEET = /^xl\/worksheets\/sheet(\d+)\.xml$/;

/** Rows of all sheets, less the names on top of each. */
export async function countRows(path: string): Promise<number> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    let rows = 0;
    for await (const entry of zip.eachEntry()) {
      if (SHEET.test(entry.fileName)) rows += (await countTags(zip, entry)) - 1;
    }
    return rows;
  } finally {
    zip.close();
  }
}

const TAG = Buffer.from('<row ');

async function countTags(zip: ZipFile, entry: Entry): Promise<number> {
  let tags = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    const bytes: Buffer = Buffer.concat([rest, chunk as Buffer]);
    for (let at = bytes.indexOf(TAG); at !== -1; at = bytes.indexOf(TAG, at + TAG.length)) tags += 1;
    rest = bytes.subarray(Math.max(0, bytes.length - TAG.length + 1));
  }
  return tags;
}

/** The first rows of the first sheet, as text. */
export async function headOf(path: string, limit: number): Promise<Head> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    const styles = entries.get('xl/styles.xml');
    const sheet = entries.get('xl/worksheets/sheet1.xml');
    if (styles === undefined || sheet === undefined) return { columns: [], rows: [] };
    const formats = formatsOf((await buffer(await zip.openReadStreamPromise(styles))).toString('utf8'));
    const [names = [], ...rows] = await firstRows(zip, sheet, limit + 1, formats);
    const width = names.length;
    return {
      columns: names.map((name) => name ?? ''),
      rows: rows.map((row) => Array.from({ length: width }, (_, index) => row[index] ?? null)),
    };
  } finally {
    zip.close();
  }
}

async function firstRows(
  zip: ZipFile,
  entry: Entry,
  count: number,
  formats: readonly string[],
): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    text += decoder.decode(chunk as Buffer, { stream: true });
    for (let end = text.indexOf('</row>'); end !== -1; end = text.indexOf('</row>')) {
      rows.push(cellsOf(text.slice(text.indexOf('<row '), end), formats));
      text = text.slice(end + '</row>'.length);
      if (rows.length === count) return rows;
    }
  }
  return rows;
}

function cellsOf(row: string, formats: readonly string[]): (string | null)[] {
  const cells: (string | null)[] = [];
  for (const [, tag = '', body] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
    const at = columnOf(attribute(tag, 'r') ?? 'A');
    while (cells.length <= at) cells.push(null);
    if (body === undefined) continue;
    const format = formats[Number(attribute(tag, 's') ?? 0)] ?? '';
    cells[at] = valueOf(attribute(tag, 't'), body, format);
  }
  return cells;
}

function valueOf(type: string | null, body: string, format: string): string {
  if (type === 'inlineStr') return unescaped(/<t(?: [^>]*)?>(.*?)<\/t>/s.exec(body)?.[1] ?? '');
  const value = /<v>(.*?)<\/v>/s.exec(body)?.[1] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  return dateOf(Number(value), format) ?? value;
}

function dateOf(serial: number, format: string): string | null {
  const at = new Date(Math.round((serial - 25569) * 86_400_000)).toISOString();
  switch (format) {
    case DATE:
      return at.slice(0, 10);
    case MOMENT:
      return at.slice(0, 19).replace('T', ' ');
    case MOMENT_MS:
      return at.slice(0, 23).replace('T', ' ');
    case TIME:
    case TIME_MS: {
      const time = new Date(Math.round(serial * 86_400_000)).toISOString();
      return time.slice(11, format === TIME ? 19 : 23);
    }
    default:
      return null;
  }
}

/** The number format of each style, by its number. */
function formatsOf(styles: string): readonly string[] {
  const codes = new Map<string, string>();
  for (const [, tag = ''] of styles.matchAll(/<numFmt ([^>]*)\/>/g)) {
    codes.set(attribute(tag, 'numFmtId') ?? '', unescaped(attribute(tag, 'formatCode') ?? ''));
  }
  const used = /<cellXfs[^>]*>(.*?)<\/cellXfs>/s.exec(styles)?.[1] ?? '';
  return [...used.matchAll(/<xf ([^>]*?)\/?>/g)].map(
    ([, tag = '']) => codes.get(attribute(tag, 'numFmtId') ?? '') ?? '',
  );
}

function attribute(tag: string, name: string): string | null {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
}

function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replace(/\d+$/, '')) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function unescaped(text: string): string {
  return text
    .replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
