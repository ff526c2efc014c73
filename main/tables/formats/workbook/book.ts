import { basename, dirname, resolve } from 'node:path/posix';
import { TextDecoder } from 'node:util';
import { isSluiceError, sluiceError } from '#shared/errors';
import type { Content } from '../../load/index.ts';
import { openEntry, readDirectory, type ZipEntry } from '../packed/index.ts';
import { generalStyle, styleOf, type CellStyle } from './number-format.ts';
import { attribute, decoded, XmlScanner, type XmlSink } from './xml.ts';

export interface SheetPlace {
  readonly name: string;
  readonly hidden: boolean;
  /** Where it is in the archive. */
  readonly part: string;
}

/** A workbook without its cells. */
export interface Book {
  readonly sheets: readonly SheetPlace[];
  /** Whether days are counted from 1904 on. */
  readonly from1904: boolean;
  readonly styles: readonly CellStyle[];
  /** Texts that cells name by number. */
  readonly texts: readonly string[];
}

/** What a small part of a workbook may unpack to, and the texts in it. */
const SMALL = 64 << 20;
const MOST_TEXT = 512 << 20;
/** What a sheet may unpack to beyond so many times its size. */
const RATIO = 500;
const RATIO_FROM = 1 << 30;

/** The archive that a workbook is. */
export class BookArchive {
  readonly #content: Content;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(content: Content, entries: readonly ZipEntry[]) {
    this.#content = content;
    this.#entries = new Map(entries.map((entry) => [entry.name.replaceAll('\\', '/').toLowerCase(), entry]));
  }

  static async open(content: Content): Promise<BookArchive> {
    return new BookArchive(content, await readDirectory(content.path, content.name));
  }

  has(part: string): boolean {
    return this.#entries.has(part.toLowerCase());
  }

  sizeOf(part: string): number {
    return this.#entries.get(part.toLowerCase())?.size ?? 0;
  }

  /** Gives a part as text, piece by piece, until `take` wants no more. Throws FILE_DAMAGED, ARCHIVE_TOO_LARGE. */
  async each(
    part: string,
    most: number,
    take: (piece: string, share: number) => boolean | Promise<boolean>,
  ): Promise<void> {
    const { path, name } = this.#content;
    const entry = this.#entries.get(part.toLowerCase());
    if (entry === undefined) throw damaged(name, `${basename(part)} is missing in it`);
    const { stream, read } = await openEntry(path, name, entry);
    let bytes = 0;
    let decoder: TextDecoder | null = null;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > most || (bytes > RATIO_FROM && bytes > read() * RATIO)) {
          const reason = `${basename(part)} in it unpacks to more than ${Math.round(bytes / Math.max(1, read()))} times its size`;
          throw sluiceError('ARCHIVE_TOO_LARGE', { name, reason });
        }
        decoder ??= new TextDecoder(encodingOf(chunk));
        if (!(await take(decoder.decode(chunk, { stream: true }), read() / Math.max(1, entry.packed))))
          return;
      }
    } catch (error) {
      if (isSluiceError(error)) throw error;
      throw damaged(name, `${basename(part)} in it cannot be read`, error);
    } finally {
      stream.destroy();
    }
  }

  async #scan(part: string, sink: XmlSink, most = SMALL): Promise<void> {
    const scanner = new XmlScanner(sink);
    await this.each(part, most, (piece) => {
      scanner.push(piece);
      return true;
    });
  }

  /** Throws FILE_DAMAGED where it lacks what every workbook has. */
  async book(): Promise<Book> {
    const root = await this.#relations('_rels/.rels');
    const main = partIn('', root.find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml');
    const relations = await this.#relations(partIn(dirname(main), `_rels/${basename(main)}.rels`));
    const target = (type: string): string | null => {
      const found = relations.find((relation) => relation.type === type)?.target;
      return found === undefined ? null : partIn(dirname(main), found);
    };
    const listed: { name: string; hidden: boolean; id: string }[] = [];
    let from1904 = false;
    await this.#scan(main, {
      open: (tag, attributes) => {
        if (tag === 'workbookPr') from1904 = /^(?:1|true|on)$/.test(attribute(attributes, 'date1904') ?? '');
        if (tag !== 'sheet') return;
        listed.push({
          name: attribute(attributes, 'name') ?? '',
          hidden: /hidden/i.test(attribute(attributes, 'state') ?? ''),
          id: attribute(attributes, 'id') ?? '',
        });
      },
      close: () => undefined,
      text: () => undefined,
    });
    const sheets = listed.flatMap(({ name, hidden, id }): SheetPlace[] => {
      const relation = relations.find((found) => found.id === id && found.type === 'worksheet');
      return relation === undefined ? [] : [{ name, hidden, part: partIn(dirname(main), relation.target) }];
    });
    const styles = target('styles');
    const texts = target('sharedStrings');
    return {
      sheets: sheets.filter(({ part }) => this.has(part)),
      from1904,
      styles: styles !== null && this.has(styles) ? await this.#styles(styles) : [generalStyle],
      texts: texts !== null && this.has(texts) ? await this.#texts(texts) : [],
    };
  }

  async #relations(part: string): Promise<{ id: string; type: string; target: string }[]> {
    const found: { id: string; type: string; target: string }[] = [];
    if (!this.has(part)) return found;
    await this.#scan(part, {
      open: (tag, attributes) => {
        if (tag !== 'Relationship') return;
        const target = attribute(attributes, 'Target') ?? '';
        found.push({
          id: attribute(attributes, 'Id') ?? '',
          type: basename(attribute(attributes, 'Type') ?? ''),
          target,
        });
      },
      close: () => undefined,
      text: () => undefined,
    });
    return found;
  }

  async #styles(part: string): Promise<CellStyle[]> {
    const formats = new Map<number, string>();
    const styles: CellStyle[] = [];
    let inCells = false;
    await this.#scan(part, {
      open: (tag, attributes) => {
        if (tag === 'numFmt')
          formats.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
        else if (tag === 'cellXfs') inCells = true;
        else if (tag === 'xf' && inCells)
          styles.push(styleOf(Number(attribute(attributes, 'numFmtId') ?? 0), formats));
      },
      close: (tag) => {
        if (tag === 'cellXfs') inCells = false;
      },
      text: () => undefined,
    });
    return styles;
  }

  async #texts(part: string): Promise<string[]> {
    const texts: string[] = [];
    let text = '';
    let inText = false;
    let spoken = false;
    await this.#scan(
      part,
      {
        open: (tag) => {
          if (tag === 'si') text = '';
          else if (tag === 't') inText = !spoken;
          else if (tag === 'rPh') spoken = true;
        },
        close: (tag) => {
          if (tag === 't') inText = false;
          else if (tag === 'rPh') spoken = false;
          // Copied: a piece of the XML would be kept for every text that is a part of it.
          else if (tag === 'si') texts.push(Buffer.from(text, 'utf8').toString('utf8'));
        },
        text: (raw) => {
          if (inText) text += decoded(raw);
        },
      },
      MOST_TEXT,
    );
    return texts;
  }
}

/** A part by a path relative to a folder of the archive, or from its top. */
function partIn(folder: string, target: string): string {
  return resolve('/', folder, target).slice(1);
}

function encodingOf(first: Buffer): string {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function damaged(name: string, reason: string, cause?: unknown): Error {
  return sluiceError('FILE_DAMAGED', { name, what: 'Excel', reason }, cause);
}
