import type { Column, ColumnType, TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { dateForms, FITTING, isLossy, isNothing } from '../../types/index.ts';

/** What a file that has types says a cell is. */
export type CellKind = 'text' | 'number' | 'boolean' | 'date' | 'timestamp' | 'nested';

export interface TypedCell {
  readonly kind: CellKind;
  /** Its canonical text: plain decimals, ISO 8601 dates, `true` and `false`, JSON. */
  readonly text: string;
}

/** Values of a column that are kept to judge how its values repeat. */
const KEPT = 1500;
const ISO = /^\d{4}-\d{2}-\d{2}/;
const LONG = /\d{16}/;

const NAMES: Readonly<Record<CellKind, string>> = {
  text: 'texts',
  number: 'numbers',
  boolean: 'yes or no',
  date: 'dates',
  timestamp: 'times',
  nested: 'lists or objects',
};

/**
 * What the cells of a column say of its type. The file's own types count: a text stays text though it is all digits, so
 * that leading zeros live; only ISO dates are read from texts, for JSON has no other way to write them.
 */
export class ColumnEvidence {
  readonly cells: string[] = [];
  readonly #counts: Record<CellKind, number> = {
    text: 0,
    number: 0,
    boolean: 0,
    date: 0,
    timestamp: 0,
    nested: 0,
  };
  #whole = true;
  #long = false;
  #lossyText = false;
  #numericText = true;
  #isoText = true;
  readonly #formats = new Map<string, boolean>();
  readonly #makes = new Map<string, boolean>();

  add({ kind, text }: TypedCell): void {
    if (this.cells.length < KEPT) this.cells.push(text);
    if (kind === 'text') return this.#addText(text);
    this.#counts[kind] += 1;
    if (kind === 'number') {
      if (this.#whole && !/^-?\d+$/.test(text)) this.#whole = false;
      // A double that is written out is no long id: it has a point.
      if (!this.#long && text.length > 15 && !text.includes('.') && LONG.test(text)) this.#long = true;
    } else if (kind === 'date' || kind === 'timestamp') this.#addForm(text);
  }

  #addText(text: string): void {
    const trimmed = text.trim();
    // Words such as `NA` count as nothing in typed columns.
    if (isNothing(trimmed)) return;
    this.#counts.text += 1;
    if (!this.#lossyText && isLossy(trimmed)) this.#lossyText = true;
    if (this.#numericText && !/^[+-]?(?:0|[1-9]\d*)(?:[.,]\d+)?$/.test(trimmed)) this.#numericText = false;
    if (this.#isoText) this.#isoText = ISO.test(trimmed) && this.#addForm(trimmed);
  }

  /** What is written alike is read alike; whether each day exists is seen when the type is held against all cells. */
  #addForm(text: string): boolean {
    if (text.length > 40) return false;
    const make = text.replace(/\d/g, '0');
    const known = this.#makes.get(make);
    if (known !== undefined) return known;
    const form = dateForms(text).find(({ order }) => order === 'fixed');
    if (form !== undefined) this.#formats.set(form.pattern, form.hasTime);
    const fits = form !== undefined && this.#formats.size <= 8;
    if (fits) this.#makes.set(make, fits);
    return fits;
  }

  /** @returns the column, and what a person should know where its cells are of several kinds */
  settle(name: string): { readonly column: Column; readonly warning: TableWarning | null } {
    const counts = this.#counts;
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const type = this.#type(total);
    const notes: string[] = [];
    if (type.kind === 'text' && counts.text > 0 && counts.text === total && this.#numericText) {
      notes.push('Numbers that the file holds as text, kept as text.');
    }
    if (type.kind === 'text' && this.#long) notes.push('Numbers of more than 15 digits, kept as text.');
    if ('formats' in type && type.formats.some((format) => /Z$|%z$/.test(format)))
      notes.push('Times are in UTC.');
    const note = notes.length === 0 ? null : notes.join(' ');
    return { column: { name, type, note }, warning: this.#conflict(name, type, total) };
  }

  #type(total: number): ColumnType {
    const { number, boolean, date, timestamp, text } = this.#counts;
    if (total === 0) return { kind: 'text' };
    const holds = (count: number): boolean => count >= total * FITTING;
    if (holds(number) && !this.#long && !this.#lossyText)
      return this.#whole
        ? { kind: 'integer', thousands: null }
        : { kind: 'decimal', point: '.', thousands: null };
    if (holds(boolean)) return { kind: 'boolean', yes: ['true'], no: ['false'] };
    if (holds(date + timestamp) || (text === total && this.#isoText)) return this.#dates();
    return { kind: 'text' };
  }

  #dates(): ColumnType {
    const formats = [...this.#formats.keys()].sort((a, b) => b.length - a.length);
    if (formats.length === 0) return { kind: 'text' };
    return { kind: [...this.#formats.values()].some(Boolean) ? 'timestamp' : 'date', formats };
  }

  #conflict(name: string, type: ColumnType, total: number): TableWarning | null {
    if (type.kind !== 'text' || total === 0) return null;
    const kinds = (Object.keys(NAMES) as CellKind[]).filter((kind) => this.#counts[kind] > 0);
    if (kinds.length < 2) return null;
    const parts = kinds
      .toSorted((a, b) => this.#counts[b] - this.#counts[a])
      .map((kind) => `${formatCount(this.#counts[kind])} ${NAMES[kind]}`);
    return {
      code: 'mixed-types',
      sentence: `${name} holds ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}, so all of it is kept as text.`,
      count: null,
    };
  }
}
