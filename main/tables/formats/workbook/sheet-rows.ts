import type { TypedCell } from '../typed/index.ts';
import type { Book } from './book.ts';
import { isoCell, numberCell } from './cell-value.ts';
import { generalStyle } from './number-format.ts';
import { attribute, decoded, XmlScanner, type XmlSink } from './xml.ts';

export type SheetCell = TypedCell | null | undefined;

export interface SheetRow {
  /** From 1 on, as the workbook shows it. */
  readonly number: number;
  /** Sparse; nothing in it is kept but cells with something in them. */
  readonly cells: readonly SheetCell[];
}

/** Cells that are shown as one; all from 0 on. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const MOST_COLUMNS = 16_384;

/** Reads the rows of a sheet that have something in them, from its XML that comes piece by piece. */
export class SheetReader implements XmlSink {
  readonly merges: Merge[] = [];
  /** Cells whose formula failed, by what they show. */
  readonly errors = new Map<string, number>();
  /** Columns in which numbers are shown as percentages. */
  readonly percents = new Set<number>();
  readonly #book: Book;
  readonly #row: (row: SheetRow) => void;
  #scanner = new XmlScanner(this);
  #number = 0;
  #cells: SheetCell[] = [];
  #column = -1;
  #type = '';
  #style = 0;
  #value = '';
  #part: 'value' | 'text' | null = null;
  #spoken = false;

  constructor(book: Book, row: (row: SheetRow) => void) {
    this.#book = book;
    this.#row = row;
  }

  push(piece: string): void {
    this.#scanner.push(piece);
  }

  /** Goes on with what stands behind the rows. */
  skipTo(piece: string): void {
    this.#scanner = new XmlScanner(this);
    this.#cells = [];
    this.#scanner.push(piece);
  }

  open(name: string, attributes: string): void {
    switch (name) {
      case 'c': {
        const ref = attribute(attributes, 'r');
        this.#column = ref === null ? this.#column + 1 : columnOf(ref);
        this.#type = attribute(attributes, 't') ?? 'n';
        this.#style = Number(attribute(attributes, 's') ?? 0);
        this.#value = '';
        return;
      }
      case 'v':
        this.#part = 'value';
        return;
      case 't':
        this.#part = this.#spoken ? null : 'text';
        return;
      case 'row': {
        const number = Number(attribute(attributes, 'r') ?? 0);
        this.#number = number > 0 ? number : this.#number + 1;
        this.#cells = [];
        this.#column = -1;
        return;
      }
      case 'rPh':
        this.#spoken = true;
        return;
      case 'mergeCell': {
        const merge = mergeOf(attribute(attributes, 'ref') ?? '');
        if (merge !== null) this.merges.push(merge);
        return;
      }
      default:
    }
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        this.#part = null;
        return;
      case 'c':
        this.#finishCell();
        return;
      case 'rPh':
        this.#spoken = false;
        return;
      case 'row':
        if (this.#cells.length > 0) this.#row({ number: this.#number, cells: this.#cells });
        this.#cells = [];
        return;
      default:
    }
  }

  text(raw: string): void {
    if (this.#part !== null) this.#value += decoded(raw);
  }

  #finishCell(): void {
    if (this.#value === '' || this.#column < 0 || this.#column >= MOST_COLUMNS) return;
    const cell = this.#cell();
    if (cell !== null) this.#cells[this.#column] = cell;
    this.#value = '';
  }

  #cell(): TypedCell | null {
    const value = this.#value;
    switch (this.#type) {
      case 's': {
        const text = this.#book.texts[Number(value)] ?? '';
        return text === '' ? null : { kind: 'text', text };
      }
      case 'str':
      case 'inlineStr':
        return { kind: 'text', text: value };
      case 'b':
        return { kind: 'boolean', text: value === '1' || value.toLowerCase() === 'true' ? 'true' : 'false' };
      case 'e':
        this.errors.set(value, (this.errors.get(value) ?? 0) + 1);
        return null;
      case 'd':
        return isoCell(value);
      default: {
        const style = this.#book.styles[this.#style] ?? generalStyle;
        if (style.kind === 'percent') this.percents.add(this.#column);
        return numberCell(value.trim(), style, this.#book.from1904);
      }
    }
  }
}

/** The letters of `AB12` as a number from 0 on. */
function columnOf(ref: string): number {
  let column = 0;
  for (let at = 0; at < ref.length; at += 1) {
    const code = ref.charCodeAt(at) & ~32;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

function mergeOf(ref: string): Merge | null {
  const match = /^\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)$/i.exec(ref);
  if (match === null) return null;
  const [, left = '', top, right = '', bottom] = match;
  return { left: columnOf(left), right: columnOf(right), top: Number(top) - 1, bottom: Number(bottom) - 1 };
}
