import { type Column } from '#shared/domain';
import { TYPE_WORDS } from '../type-words.tsx';

export const NARROWEST = 56;
export const WIDEST_BY_HAND = 1200;
const USUAL_NARROWEST = 88;
const WIDEST = 280;
const WIDEST_FIT = 720;
const SIGN_WIDTH = 7.6;
const HEAD_WIDTH = 8.4;
const PADDING = 28;
/** The sign before a cell that does not fit. */
const MISFIT = 18;
/** The sign before the name of a type, and the button of the menu behind it. */
const MARK = 44;

type Cells = readonly (string | null)[];

/** As wide as what most cells hold, within bounds. */
export function usualWidths(columns: readonly Column[], rows: readonly Cells[]): readonly number[] {
  return columns.map((column, index) => {
    const lengths = rows.map((row) => row[index]?.length ?? 0).sort((a, b) => a - b);
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    const wide = Math.min(WIDEST, widthOf(usual, column));
    return Math.round(
      Math.max(USUAL_NARROWEST, TYPE_WORDS[column.type.kind].length * SIGN_WIDTH + MARK, wide),
    );
  });
}

/** As wide as the longest of some cells. */
export function fittingWidth(column: Column, cells: Cells): number {
  const longest = cells.reduce((most, cell) => Math.max(most, lineLength(cell ?? '')), 0);
  return Math.round(Math.max(NARROWEST, Math.min(WIDEST_FIT, widthOf(longest, column))));
}

const lineLength = (text: string): number => Math.min(200, text.length);

function widthOf(signs: number, { name, type }: Column): number {
  const sign = type.kind === 'text' ? 0 : MISFIT;
  return Math.max(signs * SIGN_WIDTH, name.length * HEAD_WIDTH + 16) + PADDING + sign;
}
