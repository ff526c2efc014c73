import type { Accepts } from '../steps/index.ts';
import { isNumber, type PlacedColumn } from './around.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}
export interface ColumnOptions {
  /** Those that fit first. */
  readonly data: { readonly group: string; readonly items: Choice[] }[] | Choice[];
  readonly fitting: readonly string[];
  /** Set where none of them can do. */
  readonly hint: string | null;
}

export function fits(accepts: Accepts, type: string): boolean {
  return accepts === 'any' || (accepts === 'text' ? type === 'text' : isNumber(type));
}

/** What a picker of columns offers, names that cannot be shown left out. */
export function columnOptions(columns: readonly PlacedColumn[], accepts: Accepts): ColumnOptions {
  const named = [...new Map(columns.map((column) => [column.name, column])).values()].filter(
    ({ name }) => name !== '',
  );
  const choices = (wanted: boolean) =>
    named
      .filter(({ type }) => fits(accepts, type) === wanted)
      .map(({ name }) => ({ value: name, label: name }));
  const [fitting, others] = [choices(true), choices(false)];
  const word = accepts === 'text' ? 'text' : 'numbers';
  return {
    data:
      others.length === 0
        ? fitting
        : [
            { group: `Columns of ${word}`, items: fitting },
            { group: `Not ${word}`, items: others },
          ],
    fitting: fitting.map(({ value }) => value),
    hint:
      fitting.length > 0 || named.length === 0
        ? null
        : accepts === 'number'
          ? 'No column holds numbers here. Put “Real types” or “Read as number” before this step.'
          : 'No column holds text here. Put “Make text” before this step.',
  };
}
