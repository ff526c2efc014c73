import { text } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

export type WorkbookCell = string | number | boolean | null;

/**
 * Reads the first sheet of a workbook, row by row: numbers, texts in place or shared, yes and no. Written for the tests alone,
 * so that what the app writes is not read by what the app writes with.
 */
export async function readWorkbook(path: string): Promise<readonly (readonly WorkbookCell[])[]> {
  const parts = await partsOf(path);
  const shared = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    textIn(si ?? ''),
  );
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  return [...sheet.matchAll(/<row\b[^>]*>(.*?)<\/row>/gs)].map(([, row = '']) => {
    const cells: WorkbookCell[] = [];
    for (const [, attributes = '', inner = ''] of row.matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const letters = /\br="([A-Z]+)\d+"/.exec(attributes)?.[1];
      const place = letters === undefined ? cells.length : columnOf(letters);
      while (cells.length < place) cells.push(null);
      cells.push(valueOf(/\bt="(\w+)"/.exec(attributes)?.[1] ?? 'n', inner, shared));
    }
    return cells;
  });
}

async function partsOf(path: string): Promise<ReadonlyMap<string, string>> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    const parts = new Map<string, string>();
    for await (const entry of zip.eachEntry())
      parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
    return parts;
  } finally {
    zip.close();
  }
}

const columnOf = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

function valueOf(type: string, inner: string, shared: readonly string[]): WorkbookCell {
  const value = /<v[^>]*>(.*?)<\/v>/s.exec(inner)?.[1];
  switch (type) {
    case 'inlineStr':
      return textIn(inner);
    case 's':
      return shared[Number(value)] ?? null;
    case 'str':
      return unescape(value ?? '');
    case 'b':
      return value === '1';
    case 'n':
      return value === undefined ? null : Number(value);
    default:
      throw new Error(`A cell of type ${type} is not expected here`);
  }
}

const textIn = (xml: string): string =>
  [...xml.matchAll(/<t\b[^>]*>(.*?)<\/t>/gs)].map(([, part = '']) => unescape(part)).join('');

const unescape = (xml: string): string =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
