import { zip } from './zip.ts';

/** A cell: text, number, or the XML of one, to be wrong or rare on purpose. */
export type XlsxCell = string | number | boolean | null | { readonly xml: (ref: string) => string };

export interface XlsxSheet {
  readonly name: string;
  readonly rows: readonly (readonly XlsxCell[])[];
  readonly hidden?: boolean;
  readonly merges?: readonly string[];
  /** Instead of what follows from the rows. */
  readonly sheetData?: string;
}

export interface XlsxOptions {
  readonly from1904?: boolean;
  /** Format codes; the style of the first is 1. */
  readonly formats?: readonly string[];
  readonly extra?: readonly { readonly name: string; readonly content: string }[];
  readonly sharedStrings?: string;
}

export function styled(style: number, value: number | string): XlsxCell {
  return { xml: (ref) => `<c r="${ref}" s="${style}"><v>${value}</v></c>` };
}

/** A workbook, written by hand so that it holds just what is meant. */
export function xlsx(sheets: readonly XlsxSheet[], options: XlsxOptions = {}): Buffer {
  const { from1904 = false, formats = [], extra = [], sharedStrings } = options;
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  const relations = (...all: string[]): string =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
  return zip([
    { name: '[Content_Types].xml', content: '<?xml version="1.0"?><Types/>' },
    { name: '_rels/.rels', content: relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      content: `<?xml version="1.0"?><workbook xmlns:r="x">${from1904 ? '<workbookPr date1904="1"/>' : '<workbookPr/>'}<sheets>${sheets
        .map(
          ({ name, hidden }, at) =>
            `<sheet name="${escaped(name)}" sheetId="${at + 1}"${hidden === true ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations(
        ...sheets.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
        relation('rId100', 'styles', '/xl/styles.xml'),
        ...(sharedStrings === undefined ? [] : [relation('rId101', 'sharedStrings', 'sharedStrings.xml')]),
      ),
    },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet><numFmts>${formats.map((code, at) => `<numFmt numFmtId="${164 + at}" formatCode="${escaped(code)}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, at) => `<xf numFmtId="${164 + at}"/>`).join('')}</cellXfs></styleSheet>`,
    },
    ...sheets.map((sheet, at) => ({ name: `xl/worksheets/sheet${at + 1}.xml`, content: sheetXml(sheet) })),
    ...(sharedStrings === undefined ? [] : [{ name: 'xl/sharedStrings.xml', content: sharedStrings }]),
    ...extra,
  ]);
}

function sheetXml({ rows, merges = [], sheetData }: XlsxSheet): string {
  const data = rows
    .map(
      (cells, at) =>
        `<row r="${at + 1}">${cells.map((cell, column) => cellXml(cell, `${letters(column)}${at + 1}`)).join('')}</row>`,
    )
    .join('');
  const merged =
    merges.length === 0
      ? ''
      : `<mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`;
  return `<?xml version="1.0"?><worksheet><dimension ref="A1:XFD1048576"/><sheetData>${sheetData ?? data}</sheetData>${merged}</worksheet>`;
}

function cellXml(cell: XlsxCell, ref: string): string {
  if (cell === null) return '';
  switch (typeof cell) {
    case 'number':
      return `<c r="${ref}"><v>${cell}</v></c>`;
    case 'boolean':
      return `<c r="${ref}" t="b"><v>${cell ? 1 : 0}</v></c>`;
    case 'string':
      return `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
    default:
      return cell.xml(ref);
  }
}

export function letters(column: number): string {
  const rest = String.fromCharCode(65 + (column % 26));
  return column < 26 ? rest : letters(Math.floor(column / 26) - 1) + rest;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
