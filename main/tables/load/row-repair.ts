import { RowCutter, type CutDialect } from '../text/index.ts';
import { likeness, type ColumnHabit } from './fit-row.ts';
import type { TableShape } from './table-shape.ts';

/** A row cut another way, and whether a quote or something else was the reason. */
export interface Repair {
  readonly cutter: RowCutter;
  readonly by: 'quote' | 'cut';
}

/** Cuts a row that came out wrong in other ways: with a stray quote as an ordinary sign, unwrapped, by other delimiters. */
export class RowRepair {
  readonly #shape: TableShape;
  readonly #repairer: RowCutter;
  readonly #unwrapper: RowCutter | null;
  readonly #others: readonly RowCutter[];

  constructor(shape: TableShape) {
    this.#shape = shape;
    this.#repairer = new RowCutter(shape.cut);
    const mayWrap = shape.cut.quote !== null && shape.width > 1 && shape.cut.wrapped !== true;
    this.#unwrapper = mayWrap ? new RowCutter({ ...shape.cut, wrapped: true }) : null;
    this.#others = otherCuts(shape).map((cut) => new RowCutter(cut));
  }

  /**
   * @param suspicious whether a quote in the row does not fit
   * @returns the row as wide as the table; null where no way makes it so
   */
  of(cutter: RowCutter, bytes: Buffer, at: number, final: boolean, suspicious: boolean): Repair | null {
    const { width, cut, habits = [] } = this.#shape;
    const fits = (other: RowCutter): boolean =>
      other.count === width && !(other.multiline && other.strayQuote);
    if (cut.quote !== null && cutter.raw().includes(cut.quote)) {
      for (const mode of ['closing', 'one-line', 'apart'] as const) {
        if (this.#repairer.cut(bytes, at, final, mode) && fits(this.#repairer)) {
          return { cutter: this.#repairer, by: 'quote' };
        }
      }
    }
    if (cutter.count === 1 && cutter.isQuoted(0) && this.#unwrapper !== null) {
      if (this.#unwrapper.cut(bytes, at, final) && fits(this.#unwrapper))
        return { cutter: this.#unwrapper, by: 'cut' };
    }
    for (const other of this.#others) {
      const isNewline = other.dialect.delimiter === cut.delimiter;
      if (!suspicious && (isNewline ? cutter.count < width : cutter.count > width)) continue;
      if (!other.cut(bytes, at, final) || !fits(other) || other.next > cutter.next) continue;
      // Blanks stand in texts too: quotes or many cells have to say that they cut.
      if (other.dialect.delimiter === ' ' && !other.isQuoted(0)) {
        if (width < 4 || cutter.count > 1 || (habits.length > 0 && !isLike(other, habits))) continue;
      }
      return { cutter: other, by: 'cut' };
    }
    return null;
  }
}

/** Whether the cells of a row are such as their columns hold. */
export function isLike(cutter: RowCutter, habits: readonly ColumnHabit[]): boolean {
  let sum = 0;
  for (const [index, habit] of habits.entries()) sum += likeness(cutter.cell(index), habit);
  return sum / habits.length > -1;
}

/** Ways a single row of another making may be cut: ended by a lone carriage return, or with another delimiter. */
function otherCuts({ cut, width }: TableShape): CutDialect[] {
  if (cut.fixed !== undefined || cut.framed === 'both') return [];
  if (width < 3) return cut.loneCr || width < 2 ? [] : [{ ...cut, loneCr: true }];
  const delimiters = [',', ';', '\t', '|', ' '].filter((delimiter) => delimiter !== cut.delimiter);
  const others = delimiters.map((delimiter) => Object.assign({}, cut, { delimiter, collapse: false }));
  others.push({ ...cut, delimiter: '  ', collapse: true });
  return cut.loneCr ? others : [{ ...cut, loneCr: true }, ...others];
}
